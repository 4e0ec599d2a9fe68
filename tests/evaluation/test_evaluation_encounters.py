from pipeline.evaluation.encounters import Field, field_right, pages_right
from pipeline.evaluation.places import place
from pipeline.evaluation.shares import Share
from tests.evaluation.made import encounter, page, reading, truth, truth_encounter

TRUE = truth(
    [],
    encounters=[
        truth_encounter(patient_name="Oak, Ann", record_number="FH00652", date_of_service="2014-02-20"),
    ],
)


def test_a_field_is_right_only_where_it_is_exactly_right() -> None:
    read = encounter("e1", patient_name="oak, ann", record_number="FH 00652", date_of_service="2014-02-21")
    chart = place(TRUE, reading((page(()),), encounters=(read,)))

    assert field_right(chart, Field.PATIENT_NAME) == Share(right=1, of=1)
    assert field_right(chart, Field.RECORD_NUMBER) == Share(right=1, of=1)
    assert field_right(chart, Field.DATE_OF_SERVICE) == Share(right=0, of=1)
    assert field_right(chart, Field.PROVIDER) == Share(right=0, of=0)


def test_an_encounter_that_was_not_proposed_has_nothing_right() -> None:
    chart = place(TRUE, reading((page(()),)))

    assert field_right(chart, Field.PATIENT_NAME) == Share(right=0, of=1)
    assert pages_right(chart) == Share(right=0, of=1)


def test_blank_pages_do_not_spoil_an_encounters_pages() -> None:
    chart = place(TRUE, reading((page(()),), encounters=(encounter("e1", pages=(1, 2)),)))

    assert pages_right(chart) == Share(right=1, of=1)

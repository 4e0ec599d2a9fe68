from pipeline.evaluation.codes import found_at, match_encounters, proposed_of_expected, proposed_right
from pipeline.evaluation.places import PlacedChart, place
from pipeline.evaluation.shares import Share
from pipeline.evaluation.truth import TruthEncounter
from pipeline.records import Candidate, CodeSystem
from tests.evaluation.made import candidate, encounter, page, reading, truth, truth_encounter

EXPECTED = (("ICD9CM", "401.9"), ("ICD9CM", "250.00"), ("CPT", "83036"))


def chart(*candidates: Candidate) -> PlacedChart:
    true = truth([], encounters=[truth_encounter(codes=EXPECTED)])
    return place(true, reading((page(()),), encounters=(encounter("e1"),), candidates=candidates))


def test_recall_at_k_asks_for_the_first_k_of_any_entity() -> None:
    read = chart(
        candidate("ICD9CM", "401.1", 1),
        candidate("ICD9CM", "401.9", 2),
        candidate("ICD9CM", "250.00", 7, of="n2"),
        candidate("CPT", "83036", 1, of="n3"),
    )

    assert [found_at(read, k) for k in (1, 5, 10)] == [
        Share(right=1, of=3),
        Share(right=2, of=3),
        Share(right=3, of=3),
    ]
    assert found_at(read, 5, CodeSystem.ICD9CM) == Share(right=1, of=2)


def test_the_same_number_in_another_system_is_another_code() -> None:
    assert found_at(chart(candidate("ICD10CM", "401.9", 1)), 10) == Share(right=0, of=3)


def test_candidates_of_another_encounter_do_not_count() -> None:
    assert found_at(chart(candidate("ICD9CM", "401.9", 1, within="e2")), 10) == Share(right=0, of=3)


def test_a_proposed_code_counts_once_an_encounter() -> None:
    read = chart(
        candidate("ICD9CM", "401.9", 1, proposed=True),
        candidate("ICD9CM", "401.9", 1, of="n2", proposed=True),
        candidate("ICD9CM", "786.2", 1, of="n3", proposed=True),
        candidate("CPT", "83036", 1, of="n4"),
    )

    assert proposed_right(read) == Share(right=1, of=2)
    assert proposed_of_expected(read) == Share(right=1, of=3)


def test_codes_proposed_for_an_encounter_that_does_not_exist_are_wrong() -> None:
    true = truth([], encounters=[truth_encounter(codes=EXPECTED)])
    read = reading(
        (page(()),),
        encounters=(encounter("e1"), encounter("e2", pages=(2,))),
        candidates=(candidate("ICD9CM", "401.9", 1, within="e2", proposed=True),),
    )

    assert proposed_right(place(true, read)) == Share(right=0, of=1)


def test_an_encounter_is_matched_with_the_one_that_shares_most_pages() -> None:
    true = tuple(TruthEncounter.model_validate(truth_encounter(pages)) for pages in ((1, 2), (3,), (4,)))

    matched = match_encounters(true, (encounter("whole", pages=(1, 2, 3)), encounter("third", pages=(3,))))

    assert [found and found.id for _, found in matched] == ["whole", "third", None]

from pipeline.evaluation.entities import context_right, f1, match, negation_right, precision, recall
from pipeline.evaluation.places import PlacedChart, place
from pipeline.evaluation.shares import Share
from pipeline.records import Entity, Label
from tests.evaluation.made import entity, page, reading, truth, truth_line

LINES = [truth_line("denies fever, HTN", 0), truth_line("R ankle sprain, crutches", 1), truth_line("call if fever", 2)]
TRUE = [
    ("DIAGNOSIS", "fever", 0, "negated"),
    ("DIAGNOSIS", "HTN", 0, ""),
    ("DIAGNOSIS", "R ankle sprain", 1, ""),
    ("SUPPLY", "crutches", 1, ""),
    ("DIAGNOSIS", "fever", 2, "hypothetical"),
]


def chart(*found: Entity) -> PlacedChart:
    return place(truth(LINES, entities=TRUE), reading((page(()),), entities=found))


def test_precision_recall_and_f1_of_known_findings() -> None:
    matches = match(
        chart(
            entity("n1", Label.DIAGNOSIS, "fever", 0, negated=True),
            entity("n2", Label.DIAGNOSIS, "ankle sprain", 1),  # inside the truth's words
            entity("n3", Label.SUPPLY, "crutcnes", 1),  # one letter misread
            entity("n4", Label.PROCEDURE, "HTN", 0),  # another label
        )
    )

    assert recall(matches) == Share(right=3, of=5)
    assert precision(matches) == Share(right=3, of=4)
    assert f1([matches]) == 6 / 9
    assert recall(matches, Label.SUPPLY) == Share(right=1, of=1)
    assert precision(matches, Label.PROCEDURE) == Share(right=0, of=1)


def test_of_equal_words_the_one_in_the_same_line_is_matched() -> None:
    matches = match(
        chart(
            entity("n1", Label.DIAGNOSIS, "fever", 2, hypothetical=True),
            entity("n2", Label.DIAGNOSIS, "fever", 0, negated=True),
        )
    )

    assert {(truth.line, found.id) for truth, found in matches.pairs} == {(0, "n2"), (2, "n1")}
    assert context_right(matches) == Share(right=2, of=2)
    assert negation_right(matches) == Share(right=1, of=1)


def test_context_is_right_only_where_all_five_flags_are() -> None:
    matches = match(chart(entity("n1", Label.DIAGNOSIS, "fever", 0, negated=True, family=True)))

    assert context_right(matches) == Share(right=0, of=1)
    assert negation_right(matches) == Share(right=1, of=1)


def test_a_finding_is_matched_once() -> None:
    matches = match(chart(entity("n1", Label.DIAGNOSIS, "HTN", 0), entity("n2", Label.DIAGNOSIS, "HTN", 0)))

    assert [found.id for found in matches.invented] == ["n2"]


def test_what_is_optional_counts_neither_found_nor_missed() -> None:
    lines = [truth_line("amoxicillin, ibuprofen", 0)]
    true = truth(lines, entities=[("SUPPLY", "amoxicillin", 0, ""), ("SUPPLY", "ibuprofen", 0, "")])
    entities = tuple(one.model_copy(update={"optional": True}) for one in true.entities)
    read = reading((page(()),), entities=(entity("n1", Label.SUPPLY, "amoxicilin", 0),))

    matches = match(place(true.model_copy(update={"entities": entities}), read))

    assert (recall(matches), precision(matches)) == (Share(right=0, of=0), Share(right=0, of=0))


def test_without_findings_there_is_no_f1() -> None:
    assert f1([match(place(truth([]), reading((page(()),))))]) is None

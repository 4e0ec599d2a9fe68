from pipeline.evaluation.mentions import Counts, count, exact_f1, f1, mistakes, precision, recall
from pipeline.evaluation.note_data import Mention
from pipeline.records import Label

D, P = Label.DIAGNOSIS, Label.PROCEDURE


def mention(start: int, end: int, text: str = "x", label: Label = D) -> Mention:
    return Mention(start=start, end=end, label=label, text=text)


def test_a_finding_is_found_where_it_shares_a_character_with_one_of_its_label() -> None:
    true = [mention(0, 5), mention(10, 15), mention(20, 25, label=P)]
    found = [mention(4, 8), mention(15, 18), mention(20, 25)]

    assert count(true, found, [D, P]) == Counts(found=3, right=1, true=3, met=1, exact=0)
    assert count(true, found, [P]) == Counts(found=0, right=0, true=1, met=0, exact=0)


def test_one_long_finding_meets_several_true_ones() -> None:
    counts = [count([mention(0, 5), mention(6, 9)], [mention(0, 9)], [D])]

    assert (precision(counts), recall(counts), f1(counts), exact_f1(counts)) == (1.0, 1.0, 1.0, 0.0)


def test_figures_pool_the_documents() -> None:
    counts = [
        count([mention(0, 5), mention(7, 9)], [mention(0, 5)], [D]),
        count([mention(0, 5)], [mention(1, 5), mention(8, 9)], [D]),
    ]

    assert precision(counts) == 2 / 3
    assert recall(counts) == 2 / 3
    assert f1(counts) == 2 / 3
    assert exact_f1(counts) == 1 / 3


def test_without_findings_there_is_no_figure() -> None:
    nothing = [count([], [], [D])]

    assert [rate(nothing) for rate in (precision, recall, f1, exact_f1)] == [None] * 4
    assert f1([count([mention(0, 5)], [], [D])]) == 0.0


def test_the_commonest_errors_come_first_whatever_their_case_and_spaces() -> None:
    pairs = [
        ([mention(0, 5, "Chest  Pain"), mention(9, 12, "CT", P)], [mention(20, 25, "mass")]),
        ([mention(0, 5, "chest pain"), mention(7, 9, "rash")], [mention(8, 9, "rash")]),
    ]

    wrong = [(one.label, one.what, one.text, one.times) for one in mistakes(pairs, [D])]

    assert wrong == [(D, "missed", "chest pain", 2), (D, "invented", "mass", 1)]

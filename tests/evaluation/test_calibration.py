import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.calibration import (
    Judged,
    bins,
    errors_in_least_sure,
    expected_error,
    judge,
    judged,
    separation,
    together,
)
from tests.evaluation.made import laid, read_line, truth, truth_line

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def as_pairs(words: Judged) -> list[tuple[float, bool]]:
    return list(zip(words.confidence.tolist(), words.right.tolist(), strict=True))


def test_ece_of_known_bins() -> None:
    words = judged([(0.95, True)] * 8 + [(0.95, False)] * 2 + [(0.25, False)] * 10)

    assert expected_error(words) == pytest.approx(0.5 * abs(0.95 - 0.8) + 0.5 * 0.25)
    assert [(one.low, one.count) for one in bins(words) if one.count] == [(0.2, 10), (0.9, 10)]


def test_a_confidence_of_one_falls_in_the_last_bin() -> None:
    assert bins(judged([(1.0, True)]))[-1].count == 1


def test_auroc_counts_ties_half() -> None:
    words = judged([(0.9, True), (0.5, True), (0.5, False), (0.1, False)])

    assert separation(words) == 3.5 / 4
    assert separation(judged([(0.9, True)])) is None


def test_errors_in_the_least_sure_fifth() -> None:
    words = judged([(0.1, False), (0.2, False)] + [(0.9, True)] * 7 + [(0.95, False)])

    assert errors_in_least_sure(words) == 2 / 3
    assert errors_in_least_sure(judged([(0.5, True)])) is None


def test_equally_sure_words_at_the_edge_count_in_proportion() -> None:
    assert errors_in_least_sure(judged([(0.5, False)] * 5 + [(0.5, True)] * 5)) == pytest.approx(0.2)


def test_a_word_is_right_where_it_stands_in_the_line() -> None:
    chart = laid(
        truth([truth_line("CC: cough x 3 d", 0)]),
        read_line("CC: caugh x 3 d", 0, confidence=0.8),
        read_line("ghost", 8, confidence=0.3),
    )

    assert as_pairs(judge(chart)) == [(0.8, True), (0.8, False), (0.8, True), (0.8, True), (0.8, True), (0.3, False)]


def test_a_word_without_confidence_or_letters_is_not_judged() -> None:
    chart = laid(truth([truth_line("a - b", 0)]), read_line("a - b", 0, confidence=None))
    dash = laid(truth([truth_line("a", 0)]), read_line("a -", 0, confidence=0.5))

    assert as_pairs(judge(chart)) == []
    assert as_pairs(judge(dash)) == [(0.5, True)]


def test_without_words_nothing_is_known() -> None:
    none = together([])

    assert (expected_error(none), separation(none), errors_in_least_sure(none)) == (None, None, None)


@given(pairs)
def test_figures_stay_between_zero_and_one(words: list[tuple[float, bool]]) -> None:
    for figure in (expected_error, separation, errors_in_least_sure):
        value = figure(judged(words))
        assert value is None or -1e-9 <= value <= 1 + 1e-9


@given(pairs)
def test_certainty_that_comes_true_has_no_calibration_error(words: list[tuple[float, bool]]) -> None:
    assert expected_error(judged([(float(right), right) for _, right in words])) == pytest.approx(0.0)


@given(pairs, pairs)
def test_charts_together_are_all_their_words(one: list[tuple[float, bool]], other: list[tuple[float, bool]]) -> None:
    assert as_pairs(together([judged(one), judged(other)])) == one + other

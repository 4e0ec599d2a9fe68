import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.cer import CharacterErrors, character_errors, normalise, rate
from pipeline.records import LineKind
from tests.evaluation.made import laid, read_line, truth, truth_line

words = st.lists(st.text("abcdeXYZ019", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("CC: cough x 3 d", "cc cough x 3 d"),
        ("b.i.d.", "b i d"),
        ("Patient's  BP 138/84", "patients bp 138 84"),
        ("½ tab", "1 2 tab"),
        ("--", ""),
    ],
)
def test_letters_digits_and_single_spaces_count(text: str, counts: str) -> None:
    assert normalise(text) == counts


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_edits_are_counted_over_the_truths_length() -> None:
    chart = laid(
        truth([truth_line("metformin 500 mg", 0), truth_line("cough", 1)]),
        read_line("metforrnin 500 mg", 0),  # m for rn: a substitution and an insertion
        read_line("coagh", 1),  # a substitution
    )

    assert character_errors(chart, LineKind.HAND) == CharacterErrors(edits=3, extra=0, length=16 + 5)
    assert rate([character_errors(chart, LineKind.HAND)]) == 3 / 21


def test_a_line_that_was_not_read_counts_its_whole_length() -> None:
    chart = laid(truth([truth_line("low back pain", 0)]))

    assert rate([character_errors(chart, LineKind.HAND)]) == 1.0


def test_words_where_nothing_is_written_count_as_the_kind_they_were_read_as() -> None:
    chart = laid(truth([truth_line("abcd", 0)]), read_line("abcd", 0), read_line("ghosts", 9, LineKind.PRINT))

    assert character_errors(chart, LineKind.HAND) == CharacterErrors(edits=0, extra=0, length=4)
    assert character_errors(chart, LineKind.PRINT) == CharacterErrors(edits=0, extra=6, length=0)


def test_a_line_counts_as_the_kind_that_it_is_not_as_it_was_taken_for() -> None:
    chart = laid(truth([truth_line("Diagnosis", 0, "print")]), read_line("Diaqnosis", 0, LineKind.HAND))

    assert rate([character_errors(chart, LineKind.PRINT)]) == 1 / 9
    assert rate([character_errors(chart, LineKind.HAND)]) is None


def test_charts_are_pooled_by_their_characters() -> None:
    counts = [CharacterErrors(edits=1, extra=0, length=10), CharacterErrors(edits=5, extra=4, length=90)]

    assert rate(counts) == 0.1


@given(words)
def test_what_is_read_as_written_has_no_errors(text: str) -> None:
    chart = laid(truth([truth_line(text, 0)]), read_line(text, 0))

    assert rate([character_errors(chart, LineKind.HAND)]) == 0.0


@given(words, words)
def test_edits_are_never_more_than_the_longer_of_both(true: str, read: str) -> None:
    count = character_errors(laid(truth([truth_line(true, 0)]), read_line(read, 0)), LineKind.HAND)

    assert 0 <= count.edits <= max(len(normalise(true)), len(normalise(read)))

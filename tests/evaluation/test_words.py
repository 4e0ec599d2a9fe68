import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.words import align, character_errors, judge, plain
from pipeline.records import Alternative, Word

words = st.lists(st.text("ab1", min_size=1, max_size=3), max_size=6)


def word(text: str, confidence: float | None = 0.9, *others: str) -> Word:
    alternatives = tuple(Alternative(text=other, confidence=0.01) for other in others)
    return Word(text=text, box=None, confidence=confidence, alternatives=alternatives)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Toto, too!", "toto too"),
        ("  Dr. O'Neil\n 12.5 mg ", "dr oneil 125 mg"),
        ("hand-printed", "handprinted"),
        ("a – b", "a b"),
        ("?!", ""),
    ],
)
def test_only_letters_digits_and_spaces_count(text: str, counts: str) -> None:
    assert plain(text) == counts


def test_errors_are_edits_of_what_counts() -> None:
    errors = character_errors("Withen a short, time", "Within a shorttime")

    assert (errors.edits, errors.length) == (2, 18)


def test_a_misread_word_is_paired_with_the_word_it_stands_for() -> None:
    assert align(["the", "bg", "dog"], ["the", "very", "big", "dog"]) == [(0, 0), (None, 1), (1, 2), (2, 3)]
    assert align(["x", "dog"], ["dog"]) == [(0, None), (1, 0)]
    assert align([], ["dog"]) == [(None, 0)]
    assert align(["dog"], []) == [(0, None)]


@given(words, words)
def test_every_word_stands_in_one_pair_in_order(read: list[str], truth: list[str]) -> None:
    pairs = align(read, truth)

    assert [one for one, _ in pairs if one is not None] == list(range(len(read)))
    assert [other for _, other in pairs if other is not None] == list(range(len(truth)))


def test_a_word_is_judged_with_its_confidence() -> None:
    judged, _ = judge(
        [word("Acute", 0.9), word("-", 0.3), word("bronchilis.", 0.4), word("x", None)], "acute bronchitis"
    )

    assert judged.confidence.tolist() == [0.9, 0.4]
    assert judged.right.tolist() == [True, False]


def test_a_word_is_offered_where_it_is_the_best_or_an_alternative() -> None:
    read = [word("otitis"), word("nedia", 0.5, "media", "medea"), word("lest", 0.5, "b", "c", "d", "e", "left")]

    _, offered = judge(read, "otitis media left ear")

    assert (offered.right, offered.of) == (2, 4)  # the fifth alternative is one too many, the ear was not read


def test_without_words_nothing_is_right() -> None:
    judged, offered = judge([], "otitis media")

    assert len(judged.right) == 0
    assert judged.right.dtype == np.bool_
    assert (offered.right, offered.of) == (0, 2)

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.reading.ctc import best_path, decode

CHARACTERS = "ab "


def _rows(text: str, sure: float = 0.97) -> NDArray[np.float32]:
    """A row for each sign of a text; `-` is the blank."""
    classes = [0 if sign == "-" else CHARACTERS.index(sign) + 1 for sign in text]
    rows = np.full((len(text), len(CHARACTERS) + 1), (1 - sure) / len(CHARACTERS), np.float32)
    rows[np.arange(len(text)), classes] = sure
    return rows


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("-aa-b-", ["ab"]),
        ("aa--aa", ["aa"]),
        ("a- -b", ["a", "b"]),
        ("  a   b  ", ["a", "b"]),
        ("---", []),
        ("   ", []),
    ],
)
def test_repeats_merge_unless_a_blank_parts_them(path: str, words: list[str]) -> None:
    assert [word.text for word in decode(_rows(path), CHARACTERS)] == words


def test_a_word_stands_where_its_steps_are() -> None:
    first, second = decode(_rows("aaa---   ---bbb"), CHARACTERS)

    assert 0 <= first.start < first.end <= 0.4
    assert 0.6 <= second.start < second.end <= 1


def test_the_unsure_character_gives_the_alternative() -> None:
    rows = _rows("a-a-b")
    rows[2] = (0.02, 0.6, 0.36, 0.02)

    (word,) = decode(rows, CHARACTERS)

    assert word.text == "aab"
    assert word.others[0][0] == "abb"
    assert word.weakest == pytest.approx(0.6)
    assert word.probability > word.others[0][1]


@given(
    st.lists(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), min_size=1, max_size=14),
)
def test_any_rows_give_words_in_order_with_probabilities(raw: list[list[float]]) -> None:
    rows = np.array(raw, np.float32)
    rows /= rows.sum(axis=1, keepdims=True)

    words = decode(rows, CHARACTERS)

    assert len(best_path(rows)) >= len(words)
    for word in words:
        assert word.text
        assert " " not in word.text
        assert 0 <= word.start < word.end <= 1
        texts = [word.text, *(text for text, _ in word.others)]
        shares = [word.probability, *(share for _, share in word.others)]
        assert len(set(texts)) == len(texts)
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1 + 1e-4
    assert all(one.start <= other.start for one, other in pairwise(words))

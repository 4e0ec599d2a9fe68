from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.reading.ctc import InkWord
from pipeline.reading.words import decode
from tests import ink

CHARACTERS = "".join(chr(code) for code in range(33, 127)) + " "


def _rows(
    text: str, doubts: Mapping[int, Mapping[str, float]] | None = None, sure: float = 0.998
) -> NDArray[np.float32]:
    """Two rows for each sign, one of them blank; `doubts` says what else stands at a place, with its probability."""
    rows = np.full((2 * len(text), len(CHARACTERS) + 1), (1 - sure) / len(CHARACTERS), np.float32)
    rows[::2, 0] = sure
    for place, sign in enumerate(text):
        shares = {sign: sure, **(doubts or {}).get(place, {})}
        shares[sign] -= sum(shares.values()) - sure
        for other, share in shares.items():
            rows[2 * place + 1, 0 if other == "_" else CHARACTERS.index(other) + 1] = share
    return rows


def _read(text: str, doubts: Mapping[int, Mapping[str, float]] | None = None) -> tuple[InkWord, ...]:
    return decode(_rows(text, doubts), CHARACTERS, ink.language())


def test_words_stand_where_their_steps_are() -> None:
    first, second = _read("on     it")

    assert (first.text, second.text) == ("on", "it")
    assert 0 <= first.start < first.end <= 0.35
    assert 0.65 <= second.start < second.end <= 1


def test_the_language_decides_where_the_ink_is_in_doubt() -> None:
    chest, pain = _read("chest pam", {8: {"i": 0.1, "n": 0.3}, 7: {"a": 0.9}})

    assert chest.text == "chest"
    assert pain.text in ("pam", "pan", "pain")
    (word,) = _read("patiert", {5: {"n": 0.3}})
    assert word.text == "patient"
    assert "patiert" in [text for text, _ in word.others]


@pytest.mark.parametrize("text", ["Patiert", "patiert", "PATIERT"])
def test_a_word_of_the_language_is_written_in_the_case_of_the_ink(text: str) -> None:
    doubt = "N" if text.isupper() else "n"

    (word,) = _read(text, {5: {doubt: 0.45}})

    assert text[:5] + doubt + text[6:] in [word.text, *(other for other, _ in word.others)]


@pytest.mark.parametrize("text", ["250.01", "q8h", "12/3/04", "0.5mg", "V70.0", "T4"])
def test_numbers_doses_and_codes_are_the_inks_alone(text: str) -> None:
    (word,) = _read(text, {0: {"l": 0.3}, 1: {"o": 0.3}})

    assert word.text == text


@pytest.mark.parametrize(
    ("text", "place", "other"), [("no", 1, "t"), ("now", 2, "_"), ("nor", 2, "t"), ("lift", 1, "e")]
)
def test_negation_and_side_are_never_made_or_unmade_by_the_language(text: str, place: int, other: str) -> None:
    (word,) = _read(text, {place: {other: 0.4}})

    assert word.text == text


@pytest.mark.parametrize("name", ["TREBUCHON", "OKONKWO", "LEFEVRE"])
def test_a_name_that_no_list_knows_stays(name: str) -> None:
    (word,) = _read(name, {2: {"O": 0.2}})

    assert word.text == name


def test_one_drug_is_not_taken_for_another() -> None:
    _, word = _read("take clonidine", {8: {"a": 0.35}, 9: {"z": 0.3}})

    assert word.text == "clonidine"


def test_a_doubtful_space_falls_where_words_are() -> None:
    assert [word.text for word in _read("short time", {5: {"_": 0.6}})] == ["short", "time"]
    assert [word.text for word in _read("pa tient", {2: {"_": 0.4}})] == ["patient"]


@given(st.lists(st.lists(st.floats(0.001, 1), min_size=96, max_size=96), min_size=1, max_size=9))
def test_any_rows_give_words_in_order_with_probabilities(raw: list[list[float]]) -> None:
    rows = np.array(raw, np.float32) ** 4
    rows /= rows.sum(axis=1, keepdims=True)

    words = decode(rows, CHARACTERS, ink.language())

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

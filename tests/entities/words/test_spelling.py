"""What a misreading costs, and which known words are near a misread one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities.words.spelling import Confusions, Neighbours
from pipeline.lexicon import load_lexicon

COST = Confusions((pair.one, pair.other) for pair in load_lexicon().confusions)
WORDS = st.text("acdehilmnorstuvw01", max_size=8)


@pytest.mark.parametrize(
    ("read", "meant", "cost"),
    [
        ("pain", "pain", 0),
        ("pa1n", "pain", 1),
        ("abdorninal", "abdominal", 1),
        ("clisease", "disease", 1),
        ("corn", "com", 1),
        ("com", "corn", 1),
        ("painx", "pain", 3),
        ("pan", "pain", 3),
        ("pqin", "pain", 3),
        ("pian", "pain", 3),
        ("dcnics", "denies", 2),
        ("", "no", 6),
    ],
)
def test_signs_that_look_alike_cost_less_than_others(read: str, meant: str, cost: float) -> None:
    assert COST(read, meant, plain=3, alike=1) == cost


@given(WORDS, WORDS)
def test_a_misreading_costs_as_much_both_ways(one: str, other: str) -> None:
    assert COST(one, other, plain=3, alike=1) == COST(other, one, plain=3, alike=1)


@given(WORDS, WORDS)
def test_no_misreading_costs_more_than_all_letters_anew(one: str, other: str) -> None:
    assert 0 <= COST(one, other, plain=3, alike=1) <= 3 * (len(one) + len(other))


@pytest.mark.parametrize(
    ("read", "word"),
    [
        ("pneurnonia", "pneumonia"),
        ("pneum0nla", "pneumonia"),
        ("asthna", "asthma"),
        ("n0", "no"),
        ("abclominol", "abdominal"),
    ],
)
def test_the_word_that_was_meant_is_among_the_neighbours(read: str, word: str) -> None:
    near = Neighbours(["pneumonia", "asthma", "no", "abdominal", "gout"])
    assert near(read) == (word,)


def test_words_far_away_are_no_neighbours() -> None:
    near = Neighbours(["pneumonia", "asthma"])
    assert near("gout") == ()
    assert near("") == ()

"""Texts misread on purpose, and the way back to the text as it was."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.disturb import Misreader
from pipeline.lexicon import Confusion, load_lexicon

CONFUSIONS = load_lexicon().confusions
NOTE = "CC: chest pain since Monday, no fever. PMH: hypertension, asthma. Plan: chest film and an ECG today. " * 20


def test_a_text_that_is_read_right_stays() -> None:
    disturbed = Misreader(CONFUSIONS, share=0)(NOTE)
    assert disturbed.text == NOTE
    assert disturbed.places == tuple(range(len(NOTE) + 1))


def test_the_same_seed_misreads_in_the_same_way() -> None:
    assert Misreader(CONFUSIONS, share=0.1, seed=3)(NOTE) == Misreader(CONFUSIONS, share=0.1, seed=3)(NOTE)
    assert Misreader(CONFUSIONS, share=0.1, seed=3)(NOTE) != Misreader(CONFUSIONS, share=0.1, seed=4)(NOTE)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_about_the_share_of_letters_is_misread(share: float) -> None:
    disturbed = Misreader(CONFUSIONS, share=share)(NOTE)
    letters = [place for place, sign in enumerate(NOTE) if sign.isalnum()]
    wrong = [place for place in letters if disturbed.text[slice(*disturbed.span(place, place + 1))] != NOTE[place]]
    assert 0.7 * share < len(wrong) / len(letters) < 1.3 * share


def test_signs_that_look_alike_are_taken_for_one_another() -> None:
    read = Misreader([Confusion(one="m", other="rn"), Confusion(one="o", other="0")], share=1, alike=1)("moO")
    assert (read.text, read.places) == ("rn00", (0, 2, 3, 4))


def test_two_signs_may_be_read_as_one() -> None:
    read = {Misreader([Confusion(one="m", other="rn")], share=1, alike=1, seed=seed)("rn").text for seed in range(20)}
    assert "m" in read


def test_white_space_and_signs_stay_unless_gaps_are_misread() -> None:
    read = Misreader(CONFUSIONS, share=1)(NOTE).text
    assert [sign for sign in read if sign in " .,:"] == [sign for sign in NOTE if sign in " .,:"]
    assert Misreader((), share=0, gaps=1)("no pain").text == "n op a i n"


@given(st.text(max_size=60), st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_every_stretch_has_its_place_in_order(text: str, share: float, gaps: float, seed: int) -> None:
    disturbed = Misreader(CONFUSIONS, share=share, gaps=gaps, seed=seed)(text)
    assert len(disturbed.places) == len(text) + 1
    assert disturbed.span(0, len(text)) == (0, len(disturbed.text))
    assert all(one <= other for one, other in pairwise(disturbed.places))


@pytest.mark.parametrize(
    "shares", [{"share": -0.1}, {"share": 1.1}, {"share": 0.1, "alike": 2}, {"share": 0.1, "gaps": -1}]
)
def test_a_share_lies_between_none_and_all(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Misreader((), share=shares["share"], alike=shares.get("alike", 0.5), gaps=shares.get("gaps", 0.0))

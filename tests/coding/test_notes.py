"""Whole notes of our own asked for all their codes: floors a little under what is measured.

`inkchart evaluate coding tests/coding/notes --part held-out` prints the figures. The held-out notes were never looked
at while rules and names were made.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.entities import pages_from_text
from pipeline.evaluation.coding_data import load_coding_data
from pipeline.evaluation.coding_notes import answer, note_figures
from pipeline.process import TextStages

NOTES = Path(__file__).with_name("notes")
SHOWN, RECALL, PRECISION = "among the first 5 of an entity", "proposed: recall", "proposed: precision"
NOT_HAD = "proposed of diseases negated, a relative's or not established"


@dataclass(frozen=True, slots=True)
class Floors:
    shown: float
    recall: float
    precision: float


FLOORS = {"tune": Floors(0.91, 0.82, 0.86), "held-out": Floors(0.81, 0.64, 0.76)}


@pytest.mark.parametrize("part", FLOORS)
def test_most_codes_of_a_visit_are_shown_and_most_proposals_are_right(part: str, text_stages: TextStages) -> None:
    notes = load_coding_data(NOTES, part=part, limit=None).notes
    answers = [answer(note, pages_from_text(note.text), text_stages) for note in notes]
    figures = {f.measure: f.estimate.value for f in note_figures(answers) if f.of == "all"}
    floors = FLOORS[part]
    assert (figures[SHOWN] or 0) >= floors.shown
    assert (figures[RECALL] or 0) >= floors.recall
    assert (figures[PRECISION] or 0) >= floors.precision
    assert (figures[NOT_HAD] or 0) < 0.02


def test_the_same_note_gives_the_same_candidates(text_stages: TextStages) -> None:
    note, *_ = load_coding_data(NOTES, part="tune", limit=1).notes
    pages = pages_from_text(note.text)
    assert answer(note, pages, text_stages) == answer(note, pages, text_stages)

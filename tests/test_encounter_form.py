"""A drawn encounter form through the stages that read it: what its boxes say becomes of what is printed beside them."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder
from pipeline.lexicon import load_lexicon
from pipeline.process import TextStages, understand
from pipeline.records import Candidate, Entity, MarkState, Page, Pixels
from tests import findings, ink

SIDE, LEFT, TOP, ROW = 30, 150, 420, 96
ITEMS = (
    ("Asthma", "ticked"),
    ("Migraine", "blank"),
    ("Eczema", "scribbled"),
    ("Hypertension", "ticked"),
    ("Gout", "blank"),
    ("Psoriasis", "blank"),
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The form as it was read."""
    clean = ink.cleaner()(ink.page(_form()))
    return ink.reader(tmp_path_factory.mktemp("work"))(clean, ink.finder()(clean))


@pytest.fixture(scope="module")
def coded(page: Page, suggester: Suggester) -> dict[str, tuple[Entity, tuple[Candidate, ...]]]:
    """What was found on the form and proposed for it, by its text in small letters."""
    text = TextStages(
        find_entities=findings.entity_finder(),
        find_encounters=EncounterFinder(load_lexicon()),
        suggest_codes=suggester,
    )
    entities, _, candidates = understand([replace(page, part=1)], text)
    return {
        entity.text.lower(): (entity, tuple(one for one in candidates if one.entity == entity.id))
        for entity in entities
    }


def test_each_box_of_the_form_marks_its_own_label(page: Page) -> None:
    texts = {line.id: line.text for line in page.lines}
    said = {" ".join(texts[s.line][s.start : s.end] for s in mark.label): mark.state for mark in page.marks}

    states = {"ticked": MarkState.TICKED, "blank": MarkState.BLANK, "scribbled": MarkState.DOUBTFUL}
    assert said == {label: states[how] for label, how in ITEMS}


def test_what_is_ticked_is_found_and_gets_candidates(
    coded: dict[str, tuple[Entity, tuple[Candidate, ...]]],
) -> None:
    for label in ("asthma", "hypertension"):
        entity, candidates = coded[label]
        assert not entity.context.uncertain
        assert any(candidate.proposed for candidate in candidates)


def test_what_is_blank_is_no_finding(coded: dict[str, tuple[Entity, tuple[Candidate, ...]]]) -> None:
    assert coded.keys() == {"asthma", "eczema", "hypertension"}


def test_what_is_scribbled_out_is_found_and_not_proposed(
    coded: dict[str, tuple[Entity, tuple[Candidate, ...]]],
) -> None:
    entity, candidates = coded["eczema"]
    assert entity.context.uncertain
    assert not any(candidate.proposed for candidate in candidates)


def _form() -> Pixels:
    picture = np.full((2200, 1700), 255, np.uint8)
    ink.put(picture, ink.line("Encounter Form", size=54), LEFT, 120)
    ink.put(picture, ink.line("Please tick what was treated today", size=36), LEFT, 250)
    for place, (label, how) in enumerate(ITEMS):
        y = TOP + place * ROW
        cv2.rectangle(picture, (LEFT, y), (LEFT + SIDE, y + SIDE), 40, 2)
        ink.put(picture, ink.line(label, size=40), LEFT + SIDE + 22, y - 12)
        if how == "ticked":
            tick = np.array([(0.15, 0.5), (0.42, 0.85), (0.95, 0.1)]) * SIDE + (LEFT, y)
            cv2.polylines(picture, [tick.round().astype(np.int32)], isClosed=False, color=30, thickness=4)
        elif how == "scribbled":
            along = np.linspace(0, 1, 80)
            scribble = np.stack([-0.3 + 1.5 * along, 0.5 + 0.7 * np.cos(along * 40)], axis=1) * SIDE + (LEFT, y)
            cv2.polylines(picture, [scribble.round().astype(np.int32)], isClosed=False, color=30, thickness=6)
    return picture

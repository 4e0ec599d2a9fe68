"""Drawn pages with a place for a signature, through the stages that read them: signed, bare or left open."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from pipeline.entities import EncounterFinder
from pipeline.lexicon import load_lexicon
from pipeline.records import Box, Finding, Page, Pixels
from tests import ink

RULE = 1400
"""Where the rule of the place for the signature runs, pixels from the top."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Pixels], Page]:
    clean, find, reader = ink.cleaner(), ink.finder(), ink.reader(tmp_path_factory.mktemp("work"))

    def page(picture: Pixels) -> Page:
        cleaned = clean(ink.page(picture))
        return reader(cleaned, find(cleaned))

    return page


@cache
def encounters() -> EncounterFinder:
    return EncounterFinder(load_lexicon())


def signature(page: Page) -> Finding | None:
    (encounter,) = encounters()((page,), ())
    return encounter.signature


def beside() -> Pixels:
    """A page with the rule right of its label."""
    picture = ink.sheet(ink.NOTE[:3], width=1700, height=2200)
    ink.put(picture, ink.line("Provider signature", size=30), 100, RULE - 38)
    cv2.line(picture, (410, RULE), (1100, RULE), 90, 2)
    return picture


def captioned() -> Pixels:
    """A page with the rule above its label, the date's beside it."""
    picture = ink.sheet(ink.NOTE[:3], width=1700, height=2200)
    for x0, x1, caption in ((100, 800, "Signature of physician"), (900, 1250, "Date")):
        cv2.line(picture, (x0, RULE), (x1, RULE), 90, 2)
        ink.put(picture, ink.line(caption, size=26), x0, RULE + 4)
    return picture


def overlap(one: Box, other: tuple[int, int, int, int]) -> float:
    across = min(one.x1, other[2]) - max(one.x0, other[0])
    down = min(one.y1, other[3]) - max(one.y0, other[1])
    return across * down / ((other[2] - other[0]) * (other[3] - other[1])) if across > 0 and down > 0 else 0.0


@pytest.mark.parametrize("form", [beside, captioned])
@pytest.mark.parametrize("thick", [2, 5])
def test_a_drawn_signature_signs_with_a_box_about_its_ink(
    read: Callable[[Pixels], Page], form: Callable[[], Pixels], thick: int
) -> None:
    picture = form()
    drawn = ink.pen(picture, 460, RULE - 6, 300, high=80, thick=thick)
    found = signature(read(picture))
    assert found and found.value == "signed" and found.confidence
    boxes = [box for span in found.spans for box in span.boxes]
    assert max(overlap(box, drawn) for box in boxes) > 0.2


def test_two_initials_sign(read: Callable[[Pixels], Page]) -> None:
    picture = beside()
    for x in (520, 580):
        points = np.array([(x, RULE - 4), (x + 8, RULE - 60), (x + 22, RULE - 8), (x + 34, RULE - 56), (x + 44, RULE)])
        cv2.polylines(picture, [points.astype(np.int32)], False, 40, 3, cv2.LINE_AA)
    found = signature(read(picture))
    assert found and found.value == "signed"


@pytest.mark.parametrize("form", [beside, captioned])
def test_a_bare_rule_and_stray_specks_are_unsigned(read: Callable[[Pixels], Page], form: Callable[[], Pixels]) -> None:
    picture = form()
    for x, y in ((480, 30), (560, 12), (690, 44)):
        cv2.circle(picture, (x, RULE - y), 2, 60, -1)
    page = read(picture)
    assert page.loose_ink == ()
    found = signature(page)
    assert found and found.value == "unsigned"


def test_a_stamp_on_a_captioned_rule_is_not_taken_for_a_bare_place(read: Callable[[Pixels], Page]) -> None:
    picture = captioned()
    stamp = ink.line("J KELLER MD", size=26)
    cv2.rectangle(stamp, (0, 0), (stamp.shape[1] - 1, stamp.shape[0] - 1), 70, 2)
    ink.put(picture, stamp, 200, RULE - stamp.shape[0] - 3)
    found = signature(read(picture))
    assert found is None or found.value == "signed"


def test_an_unsigned_place_below_the_patients_signature_stays_unsigned(read: Callable[[Pixels], Page]) -> None:
    picture = beside()
    ink.put(picture, ink.line("Patient signature", size=30), 100, RULE - 128)
    cv2.line(picture, (410, RULE - 90), (1100, RULE - 90), 90, 2)
    ink.pen(picture, 460, RULE - 96, 300)
    found = signature(read(picture))
    assert found and found.value == "unsigned"

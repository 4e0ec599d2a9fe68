from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.reading.crops import Crop
from pipeline.reading.unread import loose_ink, unread_ink
from pipeline.records import Box, CleanImage, Layout, PageQuality, Pixels
from tests import ink

QUALITY = PageQuality(sharpness=None, contrast=None, ink=0.1, blank=False, advice=None)
WORDS = [(0.0, 0.3)]
"""A label in the first part of a line."""


def _clean(picture: Pixels) -> CleanImage:
    """A cleaned page of half the size of the page as rendered."""
    return CleanImage(
        page=ink.page(np.full((400, 2000), 255, np.uint8)),
        pixels=picture,
        turn=0,
        skew_degrees=0.0,
        to_page=np.diag([2.0, 2.0, 1.0]),
        quality=QUALITY,
    )


def _line() -> Pixels:
    picture = np.full((80, 1000), 255, np.uint8)
    ink.put(picture, ink.line("Signed by:", size=36), 10, 20)
    return picture


def _unread(picture: Pixels) -> list[Box]:
    crop = Crop(pixels=picture, back=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    return list(unread_ink(crop, WORDS, _clean(picture)))


def test_a_stroke_behind_the_words_of_a_line_is_unread_ink() -> None:
    picture = _line()
    drawn = ink.pen(picture, 400, 70, 350)
    (box,) = _unread(picture)
    assert box == pytest.approx([2 * side for side in drawn], abs=12)


def test_a_rule_or_a_leader_behind_the_words_is_none() -> None:
    ruled, dotted = _line(), _line()
    cv2.line(ruled, (330, 66), (980, 68), 0, 2)
    for x in range(330, 980, 10):
        cv2.circle(dotted, (x, 66), 2, 0, -1)
    assert _unread(ruled) == _unread(dotted) == []


def test_what_hangs_in_from_the_line_above_is_none() -> None:
    picture = _line()
    cv2.line(picture, (500, 0), (495, 20), 0, 3)
    assert _unread(picture) == []


def test_loose_ink_is_told_on_the_page_as_rendered_and_only_where_it_was_looked_for() -> None:
    clean = _clean(np.full((200, 1000), 255, np.uint8))
    layout = Layout(lines=(), loose=(((100.0, 50.0), (200.0, 50.0), (200.0, 90.0), (100.0, 90.0)),))
    unread = Box(800, 20, 900, 60)

    assert loose_ink(clean, layout, [unread]) == (Box(200, 100, 400, 180), unread)
    assert loose_ink(clean, Layout(lines=()), []) is None


def test_a_page_that_is_read_says_what_ink_is_no_text(tmp_path: Path) -> None:
    picture = ink.sheet()
    drawn = ink.pen(picture, 500, 1200, 420)
    clean = replace(_clean(picture), page=ink.page(picture), to_page=np.eye(3))
    x0, y0, x1, y1 = drawn

    page = ink.reader(tmp_path)(clean, Layout(lines=(), loose=(((x0, y0), (x1, y0), (x1, y1), (x0, y1)),)))

    assert (page.lines, page.loose_ink) == ((), (Box(*drawn),))

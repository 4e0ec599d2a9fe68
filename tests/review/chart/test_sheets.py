"""What is drawn over the pages of a chart."""

from dataclasses import replace

import pytest

from pipeline.review.chart.sheets import Rect, Sheets, inks_of_reading, sheets
from tests.review.drawn_chart import ENCOUNTERS, reading_of

READING = reading_of("d")
FIRST = ENCOUNTERS[0]


def drawn() -> Sheets:
    return sheets(READING, FIRST, inks_of_reading(READING, FIRST))


def test_pages_stand_by_what_they_are_to_the_encounter() -> None:
    found = drawn()
    assert [sheet.number for sheet in found.own] == [1, 3]
    assert [sheet.number for sheet in found.empty] == [2]
    assert [sheet.number for sheet in found.others] == [4]


def test_lines_carry_their_kind_and_how_sure_their_reading_is() -> None:
    lines = drawn().own[0].lines
    assert [(line.kind, line.sure) for line in lines[4:6]] == [("print", 99), ("hand", 84)]


@pytest.mark.parametrize(
    ("sure", "step"), [(None, None), (1, 0), (49, 0), (50, 1), (69, 1), (70, 2), (85, 3), (94, 3), (95, 4), (100, 4)]
)
def test_confidence_has_five_colours_and_what_is_unknown_has_none(sure: int | None, step: int | None) -> None:
    assert Rect(x=0, y=0, width=1, height=1, kind="print", title="", sure=sure).step == step


def test_words_that_are_likely_misread_stand_out_beside_those_marked_unreadable() -> None:
    sheet = drawn().own[0]
    assert [(rect.kind, rect.sure) for rect in sheet.doubts] == [("unsure", 61), *[("unreadable", 31)] * 3]
    assert sheet.unreadable == 3


def test_checkboxes_are_drawn_by_their_state() -> None:
    assert [mark.kind for mark in drawn().own[0].marks] == ["ticked"]


def test_a_crop_shows_a_finding_with_what_stands_beside_it() -> None:
    crop = drawn().crops["n7"]
    ink = next(ink for ink in drawn().own[0].inks if ink.id == "n7").rects[0]
    assert crop.page == 1
    assert (crop.box.y0, crop.box.y1) == (ink.y, ink.y + ink.height)
    assert crop.box.x0 == ink.x - 2 * ink.height
    assert crop.box.x1 == ink.x + ink.width + 2 * ink.height
    assert crop.address == "1/" + "-".join(map(str, crop.box))


def test_a_crop_of_a_page_on_its_side_reaches_along_the_line() -> None:
    pages = tuple(replace(page, turn=90) for page in READING.pages)
    reading = replace(READING, pages=pages)
    found = sheets(reading, FIRST, inks_of_reading(reading, FIRST)).crops["n7"]
    ink = next(ink for ink in drawn().own[0].inks if ink.id == "n7").rects[0]
    assert (found.box.x0, found.box.x1) == (ink.x, ink.x + ink.width)
    assert found.box.y1 == ink.y + ink.height + 2 * ink.width


def test_a_crop_ends_where_the_page_does() -> None:
    narrow = replace(READING, pages=tuple(replace(page, width=460) for page in READING.pages))
    crops = sheets(narrow, FIRST, inks_of_reading(narrow, FIRST)).crops
    assert max(crop.box.x1 for crop in crops.values()) == 460
    assert crops["fact-patient_name"].box.x0 > 0


def test_the_mark_of_a_drawing_changes_only_when_something_else_is_drawn() -> None:
    assert drawn().drawing == drawn().drawing
    other = sheets(READING, FIRST, {})
    assert other.drawing != drawn().drawing

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.reading.struck import is_struck
from pipeline.records import Pixels
from tests import ink

_WORDS = ("chronic", "asthma", "noted")


def _line(font: Path) -> tuple[Pixels, list[tuple[int, int]], int, int]:
    """A line, the columns of its words, and the top and the foot of its small letters."""
    words = [ink.line(word, font=font, size=40, margin=12) for word in _WORDS]
    small = ink.line("ace", font=font, size=40, margin=0).shape[0]
    line = np.full((90, sum(word.shape[1] for word in words) + 40), 255, np.uint8)
    columns, x = [], 20
    for word in words:
        # All three words have an ascender and no descender: their feet stand on row 70.
        ink.put(line, word, x, 70 + 12 - word.shape[0])
        columns.append((x + 12, x + word.shape[1] - 12))
        x += word.shape[1]
    return line, columns, 70 - small, 70


@pytest.mark.parametrize("font", [ink.PRINT, ink.HAND])
@pytest.mark.parametrize("tilt", [-3, 0, 4])
@pytest.mark.parametrize("pen", [2, 3, 5])
def test_a_stroke_through_the_middle_of_a_word_crosses_out_that_word_alone(font: Path, tilt: int, pen: int) -> None:
    line, columns, top, foot = _line(font)
    start, end = columns[1]
    middle = (top + foot) // 2
    cv2.line(line, (start - 4, middle - tilt), (end + 4, middle + tilt), 0, pen, cv2.LINE_AA)

    assert [is_struck(line, *place) for place in columns] == [False, True, False]


def _plain(line: Pixels, start: int, end: int, foot: int) -> None:
    """Nothing is drawn."""


def _underlined(line: Pixels, start: int, end: int, foot: int) -> None:
    cv2.line(line, (start, foot + 5), (end, foot + 6), 0, 3, cv2.LINE_AA)


def _underlined_close(line: Pixels, start: int, end: int, foot: int) -> None:
    cv2.line(line, (start, foot), (end, foot), 0, 3, cv2.LINE_AA)


def _ruled(line: Pixels, start: int, end: int, foot: int) -> None:
    cv2.line(line, (0, foot + 2), (line.shape[1], foot + 2), 120, 2)


def _ruled_through_the_letters(line: Pixels, start: int, end: int, foot: int) -> None:
    cv2.line(line, (0, foot - 10), (line.shape[1], foot - 10), 120, 2)


@pytest.mark.parametrize("font", [ink.PRINT, ink.HAND])
@pytest.mark.parametrize("draw", [_plain, _underlined, _underlined_close, _ruled, _ruled_through_the_letters])
def test_plain_underlined_and_ruled_words_are_not_crossed_out(
    font: Path, draw: Callable[[Pixels, int, int, int], None]
) -> None:
    line, columns, _, foot = _line(font)
    draw(line, *columns[1], foot)

    assert [is_struck(line, *place) for place in columns] == [False, False, False]


def test_a_dash_or_nothing_at_all_is_no_crossed_out_word() -> None:
    line = np.full((60, 200), 255, np.uint8)
    assert not is_struck(line, 20, 180)
    cv2.line(line, (40, 30), (160, 30), 0, 3)
    assert not is_struck(line, 40, 160)
    assert not is_struck(line, 90, 90)


def test_a_crossed_out_word_of_a_page_is_unreadable(tmp_path: Path) -> None:
    picture = ink.sheet(ink.NOTE)
    face = ink.line("Patient presents with acute ", margin=0).shape[1]
    whole = ink.line(ink.NOTE[0], margin=0).shape[1]
    y = 150 + 10 + 22
    cv2.line(picture, (100 + 10 + face + 6, y), (100 + 10 + whole + 4, y), 0, 3)
    clean = ink.cleaner()(ink.page(picture, dpi=200))

    lines = ink.reader(tmp_path)(clean, ink.finder()(clean)).lines

    assert lines[0].words[-1].unreadable
    assert not any(word.unreadable for word in lines[0].words[:3])
    assert not any(word.unreadable for line in lines[1:] for word in line.words)

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.layout.marks import find_marks, without_marks
from pipeline.records import MarkState, Pixels
from tests import ink

WIDTH, HEIGHT = 2550, 3300


def _paper() -> Pixels:
    return np.full((HEIGHT, WIDTH), 255, np.uint8)


def _draw_box(picture: Pixels, x: int, y: int, side: int, thick: int = 3) -> None:
    cv2.rectangle(picture, (x, y), (x + side, y + side), 0, thick)


def test_an_empty_box_is_blank_and_stands_where_it_was_drawn() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)

    (mark,) = find_marks(picture)

    assert mark.state is MarkState.BLANK
    assert np.allclose(mark.corners[0], (399, 699), atol=3)
    assert np.allclose(mark.corners[2], (438, 738), atol=3)


@pytest.mark.parametrize("side", [26, 36, 50])
@pytest.mark.parametrize("tick", ["check", "cross", "overshooting"])
def test_a_ticked_box_is_ticked(side: int, tick: str) -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, side)
    strokes = {
        "check": [((0.2, 0.5), (0.45, 0.8)), ((0.45, 0.8), (0.85, 0.2))],
        "cross": [((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85))],
        "overshooting": [((0.0, 0.4), (0.4, 0.8)), ((0.4, 0.8), (1.3, -0.5))],
    }[tick]
    for (ax, ay), (bx, by) in strokes:
        start, end = (400 + round(ax * side), 700 + round(ay * side)), (400 + round(bx * side), 700 + round(by * side))
        cv2.line(picture, start, end, 30, 4, cv2.LINE_AA)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.TICKED]


def test_a_speck_in_a_box_is_doubtful() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)
    cv2.circle(picture, (418, 718), 4, 0, -1)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL]


def test_a_box_that_is_all_ink_is_doubtful() -> None:
    picture = _paper()
    cv2.rectangle(picture, (400, 700), (436, 736), 0, -1)

    assert [mark.state for mark in find_marks(picture)] == [MarkState.DOUBTFUL]


@pytest.mark.parametrize("face", ["DejaVuSerif.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"])
def test_letters_are_no_boxes(face: str) -> None:
    picture = _paper()
    text = ("DO OLD BOX DOB 0080 DD OO QUOD", "BED BOUND, DOPED, HOOD, 8080", "doe bob dodo abode node pond")
    for place, size in enumerate((30, 42, 60, 80)):
        for row, line in enumerate(text):
            found = ink.line(line, font=Path(ink.PRINT).with_name(face), size=size)
            ink.put(picture, found, 200, 200 + place * 420 + row * 130)

    assert find_marks(picture) == ()


def test_cells_of_a_table_are_no_boxes() -> None:
    picture = _paper()
    for row in range(5):
        for column in range(12):
            _draw_box(picture, 300 + 44 * column, 900 + 44 * row, 44)

    assert find_marks(picture) == ()


def test_the_corner_of_a_qr_code_is_no_box() -> None:
    picture = _paper()
    rng = np.random.default_rng(4)
    modules = rng.integers(0, 2, (40, 40)).astype(np.uint8) * 255
    picture[400:640, 400:640] = np.kron(modules, np.ones((6, 6), np.uint8))
    for x, y in ((400, 400), (598, 400), (400, 598)):
        picture[y - 6 : y + 48, x - 6 : x + 48] = 255
        cv2.rectangle(picture, (x, y), (x + 41, y + 41), 0, -1)
        cv2.rectangle(picture, (x + 6, y + 6), (x + 35, y + 35), 255, -1)
        cv2.rectangle(picture, (x + 12, y + 12), (x + 29, y + 29), 0, -1)

    assert find_marks(picture) == ()


def test_the_page_without_its_marks_has_no_ink_there() -> None:
    picture = _paper()
    _draw_box(picture, 400, 700, 36)

    assert (without_marks(picture, find_marks(picture)) == 255).all()

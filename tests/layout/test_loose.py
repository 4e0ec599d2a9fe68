import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.layout.fit import without_rules
from pipeline.layout.loose import loose_ink
from pipeline.records import MarkRegion, MarkState, Pixels
from tests import ink

LABEL = (100, 980, 420, 1020)


def _page() -> Pixels:
    """A page of 200 dpi with a label and a rule behind it."""
    picture = np.full((2200, 1700), 255, np.uint8)
    ink.put(picture, ink.line("Provider signature", size=30), LABEL[0], LABEL[1])
    cv2.line(picture, (440, 1015), (1100, 1015), 0, 2)
    return picture


def _corners(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float32]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def _found(picture: Pixels, *marks: MarkRegion) -> list[tuple[int, ...]]:
    pieces = loose_ink(without_rules(picture), [_corners(*LABEL)], marks)
    return [tuple(round(float(value)) for value in (*piece[0], *piece[2])) for piece in pieces]


@pytest.mark.parametrize("rise", [0, 30], ids=["across the rule", "above it"])
def test_a_pen_stroke_outside_lines_is_one_piece(rise: int) -> None:
    picture = _page()
    x0, y0, x1, y1 = ink.pen(picture, 520, 1010 - rise, 400)

    (found,) = _found(picture)

    assert found == pytest.approx((x0, y0, x1, y1), abs=8)


def test_a_stroke_that_parts_is_still_one_piece() -> None:
    picture = _page()
    ink.pen(picture, 520, 1000, 200)
    ink.pen(picture, 735, 1000, 200)
    assert len(_found(picture)) == 1


def test_strokes_far_apart_are_pieces_from_the_top() -> None:
    picture = _page()
    ink.pen(picture, 520, 1000, 300)
    ink.pen(picture, 520, 600, 300)
    first, second = _found(picture)
    assert first[3] < second[1]


def test_a_bare_rule_and_the_ink_of_lines_are_no_loose_ink() -> None:
    assert _found(_page()) == []


def test_specks_leaders_and_streaks_are_no_loose_ink() -> None:
    picture = _page()
    for place in range(30):
        cv2.circle(picture, (520 + 12 * place, 900), 2, 0, -1)
        cv2.circle(picture, (200 + 41 * place, 300 + 37 * place), 3, 0, -1)
        cv2.line(picture, (1400, 60 * place), (1400, 60 * place + 40), 0, 2)
    assert _found(picture) == []


def test_the_sides_of_a_frame_are_no_loose_ink() -> None:
    picture = _page()
    cv2.rectangle(picture, (80, 940), (1120, 1060), 0, 3)
    assert _found(picture) == []


def test_what_a_tick_reaches_beyond_its_box_is_no_loose_ink() -> None:
    picture = _page()
    cv2.line(picture, (210, 500), (245, 470), 0, 3)
    mark = MarkRegion(corners=((200.0, 490.0), (230.0, 490.0), (230.0, 520.0), (200.0, 520.0)), state=MarkState.TICKED)
    assert _found(picture, mark) == []

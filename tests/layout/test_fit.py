import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.layout.fit import fit, without_rules
from pipeline.records import Pixels
from tests import ink


def _page(*lines: tuple[str, int, int]) -> Pixels:
    picture = np.full((800, 1400), 255, np.uint8)
    for text, x, y in lines:
        ink.put(picture, ink.line(text, margin=0), x, y)
    return picture


def _corners(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float32]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def _ends(found: list[NDArray[np.float32]]) -> list[tuple[float, float]]:
    return [(float(corners[:, 0].min()), float(corners[:, 0].max())) for corners in found]


def test_a_loose_rectangle_closes_around_its_ink() -> None:
    page = _page(("Patient", 200, 300))
    rows, columns = np.nonzero(page < 128)

    (found,) = fit(without_rules(page), _corners(180, 280, 500, 370))

    left, top = found.min(axis=0)
    right, bottom = found.max(axis=0)
    assert 0 <= columns.min() - left < 12 and 0 <= right - columns.max() < 12
    assert 0 <= rows.min() - top < 8 and 0 <= bottom - rows.max() < 8


def test_a_ruled_line_is_no_part_of_the_line_that_stands_on_it() -> None:
    page = _page(("1991", 200, 300))
    bare = fit(without_rules(page), _corners(190, 290, 320, 370))
    cv2.line(page, (100, 350), (900, 350), 0, 3)

    assert np.allclose(fit(without_rules(page), _corners(190, 290, 320, 370)), bare, atol=2)


def test_a_label_and_its_value_behind_a_wide_gap_are_two_lines() -> None:
    found = fit(without_rules(_page(("Capital", 200, 300), ("Expense", 500, 300))), _corners(190, 290, 700, 350))

    assert len(found) == 2
    assert _ends(found)[0][1] < 400 < 480 < _ends(found)[1][0]


def test_words_of_one_line_stay_together() -> None:
    assert len(fit(without_rules(_page((ink.NOTE[0], 200, 300))), _corners(190, 285, 1200, 360))) == 1


@pytest.mark.parametrize("leader", [". . . . . . .", "- - - - - -"])
def test_a_leader_parts_a_label_from_its_value_and_is_no_text(leader: str) -> None:
    page = _page(("Brand", 200, 300), ("Gold", 560, 300))
    dots = ink.line(leader, margin=0)
    ink.put(page, dots, 340, 330 - dots.shape[0] // 2)

    found = fit(without_rules(page), _corners(190, 290, 680, 350))

    assert [(left > 190, right < 560 + 130) for left, right in _ends(found)] == [(True, True)] * 2
    assert fit(without_rules(page), _corners(335, 290, 545, 350)) == []


def test_writing_set_upright_gets_no_more_room_than_level_writing() -> None:
    page = np.ascontiguousarray(np.rot90(_page(("92327794", 200, 300))))
    rows, columns = np.nonzero(page < 128)
    loose = _corners(columns.min() - 5, rows.min() - 5, columns.max() + 5, rows.max() + 5)

    (found,) = fit(without_rules(page), loose)

    room = np.abs(
        [*(found.min(axis=0) - (columns.min(), rows.min())), *(found.max(axis=0) - (columns.max(), rows.max()))]
    )
    assert room.max() < 10


def test_what_hangs_in_from_the_line_above_is_left_out() -> None:
    page = _page(("more", 200, 310))
    alone = fit(without_rules(page), _corners(190, 300, 320, 350))
    cv2.rectangle(page, (240, 250), (246, 304), 0, -1)

    assert np.allclose(fit(without_rules(page), _corners(190, 300, 320, 350)), alone, atol=2)


@settings(deadline=None)
@given(degrees=st.floats(-8, 8))
def test_a_line_that_climbs_keeps_its_slope(degrees: float) -> None:
    page = ink.turned_by(_page((ink.NOTE[3], 300, 380)), degrees)
    turn = cv2.getRotationMatrix2D(((1400 - 1) / 2, (800 - 1) / 2), degrees, 1.0)
    corners = (np.column_stack([_corners(290, 365, 1150, 440), np.ones(4)]) @ turn.T).astype(np.float32)

    (found,) = fit(without_rules(page), corners)

    edge = found[1] - found[0]
    assert np.degrees(np.arctan2(-edge[1], edge[0])) == pytest.approx(degrees, abs=0.3)


def test_there_is_nothing_where_there_is_no_ink() -> None:
    assert fit(without_rules(_page()), _corners(100, 100, 300, 150)) == []

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.detector import level_corners
from tests import ink


def test_every_line_of_a_page_is_found_where_it_stands() -> None:
    found = ink.detector()(ink.sheet())

    assert len(found) == len(ink.NOTE)
    tops = sorted(float(corners[:, 1].min()) for corners in found)
    assert np.allclose(tops, [155 + 80 * place for place in range(len(ink.NOTE))], atol=12)
    assert all(corners[:, 0].min() < 125 for corners in found)


def test_an_empty_page_has_no_text() -> None:
    assert ink.detector()(np.full((800, 600), 255, np.uint8)).shape == (0, 4, 2)


def test_the_corners_begin_at_the_top_left_of_a_skewed_line() -> None:
    found = ink.detector()(ink.turned_by(ink.sheet(), 8))

    for corners in found:
        edge = corners[1] - corners[0]
        assert edge[0] > 0
        assert np.isclose(np.degrees(np.arctan2(-edge[1], edge[0])), 8, atol=1.5)


@given(degrees=st.floats(-44, 44), start=st.integers(0, 3))
def test_the_order_of_corners_does_not_depend_on_where_it_began(degrees: float, start: int) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (np.array([[0, 0], [90, 0], [90, 20], [0, 20]]) @ turn.T).astype(np.float32)

    assert np.array_equal(level_corners(np.roll(corners, start, axis=0)), corners)

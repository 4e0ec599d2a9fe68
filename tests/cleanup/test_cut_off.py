import numpy as np

from pipeline.cleanup.cut_off import cut_letters
from tests import ink

SHEET = ink.sheet(width=1000, height=1000)
LETTER = 22.0


def test_a_page_with_its_margins_is_not_cut() -> None:
    assert cut_letters(SHEET, 204, LETTER) == 0


def test_lines_that_a_side_cuts_are_counted() -> None:
    assert cut_letters(np.ascontiguousarray(SHEET[:, 190:]), 204, LETTER) >= 4
    assert cut_letters(np.ascontiguousarray(SHEET[:, :600]), 204, LETTER) >= 4


def test_a_line_that_the_top_cuts_is_counted() -> None:
    first = int(np.flatnonzero((SHEET < 128).any(axis=1))[0])

    assert cut_letters(np.ascontiguousarray(SHEET[first + 12 :]), 204, LETTER) >= 4


def test_a_torn_edge_and_a_shadow_are_no_letters() -> None:
    page = SHEET.copy()
    rng = np.random.default_rng(1)
    for y in range(0, 980, 35):
        page[y : y + 25, : int(rng.integers(4, 16))] = 40
    page[:, -6:] = 60

    assert cut_letters(page, 204, LETTER) == 0

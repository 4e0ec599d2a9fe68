import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Box, CleanImage, Pixels, TextWord
from tests import ink

WORDS = ink.sheet()


def _on_page(clean: CleanImage, x: float, y: float) -> tuple[float, float]:
    point = clean.to_page @ np.array([x, y, 1.0])
    return float(point[0] / point[2]), float(point[1] / point[2])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("font", [ink.PRINT, ink.HAND])
def test_a_page_of_print_or_handwriting_is_set_upright(turn: int, font: object) -> None:
    upright = ink.sheet(font=ink.HAND if font == ink.HAND else ink.PRINT)

    clean = ink.cleaner()(ink.page(np.rot90(upright, turn // 90)))

    assert clean.turn == turn


@settings(max_examples=6, deadline=None)
@given(turn=st.sampled_from([0, 90, 180, 270]), skew=st.floats(-6, 6), scale=st.sampled_from([0.6, 1.0, 2.6]))
def test_a_point_of_the_cleaned_page_leads_back_to_its_ink(turn: int, skew: float, scale: float) -> None:
    # One black square beside the writing, found again on the cleaned page.
    picture = WORDS.copy()
    picture[1210:1230, 590:610] = 0
    size = (round(1500 * scale), round(1200 * scale))
    skewed = ink.turned_by(picture, skew)
    sized = cv2.resize(skewed, size[::-1], interpolation=cv2.INTER_AREA)
    rendered = np.rot90(sized.astype(np.uint8), turn // 90)

    clean = ink.cleaner()(ink.page(rendered))

    assert clean.turn == turn
    assert clean.skew_degrees == pytest.approx(skew, abs=0.25)
    lower = clean.pixels.copy()
    lower[: int(lower.shape[0] * 0.65)] = 255
    rows, columns = np.nonzero(lower < 100)
    x, y = _on_page(clean, float(columns.mean()), float(rows.mean()))
    there = np.argwhere(_only_square(rendered, turn) < 100)
    assert (y, x) == pytest.approx(tuple(there.mean(axis=0)), abs=2.5 * max(scale, 1))


def _only_square(rendered: Pixels, turn: int) -> Pixels:
    upright = np.rot90(rendered, -turn // 90).copy()
    upright[: int(upright.shape[0] * 0.65)] = 255
    return np.rot90(upright, turn // 90)


def test_a_huge_page_is_brought_to_working_size() -> None:
    clean = ink.cleaner()(ink.page(np.full((5000, 4000), 255, np.uint8)))

    assert max(clean.pixels.shape) == 3600
    assert _on_page(clean, 2879.5, 3599.5) == pytest.approx((3999.5, 4999.5), abs=1)


def test_the_cleaned_page_is_grey_and_its_paper_white() -> None:
    shadow = np.linspace(0.5, 1.0, 1200)[np.newaxis, :]

    clean = ink.cleaner()(ink.page((WORDS * shadow).astype(np.uint8)))

    assert clean.pixels.dtype == np.uint8
    assert clean.pixels.ndim == 2
    assert np.percentile(clean.pixels, 20) > 245


def test_a_page_that_carries_its_text_is_only_made_grey() -> None:
    layer = (TextWord(text="word", box=Box(100, 100, 200, 140)),)

    clean = ink.cleaner()(ink.page(np.rot90(WORDS), text_layer=layer))

    assert (clean.turn, clean.skew_degrees) == (0, 0.0)
    assert not clean.quality.blank


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (7, 9)])
def test_a_page_of_hardly_any_size_is_no_error(shape: tuple[int, int]) -> None:
    clean = ink.cleaner()(ink.page(np.zeros(shape, np.uint8)))

    assert clean.pixels.ndim == 2


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_of_one_colour_is_no_error(level: int) -> None:
    clean = ink.cleaner()(ink.page(np.full((900, 700), level, np.uint8)))

    assert (clean.quality.advice is None) == (level > 0)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_lone_line_on_a_large_sheet_is_set_upright(turn: int) -> None:
    sheet = np.full((3300, 2480), 250, np.uint8)
    ink.put(sheet, ink.line("Return in ten days if not improved.", font=ink.HAND, size=34), 150, 600)

    clean = ink.cleaner()(ink.page(np.rot90(sheet, turn // 90)))

    assert clean.turn == turn

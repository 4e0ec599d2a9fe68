import cv2
import numpy as np
import pytest

from pipeline.records import PageQuality, Pixels
from tests import ink


def _quality(picture: Pixels) -> PageQuality:
    return ink.cleaner()(ink.page(picture)).quality


def _paper(seed: int = 1) -> Pixels:
    noise = np.random.default_rng(seed).normal(246, 2.5, (2200, 1700))
    return np.clip(noise, 0, 255).astype(np.uint8)


def test_an_empty_sheet_is_blank() -> None:
    quality = _quality(_paper())

    assert quality.blank
    assert quality.sharpness is None
    assert quality.advice is None


def test_a_sheet_with_fax_specks_is_blank() -> None:
    paper = _paper()
    rng = np.random.default_rng(2)
    for x, y in zip(rng.integers(0, 1698, 900), rng.integers(0, 2198, 900), strict=True):
        paper[y : y + 2, x : x + 2] = 20

    assert _quality(paper).blank


def test_a_sheet_with_a_few_faint_words_is_not_blank() -> None:
    paper = _paper()
    words = ink.line("see other side", font=ink.HAND, size=34).astype(np.float64)
    faint = 246 - (255 - words) * 0.12
    paper[1000 : 1000 + words.shape[0], 600 : 600 + words.shape[1]] = faint.astype(np.uint8)

    assert not _quality(paper).blank


def test_a_crisp_page_needs_no_advice() -> None:
    quality = _quality(ink.sheet())

    assert quality.advice is None
    assert quality.sharpness is not None
    assert quality.sharpness > 0.5
    assert quality.contrast is not None
    assert quality.contrast > 0.8


def test_a_blurred_page_is_to_be_scanned_again() -> None:
    blurred = cv2.GaussianBlur(ink.sheet(width=1400, height=1900), (0, 0), 4).astype(np.uint8)

    quality = _quality(blurred)

    assert quality.advice is not None
    assert "blurred" in quality.advice


def test_a_page_of_few_pixels_is_to_be_scanned_again() -> None:
    small = cv2.resize(ink.sheet(), None, fx=0.12, fy=0.12, interpolation=cv2.INTER_AREA).astype(np.uint8)

    quality = _quality(small)

    assert quality.letter_height is not None
    assert quality.letter_height < 5.5
    assert quality.advice is not None
    assert "300 dpi" in quality.advice


def test_a_small_slip_with_letters_of_ordinary_size_needs_no_advice() -> None:
    quality = _quality(ink.sheet(("Rx amoxicillin 500 mg", "one three times a day"), size=32, width=640, height=420))

    assert quality.advice is None
    assert quality.letter_height is not None
    assert quality.letter_height > 15


def test_the_height_of_letters_is_in_pixels_as_rendered() -> None:
    large, small = _quality(ink.sheet(size=60, width=1600, height=2200)), _quality(ink.sheet(size=30))

    assert large.letter_height is not None
    assert small.letter_height is not None
    assert large.letter_height == pytest.approx(2 * small.letter_height, rel=0.15)


def test_a_photograph_without_light_is_to_be_taken_again() -> None:
    quality = _quality((ink.sheet() * 0.2).astype(np.uint8))

    assert quality.brightness == pytest.approx(0.2, abs=0.02)
    assert quality.advice is not None
    assert "more light" in quality.advice


@pytest.mark.parametrize("ink_left", [0.2, 0.12])
def test_pale_writing_is_to_be_scanned_again_with_more_contrast(ink_left: float) -> None:
    pale = (250 - (255 - ink.sheet(font=ink.HAND).astype(np.float64)) * ink_left).astype(np.uint8)

    quality = _quality(pale)

    assert not quality.blank
    assert quality.advice is not None
    assert "pale" in quality.advice


def test_a_page_whose_lines_are_cut_off_is_to_be_scanned_again_whole() -> None:
    quality = _quality(ink.sheet()[:, 190:])

    assert quality.cut_letters is not None
    assert quality.cut_letters >= 4
    assert quality.advice is not None
    assert "cut off" in quality.advice


def test_advice_grows_with_the_blur() -> None:
    crisp = ink.sheet(width=1400, height=1900)
    sharp = [
        _quality(cv2.GaussianBlur(crisp, (0, 0), sigma).astype(np.uint8)).sharpness or 0.0 for sigma in (0.5, 1.5, 3)
    ]

    assert sharp[0] > sharp[1] > sharp[2]

import cv2
import numpy as np

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
    quality = _quality(ink.sheet(size=16, width=560, height=720))

    assert quality.advice is not None
    assert "300 dpi" in quality.advice

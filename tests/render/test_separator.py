import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.records import PageImage
from pipeline.render.separator import SEPARATOR_TEXT, is_separator, separator_sheet
from tests.render.files import scan


def _page(image: Image.Image) -> PageImage:
    return PageImage(number=1, pixels=np.asarray(image.convert("RGB")), dpi=None)


def _with_code(text: str, side: int = 700) -> Image.Image:
    code = Image.fromarray(np.asarray(cv2.QRCodeEncoder.create().encode(text), dtype=np.uint8))
    page = scan(2550, 3300)
    page.paste(code.resize((side, side), Image.Resampling.NEAREST), (900, 1200))
    return page


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 8])
def test_the_sheet_is_known_whichever_way_it_was_laid(degrees: int) -> None:
    assert is_separator(_page(separator_sheet().rotate(degrees, expand=True, fillcolor=255)))


def test_the_sheet_is_known_after_a_fax() -> None:
    fax = separator_sheet().resize((1728, 1078)).convert("1").resize((1728, 2244))
    dirt = np.random.default_rng(7).random((2244, 1728))
    pixels = np.asarray(fax.convert("L")).copy()
    pixels[dirt < 0.03] = 0
    pixels[dirt > 0.97] = 255

    assert is_separator(_page(fax))
    assert is_separator(_page(Image.fromarray(pixels)))


def test_a_code_an_inch_wide_among_other_text_is_enough() -> None:
    assert is_separator(_page(_with_code(SEPARATOR_TEXT, side=330)))


@pytest.mark.parametrize("text", ["MRN 4711", "INKCHART-SEPARATOR-2", "inkchart-separator", " INKCHART-SEPARATOR"])
def test_any_other_code_separates_nothing(text: str) -> None:
    assert not is_separator(_page(_with_code(text)))


def test_the_separators_code_is_found_beside_another() -> None:
    page = _with_code("MRN 4711")
    page.paste(separator_sheet().crop((600, 1000, 1950, 2300)), (600, 1950))

    assert is_separator(_page(page))


def test_an_ordinary_page_is_no_separator() -> None:
    assert not is_separator(_page(scan(2550, 3300)))
    assert not is_separator(_page(Image.new("L", (20, 10), 255)))


def test_the_sheet_is_a_letter_page_at_any_resolution() -> None:
    assert separator_sheet(300).size == (2550, 3300)
    assert separator_sheet(100).size == (850, 1100)
    assert is_separator(_page(separator_sheet(100)))

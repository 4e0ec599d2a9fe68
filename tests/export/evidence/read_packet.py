"""A packet read back: the text of its sheets, what is drawn on them, and the pictures that it holds."""

import ctypes
import io
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from PIL import Image

TALL = 792.0
GREYS = 3
"""Colours that differ by less are grey: frames and rules, not outlines."""


@dataclass(frozen=True)
class Drawn:
    """A rectangle on a sheet, in points from its top left, and its colour."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class ReadSheet:
    """A sheet of the packet."""

    text: str
    outlines: tuple[Drawn, ...]
    picture: NDArray[np.uint8] | None
    """As embedded, RGB."""
    place: Drawn | None
    """Where the picture is drawn."""


def read(pdf: bytes) -> tuple[ReadSheet, ...]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_sheet(document[number]) for number in range(len(document)))
    finally:
        document.close()


def drawn(pdf: bytes, number: int, scale: float = 100 / 72) -> NDArray[np.uint8]:
    """A sheet as it is seen, RGB."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[number].render(scale=scale).to_pil().convert("RGB"))
    finally:
        document.close()


def _sheet(page: pypdfium2.PdfPage) -> ReadSheet:
    outlines, picture, place = [], None, None
    for each in page.get_objects():
        x0, y0, x1, y1 = each.get_bounds() if hasattr(each, "get_bounds") else each.get_pos()
        rect = Drawn(x0, TALL - y1, x1, TALL - y0, _colour(each))
        if each.type == pdfium.FPDF_PAGEOBJ_PATH and max(rect.colour) - min(rect.colour) > GREYS:
            outlines.append(rect)
        elif each.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            assert picture is None
            place, picture = rect, _embedded(each)
    words = page.get_textpage()
    return ReadSheet(" ".join(words.get_text_range().split()), tuple(outlines), picture, place)


def _embedded(each: pypdfium2.PdfObject) -> NDArray[np.uint8]:
    file = io.BytesIO()
    each.extract(file)
    return np.asarray(Image.open(io.BytesIO(file.getvalue())).convert("RGB"))


def _colour(each: pypdfium2.PdfObject) -> tuple[int, int, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetStrokeColor(each.raw, *(ctypes.byref(part) for part in parts))
    return parts[0].value, parts[1].value, parts[2].value

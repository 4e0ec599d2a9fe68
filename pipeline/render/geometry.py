"""From points of a PDF page to pixels of its picture."""

import ctypes
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_DEVICE = 1 << 20
"""pdfium rounds to whole device pixels, so it is asked for a very fine device."""


class Rect(NamedTuple):
    """A rectangle with real corners; which end is up depends on whose points they are."""

    x0: float
    y0: float
    x1: float
    y1: float


class Affine(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f: as PDF writes it."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def rect(self, rect: Rect) -> Rect:
        """The upright rectangle around where a rectangle goes."""
        corners = [self.point(x, y) for x in (rect.x0, rect.x1) for y in (rect.y0, rect.y1)]
        xs, ys = zip(*corners, strict=True)
        return Rect(min(xs), min(ys), max(xs), max(ys))

    def after(self, first: "Affine") -> "Affine":
        """This transform applied to what `first` gives."""
        a, b = self.a * first.a + self.c * first.b, self.b * first.a + self.d * first.b
        c, d = self.a * first.c + self.c * first.d, self.b * first.c + self.d * first.d
        return Affine(a, b, c, d, *self.point(first.e, first.f))


IDENTITY = Affine(1, 0, 0, 1, 0, 0)


def page_to_pixels(page: Any, width: int, height: int) -> Affine:
    """The way from a page's points (origin wherever its boxes put it, y up) to pixels of its picture.

    Crop box and rotation are in it.

    Args:
        page: pdfium's raw page.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """

    def device(x: float, y: float) -> tuple[float, float]:
        dx, dy = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, dx, dy)
        return dx.value * width / _DEVICE, dy.value * height / _DEVICE

    step = 100.0
    e, f = device(0, 0)
    right, up = device(step, 0), device(0, step)
    return Affine((right[0] - e) / step, (right[1] - f) / step, (up[0] - e) / step, (up[1] - f) / step, e, f)


def object_matrix(raw: Any) -> Affine:
    """A page object's own matrix."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, matrix):
        return IDENTITY
    return Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

"""What a PDF page holds besides text: pictures, ruled lines, and strokes that may be a pen's."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.render.geometry import IDENTITY, Affine, Rect, object_matrix

_MOST_OBJECTS = 20_000
_DEEPEST_FORM = 12
_THIN = 3.0
"""Points; a filled rectangle no thicker is a ruled line."""
_LEVEL = 0.3
"""Points by which a line may leave the level and still be a ruled one."""
_CORNER = 16.0
"""Points; a curve no larger may round the corner of a box."""
_BOX_SIDE = 20.0
"""Points; a box with rounded corners has at least two straight sides this long."""
_HARMLESS_ANNOTATIONS = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_NOT_SHOWN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidesText:
    """All of a page that its text does not say. Rectangles are in pixels of its picture."""

    pictures: tuple[Rect, ...]
    rules: tuple[Rect, ...]
    """Ruled lines and the sides of boxes."""
    penned: bool
    """Something is drawn that may be handwriting: strokes that are no ruled lines, or an annotation."""


def besides_text(page: Any, to_pixels: Affine) -> BesidesText:
    """Look through a page, forms within forms included.

    Args:
        page: pdfium's raw page.
        to_pixels: from the page's points to pixels.
    """
    pictures: list[Rect] = []
    rules: list[Rect] = []
    penned = _has_annotations(page)
    for seen, (raw, matrix) in enumerate(_objects(page)):
        if penned or seen == _MOST_OBJECTS:
            return BesidesText(pictures=(), rules=(), penned=True)
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(to_pixels.after(matrix).rect(_bounds(raw)))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            found = _ruled(raw, matrix)
            penned = found is None
            rules.extend(to_pixels.rect(rect) for rect in found or ())
    return BesidesText(pictures=tuple(pictures), rules=tuple(rules), penned=penned)


def _objects(page: Any) -> Iterator[tuple[Any, Affine]]:
    """Every object that is no form, with the matrix of the forms around it."""
    count = pdfium.FPDFPage_CountObjects(page)
    waiting = [(pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0) for i in reversed(range(count))]
    while waiting:
        raw, matrix, depth = waiting.pop()
        if pdfium.FPDFPageObj_GetType(raw) != pdfium.FPDF_PAGEOBJ_FORM:
            yield raw, matrix
        elif depth < _DEEPEST_FORM:
            inner = matrix.after(object_matrix(raw))
            inside = reversed(range(pdfium.FPDFFormObj_CountObjects(raw)))
            waiting.extend((pdfium.FPDFFormObj_GetObject(raw, i), inner, depth + 1) for i in inside)


def _bounds(raw: Any) -> Rect:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top)
    return Rect(left.value, bottom.value, right.value, top.value)


def _has_annotations(page: Any) -> bool:
    """Whether anything stands on the page that is not part of its content: ink, stamps, filled fields."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        harmless = pdfium.FPDFAnnot_GetSubtype(annotation) in _HARMLESS_ANNOTATIONS
        shown = not pdfium.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN
        pdfium.FPDFPage_CloseAnnot(annotation)
        if shown and not harmless:
            return True
    return False


def _ruled(raw: Any, outer: Affine) -> tuple[Rect, ...] | None:
    """The ruled lines of a path in page points, empty for a mere area of colour, None for a pen's stroke."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, filled, stroked)
    if not stroked.value:
        if not filled.value:
            return ()
        area = outer.rect(_bounds(raw))
        return (area,) if min(area.x1 - area.x0, area.y1 - area.y0) <= _THIN else ()
    width = ctypes.c_float(1.0)
    pdfium.FPDFPageObj_GetStrokeWidth(raw, width)
    matrix = outer.after(object_matrix(raw))
    reach = width.value / 2 * max(abs(matrix.a) + abs(matrix.c), abs(matrix.b) + abs(matrix.d))
    if reach > _THIN:
        return None
    pieces = list(_pieces(raw, matrix))
    straight = [piece for piece, curved in pieces if not curved]
    curves = [piece for piece, curved in pieces if curved]
    if any(min(piece.x1 - piece.x0, piece.y1 - piece.y0) > _LEVEL for piece in straight):
        return None
    sides = sum(max(piece.x1 - piece.x0, piece.y1 - piece.y0) >= _BOX_SIDE for piece in straight)
    small = all(max(piece.x1 - piece.x0, piece.y1 - piece.y0) <= _CORNER for piece in curves)
    if curves and (len(curves) > 8 or sides < 2 or not small):
        return None
    return tuple(Rect(p.x0 - reach, p.y0 - reach, p.x1 + reach, p.y1 + reach) for p in straight + curves)


def _pieces(raw: Any, matrix: Affine) -> Iterator[tuple[Rect, bool]]:
    """The bounds of each stretch of a path in page points, and whether it is a curve."""
    start = here = (0.0, 0.0)
    curve: list[tuple[float, float]] = []
    for index in range(pdfium.FPDFPath_CountSegments(raw)):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield _around([here, point]), False
            here = point
        else:
            curve.append(point)
            if len(curve) == 3:
                yield _around([here, *curve]), True
                here, curve = point, []
        if pdfium.FPDFPathSegment_GetClose(segment) and here != start:
            yield _around([here, start]), False
            here = start


def _around(points: list[tuple[float, float]]) -> Rect:
    xs, ys = zip(*points, strict=True)
    return Rect(min(xs), min(ys), max(xs), max(ys))

"""The forms of a claim as a PDF. The only door to ReportLab.

A page is Letter size, and its print grid begins 0.35 inch from the left and has its first row's baseline 0.375 inch
from the top, where printers feed the red form so that row 8 falls into box 1. Text is 10 point Courier set 10
characters an inch, in black, as readers of the form expect.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from pipeline.export.cms1500.boxes import places
from pipeline.export.cms1500.forms import Form

TABLE = Path(__file__).parent / "plain.tsv"
PITCH, LINE = 7.2, 12.0
"""Width of a column and height of a row, in points."""
LEFT, FIRST_BASELINE = 25.2, 27.0
"""Of column 1 from the left, of row 1 from the top, in points."""
TYPE, TYPE_SIZE, TYPE_WIDTH = "Courier", 10.0, 6.0
LABEL, LABEL_SIZE = "Helvetica", 5.5
HEADING = "Helvetica-Bold"
EDGE_BELOW = 2.8
"""Of a row's lower edge from its baseline, in points."""
ROWS_OF_A_LINE = 2
INK, GREY, FAINT, SHADE = 0.0, 0.35, 0.75, 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Something drawn on plain paper, in the print grid."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float
    words: str


def draw(forms: Sequence[Form], *, preprinted: bool, draft: bool = False) -> bytes:
    """One page a form.

    Args:
        forms: whose texts fit.
        preprinted: only the texts, for the red form; else with frames and labels of our own.
        draft: across each page stands that nobody released it.
    """
    file = io.BytesIO()
    # The same claim gives the same bytes, so that a file can be told from a changed one.
    canvas = Canvas(file, pagesize=LETTER, invariant=1, lang="en-US")
    canvas.setTitle("CMS-1500 (02/12)")
    canvas.setCreator("Inkchart")
    for number, form in enumerate(forms, start=1):
        if draft:
            _draw_draft(canvas)  # first, so that it lies under lines and texts
        if not preprinted:
            _draw_frames(canvas)
            _draw_heading(canvas, number, len(forms))
        _draw_texts(canvas, form)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_texts(canvas: Canvas, form: Form) -> None:
    canvas.setFont(TYPE, TYPE_SIZE)
    canvas.setFillGray(INK)
    for row, column, text in _texts(form):
        canvas.drawString(
            _edge(column - 1) + (PITCH - TYPE_WIDTH) / 2, _baseline(row), text, charSpace=PITCH - TYPE_WIDTH
        )


def _texts(form: Form) -> Iterator[tuple[int, int, str]]:
    for texts, rows in ((form.boxes, 0), *((line, n * ROWS_OF_A_LINE) for n, line in enumerate(form.lines))):
        for box, text in texts.items():
            place = places()[box]
            yield place.row + rows, place.starts(text), text


def _draw_draft(canvas: Canvas) -> None:
    width, height = LETTER
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(50)
    canvas.setFillGray(SHADE)
    canvas.setFont(HEADING, 68)
    canvas.drawCentredString(0, -24, "DRAFT – not released")
    canvas.restoreState()


def _draw_heading(canvas: Canvas, number: int, count: int) -> None:
    canvas.setFillGray(INK)
    canvas.setFont(HEADING, 11)
    canvas.drawString(_edge(0), _baseline(2), "Claim for professional services")
    canvas.setFont(LABEL, 7)
    canvas.setFillGray(GREY)
    canvas.drawString(_edge(0), _baseline(3), "Boxes numbered as on the CMS-1500 (02/12); plain-paper copy.")
    canvas.drawString(_edge(0), _baseline(4), "A payer that asks for paper takes the original red form.")
    if count > 1:
        canvas.setFont(HEADING, 7)
        canvas.drawString(
            _edge(0), _baseline(5), f"Form {number} of {count}: each stands alone, with a total of its own."
        )


def _draw_frames(canvas: Canvas) -> None:
    canvas.setLineWidth(0.5)
    # Shades lie below all lines.
    for shape in sorted(_shapes(), key=lambda each: each.kind != "shade"):
        canvas.setStrokeGray(GREY)
        canvas.setFillGray(GREY)
        canvas.setFont(LABEL, LABEL_SIZE)
        match shape.kind:
            case "shade":
                canvas.setFillGray(SHADE)
                canvas.rect(*_corners(shape), stroke=0, fill=1)
            case "frame":
                x, y, width, height = _corners(shape)
                canvas.rect(x, y, width, height)
                canvas.drawString(x + 2, y + height - LABEL_SIZE - 0.5, shape.words)
            case "line" | "faint":
                canvas.setStrokeGray(GREY if shape.kind == "line" else FAINT)
                canvas.line(_edge(shape.left), _below(shape.top), _edge(shape.right), _below(shape.bottom))
            case "word":
                canvas.drawString(_edge(shape.left - 1), _baseline(shape.top), shape.words)
            case side:
                _draw_square(canvas, shape, side.removeprefix("square "))


def _draw_square(canvas: Canvas, shape: Shape, side: str) -> None:
    x, y = _edge(shape.left - 1), _baseline(shape.top)
    canvas.rect(x - 0.4, y - 1.2, PITCH + 0.8, PITCH + 1.6)
    match side:
        case "before":
            canvas.drawRightString(x - 2, y, shape.words)
        case "above":
            canvas.drawCentredString(x + PITCH / 2, y + PITCH + 2.2, shape.words)
        case _:
            canvas.drawString(x + PITCH + 2, y, shape.words)


@cache
def _shapes() -> tuple[Shape, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return tuple(
            Shape(
                kind=row["shape"],
                left=float(row["left"]),
                top=float(row["top"]),
                right=float(row["right"] or 0),
                bottom=float(row["bottom"] or 0),
                words=row["words"] or "",
            )
            for row in rows
        )


def _corners(shape: Shape) -> tuple[float, float, float, float]:
    """Left, bottom, width and height in points."""
    x, y = _edge(shape.left), _below(shape.bottom)
    return x, y, _edge(shape.right) - x, _below(shape.top) - y


def _edge(column: float) -> float:
    """The right edge of a column, in points from the left."""
    return LEFT + column * PITCH


def _baseline(row: float) -> float:
    """Of a row, in points from the bottom."""
    return float(LETTER[1]) - FIRST_BASELINE - (row - 1) * LINE


def _below(row: float) -> float:
    return _baseline(row) - EDGE_BELOW

"""What a practice has printed: letterheads, ruled paper, fields, checkboxes, separator sheets."""

import numpy as np

from pipeline.render.separator import separator_sheet
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import DrawnMark, Quad, Sheet, parse


def letterhead(sheet: Sheet, practice: str, address: str, title: str, *, face: str = "source-serif-4") -> int:
    """The head of a sheet; returns the y below it."""
    middle = sheet.width / 2
    sheet.print(middle, 110, practice, size=46, face=face, weight=700, centre=True)
    sheet.print(middle, 156, address, size=25, face=face, centre=True)
    sheet.rule(90, 180, sheet.width - 90, thick=3)
    sheet.print(middle, 232, title, size=34, weight=700, centre=True)
    return 260


def ruled(
    sheet: Sheet,
    top: int,
    bottom: int,
    pitch: int,
    *,
    margin: int | None = None,
    colour: tuple[int, int, int] = (158, 182, 214),
) -> None:
    """Ruled lines every `pitch` pixels, with a red margin line where one is wanted."""
    for y in range(top, bottom + 1, pitch):
        sheet.rule(60, y, sheet.width - 60, colour=colour, thick=2)
    if margin is not None:
        sheet.column(margin, 60, sheet.height - 60, colour=(226, 148, 150), thick=2)


def field(
    sheet: Sheet, x: float, y: float, end: float, label: str, value: str, hand: Hand | None, *, size: int = 27
) -> None:
    """A printed label, a rule, and what was filled in: by hand, or typed where there is no hand."""
    start = sheet.print(x, y, label, size=size) + 12
    sheet.rule(start - 4, y + 8, end, colour=(110, 110, 116), thick=2)
    if value and hand is not None:
        sheet.write(start + 6, y, value, hand)
    elif value:
        sheet.print(start + 6, y, value, size=size, face="courier-prime")


def checkbox(sheet: Sheet, x: float, y: float, label: str, state: str, hand: Hand, *, size: int = 26) -> float:
    """A box with its label to the right, baseline at y; a ticked one gets a tick or a cross.

    A label's `{D ...}` marks count only where the box is ticked: a blank box says nothing.
    """
    side = 26
    top = y - side + 3
    sheet.frame(x, top, x + side, top + side, thick=2)
    corners: Quad = [(x, top), (x + side, top), (x + side, top + side), (x, top + side)]
    text = label if state == "ticked" else parse(label)[0]
    end = sheet.print(x + side + 14, y, text, size=size)
    sheet.marks.append(DrawnMark(label=parse(label)[0], state=state, corners=corners))
    jitter = sheet.random.normal(0, 2.0, (3, 2))
    if state == "ticked" and sheet.random.random() < 0.6:
        points = np.array([(x + 2, top + 13), (x + 11, top + 25), (x + 33, top - 9)]) + jitter
        sheet.stroke(points, hand.ink, 4)
    elif state == "ticked":
        sheet.stroke(np.array([(x - 2, top - 1), (x + 28, top + 27)]) + jitter[:2], hand.ink, 4)
        sheet.stroke(np.array([(x + 28, top - 2), (x - 1, top + 28)]) + jitter[1:], hand.ink, 4)
    elif state == "doubtful":
        sheet.stroke(np.array([(x + 9, top + 15), (x + 16, top + 11)]) + jitter[:2] / 3, hand.ink, 3)
    return end


def lay_separator(sheet: Sheet, *, dpi: int = 200) -> None:
    """Print the product's own separator sheet on a letter-size sheet."""
    printed = np.asarray(separator_sheet(dpi))[..., None]
    np.minimum(sheet.pixels, printed, out=sheet.pixels)

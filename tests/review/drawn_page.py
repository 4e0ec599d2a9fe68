"""Drawing a page and reading it by hand: the picture, and the lines with the boxes of their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.records import (
    Alternative,
    Box,
    Line,
    LineKind,
    Mark,
    MarkState,
    Page,
    PageQuality,
    PageRole,
    Word,
)

FONTS = Path(__file__).parents[2] / "samples" / "fonts"
SIZE = (1275, 1650)
PRINT, HAND = LineKind.PRINT, LineKind.HAND


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A page with its picture."""

    page: Page
    picture: Image.Image


def draw(number: int, lines: Iterable[tuple[LineKind, int, int, str, float]], *, turn: int = 0) -> Drawn:
    """A page with these lines: kind, left, top, text, confidence. Unreadable is what was read below .7."""
    picture = Image.new("RGB", SIZE, (252, 251, 247))
    pen = ImageDraw.Draw(picture)
    read = []
    for index, (kind, x, y, text, confidence) in enumerate(lines, 1):
        font, ink = _font(kind), (28, 40, 110) if kind is HAND else (30, 30, 30)
        words = []
        for word in text.split():
            left, top, right, bottom = (int(v) for v in pen.textbbox((x, y), word, font=font))
            pen.text((x, y), word, font=font, fill=ink)
            doubtful = confidence < 0.7 and len(word) > 5
            words.append(
                Word(
                    text=word,
                    box=_turned(Box(left, top, right, bottom), turn),
                    confidence=0.31 if doubtful else confidence,
                    unreadable=doubtful,
                    alternatives=(Alternative(text="running", confidence=0.28),) if word == "runing" else (),
                )
            )
            x = right + (14 if kind is PRINT else 16)
        boxes = [word.box for word in words if word.box]
        around = Box(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )
        read.append(
            Line(
                id=f"p{number}l{index}",
                kind=kind,
                box=around,
                text=" ".join(word.text for word in words),
                confidence=confidence,
                words=tuple(words),
            )
        )
    marks: tuple[Mark, ...] = ()
    if number == 1:
        pen.rectangle((114, 1384, 140, 1410), outline=(30, 30, 30), width=3)
        pen.line((110, 1396, 126, 1408, 150, 1372), fill=(28, 40, 110), width=4)
        marks = (Mark(box=Box(110, 1372, 150, 1412), state=MarkState.TICKED, line="p1l18"),)
    if turn == 180:
        picture = picture.rotate(180)
    blank = not read
    page = Page(
        number=number,
        width=SIZE[0],
        height=SIZE[1],
        dpi=150.0,
        turn=turn,
        skew_degrees=0.0,
        quality=PageQuality(
            sharpness=0.8,
            contrast=0.9,
            ink=0.0 if blank else 0.04,
            blank=blank,
            advice="The left edge is faint; a darker scan would read better." if number == 1 else None,
        ),
        lines=tuple(read),
        marks=marks,
        role=PageRole.BLANK if blank else PageRole.CONTENT,
    )
    return Drawn(page=page, picture=picture)


def _font(kind: LineKind) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    file = FONTS / ("kalam-latin-400-normal.woff2" if kind is HAND else "source-serif-4-latin-400-normal.woff2")
    size = 42 if kind is HAND else 30
    return ImageFont.truetype(str(file), size) if file.is_file() else ImageFont.load_default(size)


def _turned(box: Box, turn: int) -> Box:
    width, height = SIZE
    return Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0) if turn == 180 else box

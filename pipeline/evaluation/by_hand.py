"""A note drawn in a handwriting font onto pages, and the way back from the ink to the note.

Every word that is drawn keeps its box and its place in the note. A finding that was read from the pages stands, in
the note, from the first to the last of the words that its boxes cover: so it can be held against the truth although
the text that was read differs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.errors import UsageError
from pipeline.evaluation.note_data import Mention
from pipeline.records import Box, Entity, Page, PageImage

DPI = 200
WIDTH, HEIGHT = 1700, 2200
"""A sheet of letter paper, pixels."""
_MARGIN = 140
_ACROSS = "the patient was seen for cough and a sore throat since Monday"
"""About as many letters as stand on a line."""
_INK = 40
_PITCH = 1.15
"""From line to line, of the font's own line height."""
_COVERED = 0.5
"""Of the smaller of two boxes, the share that the other shares with it where both are of one word."""
_SIGNS = ".,;:()[]"
_NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnWord:
    """A word as it was drawn, without the signs around it."""

    start: int
    """First code point in the note."""
    end: int
    """One past the last code point in the note."""
    page: int
    """From 1."""
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNote:
    """A note on pages."""

    pages: tuple[PageImage, ...]
    words: tuple[DrawnWord, ...]


def hand(path: Path) -> ImageFont.FreeTypeFont:
    """Load a font at the size at which about sixty letters fill a line.

    Raises:
        UsageError: it is no font.
    """
    try:
        trial = ImageFont.truetype(str(path), 100)
        return ImageFont.truetype(str(path), round(100 * (WIDTH - 2 * _MARGIN) / trial.getlength(_ACROSS)))
    except OSError as error:
        raise UsageError(f"{path} is no font that can be drawn with.") from error


def draw(text: str, font: ImageFont.FreeTypeFont) -> DrawnNote:
    """Draw a note, its line ends kept and long lines wrapped."""
    pages: list[Image.Image] = []
    words: list[DrawnWord] = []
    ascent, descent = font.getmetrics()
    pitch, blank = round(_PITCH * (ascent + descent)), font.getlength(" ")
    y = HEIGHT
    for line in _lines(text):
        x = float(WIDTH)
        for start, word in line:
            wide = font.getlength(word)
            if x + wide > WIDTH - _MARGIN:
                x, y = float(_MARGIN), y + pitch
            if y + pitch > HEIGHT - _MARGIN:
                pages.append(Image.new("L", (WIDTH, HEIGHT), 255))
                y = _MARGIN
            ImageDraw.Draw(pages[-1]).text((x, y), word, fill=_INK, font=font)
            first, last = len(word) - len(word.lstrip(_SIGNS)), len(word.rstrip(_SIGNS))
            box = Box(*(round(edge) for edge in font.getbbox(word)))
            left = round(x)
            box = Box(box.x0 + left, box.y0 + y, box.x1 + left, box.y1 + y)
            if first < last:
                words.append(DrawnWord(start=start + first, end=start + last, page=len(pages), box=box))
            x += wide + blank
    return DrawnNote(
        pages=tuple(
            PageImage(number=number, pixels=np.array(page.convert("RGB"), np.uint8), dpi=float(DPI))
            for number, page in enumerate(pages, start=1)
        ),
        words=tuple(words),
    )


def pages_by_hand(read_page: Callable[[PageImage], Page], fonts: Sequence[Path]) -> Callable[[str], tuple[Page, ...]]:
    """A function from a note to its pages, drawn in one font after the other and read.

    Args:
        read_page: all stages from pixels to words.
        fonts: at least one.

    Raises:
        UsageError: one is no font.
    """
    hands = cycle([hand(font) for font in fonts])
    return lambda text: tuple(map(read_page, draw(text, next(hands)).pages))


def read(
    note: DrawnNote, read_page: Callable[[PageImage], Page], find: Callable[[tuple[Page, ...]], tuple[Entity, ...]]
) -> tuple[Mention, ...]:
    """Read the pages and place what is found on them in the note.

    Args:
        note: as drawn.
        read_page: all stages from pixels to words.
        find: from pages to findings.
    """
    return tuple(placed(entity, note.words) for entity in find(tuple(map(read_page, note.pages))))


def placed(entity: Entity, words: Sequence[DrawnWord]) -> Mention:
    """A finding in the note; one that covers no word stands nowhere and is met by nothing."""
    boxes = [(span.page, box) for span in entity.spans for box in span.boxes]
    covered = [word for word in words if any(page == word.page and _covers(box, word.box) for page, box in boxes)]
    return Mention(
        start=min((word.start for word in covered), default=_NOWHERE),
        end=max((word.end for word in covered), default=_NOWHERE),
        label=entity.label,
        text=entity.text,
    )


def _covers(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    smaller = min((box.x1 - box.x0) * (box.y1 - box.y0) for box in (one, other))
    return across > 0 and down > 0 and across * down >= _COVERED * smaller


def _lines(text: str) -> Iterator[list[tuple[int, str]]]:
    """The words of each line that has any, with their places in the text."""
    at = 0
    for line in text.splitlines(keepends=True):
        words, cursor = [], 0
        for word in line.split():
            cursor = line.index(word, cursor)
            words.append((at + cursor, word))
            cursor += len(word)
        if words:
            yield words
        at += len(line)

"""The text layer of a PDF page, where it can be trusted to say all that the page shows.

Many scans carry the text of an old recognition behind their picture, and forms that were printed
are signed, ticked and annotated afterwards. So a text layer counts only if the page's picture bears
it out: each word has ink where it claims to stand, and besides words, ruled lines and a letterhead's
logo there is no ink left over. Otherwise the page is read from its pixels like any scan.
"""

import math
from typing import Any

from PIL import Image, ImageDraw

from pipeline.render.drawn import DrawnWord
from pipeline.render.geometry import Rect, page_to_pixels
from pipeline.render.page_objects import besides_text
from pipeline.render.pdf_words import words_of

_INK = 170
"""Darker than this is ink, of 255."""
_PAPER = 200
"""Lighter than this is paper, of 255."""
_LETTERHEAD = 0.14
"""Share of the page's height, at its head and foot, in which a logo may stand."""
_LOGO = 0.03
"""Share of the page's area that a logo may cover."""
_SPECK = 1 / 40_000
"""Share of the page's area that may be ink and remain unexplained: less than a tick in a box."""


def text_layer(page: Any, image: Image.Image) -> tuple[DrawnWord, ...] | None:
    """The page's words, or None where it must be read from its pixels.

    Args:
        page: an open pypdfium2 page.
        image: its picture, RGB.

    Returns:
        Words in the file's order with their boxes in pixels.
    """
    to_pixels = page_to_pixels(page.raw, *image.size)
    stated = words_of(page.raw)
    if not stated:
        return None
    besides = besides_text(page.raw, to_pixels)
    if besides.penned or not all(_is_logo(picture, image.size) for picture in besides.pictures):
        return None
    grey = image.convert("L")
    words = []
    covered = [_grown(picture, 1) for picture in besides.pictures]
    for word in stated:
        box = _inside(to_pixels.rect(word.bounds), image.size)
        if box is None or not word.inked or not _shows(grey, box):
            continue
        if any(_overlap(box, picture) for picture in besides.pictures):
            return None
        words.append(DrawnWord(word.text, *box))
        covered.append(_grown(to_pixels.rect(word.reach), 2))
    if not words or any(word.garbled for word in stated):
        return None
    covered.extend(_grown(rule, 2) for rule in besides.rules)
    return tuple(words) if _ink_left(grey, covered) <= _SPECK * math.prod(image.size) else None


def _is_logo(picture: Rect, size: tuple[int, int]) -> bool:
    """Whether a picture is small and stands in the letterhead or the foot line, or is a mere rule."""
    width, height = size
    across, down = picture.x1 - picture.x0, picture.y1 - picture.y0
    if min(across, down) <= height / 400:
        return True
    outside = picture.y1 <= height * _LETTERHEAD or picture.y0 >= height * (1 - _LETTERHEAD)
    return outside and across * down <= _LOGO * width * height


def _inside(rect: Rect, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Whole pixels around a rectangle, or None where more than half of it is off the page."""
    x0, y0 = max(0, math.floor(rect.x0)), max(0, math.floor(rect.y0))
    x1, y1 = min(size[0], math.ceil(rect.x1)), min(size[1], math.ceil(rect.y1))
    if x1 <= x0 or y1 <= y0:
        return None
    whole = (rect.x1 - rect.x0) * (rect.y1 - rect.y0)
    return (x0, y0, x1, y1) if 2 * (x1 - x0) * (y1 - y0) >= whole else None


def _shows(grey: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether there is ink on paper in a box; a word that is white, clipped or painted over has none."""
    x0, y0, x1, y1 = box
    darkest, lightest = grey.crop((max(0, x0 - 2), max(0, y0 - 2), x1 + 2, y1 + 2)).getextrema()
    return darkest < _INK and lightest > _PAPER  # type: ignore[operator]


def _overlap(box: tuple[int, int, int, int], other: Rect) -> bool:
    return box[0] < other.x1 and other.x0 < box[2] and box[1] < other.y1 and other.y0 < box[3]


def _grown(rect: Rect, pixels: float) -> Rect:
    return Rect(rect.x0 - pixels, rect.y0 - pixels, rect.x1 + pixels, rect.y1 + pixels)


def _ink_left(grey: Image.Image, covered: list[Rect]) -> int:
    """Pixels of ink outside what is accounted for."""
    ink = grey.point([255] * _INK + [0] * (256 - _INK))
    draw = ImageDraw.Draw(ink)
    for rect in covered:
        draw.rectangle(rect, fill=0)
    return ink.histogram()[255]

"""Pages: as rendered, cleaned, laid out and read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""An image, height x width x 3 (RGB) or height x width (grey), 0 black to 255 white."""

Matrix: TypeAlias = NDArray[np.float64]
"""A 3 x 3 projective transform of column vectors (x, y, 1), in pixels."""


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom; right and bottom are outside it."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWord:
    """A word of a PDF's visible text layer."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """A page as rendered: the frame of reference of every box."""

    number: int
    """Place in the file, from 1."""
    pixels: Pixels
    """Height x width x 3, RGB."""
    dpi: float | None
    """Dots per inch, where the file says or implies it."""
    text_layer: tuple[TextWord, ...] | None = None
    """Visible text that no image covers, in the file's order; None where the page must be read from its pixels."""
    of: int | None = None
    """Pages of its file, where they were counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuality:
    """How well a page was scanned; each measure is None where it could not be taken."""

    sharpness: float | None
    """0 blurred to 1 crisp."""
    contrast: float | None
    """0 faint to 1 black on white."""
    ink: float
    """Share of the page's pixels that are ink."""
    blank: bool
    """Nothing is written on it."""
    advice: str | None
    """One sentence for the clerk where a re-scan is advised."""
    brightness: float | None = None
    """Of the paper as rendered, 0 black to 1 white."""
    letter_height: float | None = None
    """Height of a usual letter, pixels of the page as rendered."""
    cut_letters: int | None = None
    """Letters that the edge of the scan cuts, at the side where it cuts most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanImage:
    """A page set upright, flat and straight, with the way back to the page as rendered."""

    page: PageImage
    """The page as rendered."""
    pixels: Pixels
    """The cleaned page, height x width, grey."""
    turn: int
    """Degrees clockwise by which the page was turned upright: 0, 90, 180 or 270."""
    skew_degrees: float
    """The skew that was found and taken out, degrees counter-clockwise."""
    to_page: Matrix
    """Takes a point of the cleaned page to the page as rendered."""
    quality: PageQuality


class LineKind(StrEnum):
    """Who wrote a line."""

    PRINT = "print"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A line that was found, before it is read. Regions stand in reading order."""

    corners: tuple[tuple[float, float], ...]
    """Four corners on the cleaned page, clockwise from the top left of the text."""
    kind: LineKind
    kind_confidence: float
    """How sure the kind is, .5 to 1."""


class MarkState(StrEnum):
    """What a checkbox says."""

    TICKED = "ticked"
    BLANK = "blank"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRegion:
    """A checkbox that was found on the cleaned page."""

    corners: tuple[tuple[float, float], ...]
    """Four corners on the cleaned page."""
    state: MarkState
    around: bool = False
    """A pen drew it around the words that it marks, as a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things are on a cleaned page."""

    lines: tuple[Region, ...]
    """In reading order."""
    marks: tuple[MarkRegion, ...] = ()
    loose: tuple[tuple[tuple[float, float], ...], ...] | None = None
    """Four corners on the cleaned page of each piece of ink outside lines and marks; None where nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another way to read the same ink."""

    text: str
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word that was read."""

    text: str
    """The best reading, also where it is marked unreadable."""
    box: Box | None
    """None where the text came without a page, as in a typed note."""
    confidence: float | None
    """Probability that the word is right."""
    unreadable: bool = False
    """Too doubtful to become a code by itself, or crossed out."""
    alternatives: tuple[Alternative, ...] = ()
    """Best first, without `text` itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that was read. Its text is its words' texts joined by single spaces, unless it came from a typed note."""

    id: str
    """Unique in the file: `p<page>l<line>`."""
    kind: LineKind
    box: Box | None
    text: str
    confidence: float | None
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSpan:
    """A stretch of a line: the way back to the ink."""

    page: int
    """Page number, from 1."""
    line: str
    """Line id."""
    start: int
    """First code point in the line's text."""
    end: int
    """One past the last code point in the line's text."""
    boxes: tuple[Box, ...] = ()
    """Boxes of the words that it touches, on the page as rendered; empty for typed notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A checkbox on the page as rendered."""

    box: Box
    state: MarkState
    line: str | None
    """Id of the line that it marks, where there is one beside it."""
    label: tuple[LineSpan, ...] = ()
    """The words that it marks, of the line and of those that go on with it."""


class PageRole(StrEnum):
    """What a page is to the chart."""

    CONTENT = "content"
    BLANK = "blank"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that was read."""

    number: int
    """Place in the file, from 1."""
    width: int
    height: int
    dpi: float | None
    turn: int
    """Degrees clockwise by which the page was turned upright: 0, 90, 180 or 270."""
    skew_degrees: float
    quality: PageQuality
    lines: tuple[Line, ...]
    """In reading order."""
    marks: tuple[Mark, ...] = ()
    role: PageRole = PageRole.CONTENT
    part: int = 1
    """Which part of the file this page belongs to, from 1; a separator sheet begins the next part."""
    loose_ink: tuple[Box, ...] | None = None
    """Strokes outside lines and marks, as of a signature; None where nobody looked: a text layer, an older reading."""

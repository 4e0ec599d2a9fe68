"""What passes inside the decoder process, kept free of arrays so that it starts quickly."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypedDict

from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost; see `RenderSettings`."""

    dpi: int
    max_pixels: int
    page_seconds: float
    memory_mb: int


class DrawnWord(NamedTuple):
    """A word of the text layer with its box in pixels."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page as a Pillow image in mode RGB."""

    image: Image.Image
    dpi: float | None
    words: tuple[DrawnWord, ...] | None = None


class Drawer(Protocol):
    """An opened file whose pages can be drawn one after another."""

    def count(self) -> int:
        """Number of pages."""
        ...

    def draw(self, number: int) -> DrawnPage:
        """Draw one page, numbered from 1."""
        ...


class Answer(TypedDict, total=False):
    """The header of an answer of the decoder process: a count, a page, or what went wrong."""

    count: int
    width: int
    height: int
    dpi: float | None
    words: tuple[DrawnWord, ...] | None
    error: str
    """Name of a class in `pipeline.errors`."""
    sentence: str
    bug: str
    """Kind and place of an exception that nobody expected, without its message."""

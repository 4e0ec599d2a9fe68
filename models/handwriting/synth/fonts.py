"""The fonts that lines are drawn with: fonts.tsv, and what the fetched files hold."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

ALLOWED = frozenset(map(chr, range(32, 127))) | frozenset("°µ½é£§–’“”")
LIST = Path(__file__).with_name("fonts.tsv")


@dataclass(frozen=True)
class Font:
    """One row of fonts.tsv: style is hand, handprint, print or type.

    capitals: never in a row (0: a script's capitals make nonsense side by side), as any letter (1), or alone (2: the
    font has no small letters). A joined font is drawn word by word, since its letters lead into one another.
    """

    name: str
    licence: str
    style: str
    weight: float
    capitals: int
    validation: bool
    joined: bool
    package: str


def listed() -> list[Font]:
    """Return the rows of fonts.tsv."""
    rows = [line.split("\t") for line in LIST.read_text().splitlines()[1:] if line]
    return [Font(r[0], r[1], r[2], float(r[3]), int(r[4]), r[5] == "1", r[6] == "1", r[7]) for r in rows]


@dataclass(frozen=True)
class Face:
    """A font with its file and measures.

    size_per_x: the size in pixels at which its x is one pixel high; pitch and stroke: the mean advance of a small
    letter and the width of its strokes, in x-heights.
    """

    font: Font
    path: Path
    characters: frozenset[str]
    size_per_x: float
    pitch: float
    stroke: float

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Return the face ready to draw at a size in pixels an em."""
        return opened(self.path, size)


@dataclass(frozen=True)
class Glyph:
    """A letter's pixels, where they stand from the pen's place on the baseline, and how far the pen moves."""

    pixels: NDArray[np.uint8]
    right: int
    down: int
    advance: float


def shaped(path: Path, size: int, text: str) -> Glyph:
    """Return a letter or a joined word as drawn at a size."""
    font = opened(path, size)
    left, top, right, bottom = map(int, font.getbbox(text, anchor="ls"))
    image = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font, anchor="ls")
    return Glyph(np.asarray(image), left, top, float(font.getlength(text)))


glyph = lru_cache(maxsize=30_000)(shaped)  # for single letters, which come again


@lru_cache(maxsize=1024)
def opened(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return a font file opened at a size."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def faces(folder: Path) -> list[Face]:
    """Return the fetched fonts; those of the list that are not in the folder are left out."""
    found = []
    for font in listed():
        path = folder / f"{font.name}.ttf"
        if not path.exists():
            continue
        with TTFont(path) as file:
            mapped = {chr(code) for code in file.getBestCmap()} & ALLOWED
        # some fonts map a character to an empty glyph
        characters = frozenset(c for c in mapped if c == " " or opened(path, 40).getmask(c).getbbox())
        found.append(Face(font, path, characters, *measured(path, font.capitals == 2)))
    return found


def measured(path: Path, capitals: bool) -> tuple[float, float, float]:
    """Return a font's size_per_x, pitch and stroke; a font of capitals alone counts as if its x were lower."""
    font, sample = opened(path, 200), "HAND" if capitals else "handoe"
    box = font.getbbox("H" if capitals else "x")
    x_height = max(20.0, box[3] - box[1]) * (0.72 if capitals else 1.0)
    ink = (shaped(path, 200, sample).pixels > 127).astype(np.uint8)
    edges, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    around = sum(cv2.arcLength(edge, True) for edge in edges)
    return 200 / x_height, font.getlength(sample) / len(sample) / x_height, 2 * float(ink.sum()) / around / x_height

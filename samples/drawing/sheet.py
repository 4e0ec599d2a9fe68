"""A sheet of paper that is printed and written on, and that remembers what stands where."""

import re
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.drawing.fonts import font
from samples.drawing.handwriting import Hand, write_mask

MARKUP = re.compile(r"\{([DPSdps])(-[nuhyf]+)? ([^{}]+)\}")
LABELS = {"D": "DIAGNOSIS", "P": "PROCEDURE", "S": "SUPPLY"}
FLAGS = {"n": "negated", "u": "uncertain", "h": "historical", "y": "hypothetical", "f": "family"}

BLACK = (30, 30, 34)
Quad = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A finding that a line names, with what the note says of it."""

    label: str
    text: str
    flags: tuple[str, ...]
    optional: bool = False
    """Neither right nor wrong to find: a drug to be fetched elsewhere, a heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line as it was put on the sheet; corners clockwise from the top left of its text, sheet pixels."""

    text: str
    kind: str
    corners: Quad
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMark:
    """A checkbox as it was put on the sheet."""

    label: str
    state: str
    corners: Quad


def parse(text: str) -> tuple[str, tuple[Mention, ...]]:
    """Take `{D-n fever}` marks out of a text: label D, P or S (small: optional), then flags (n u h y f)."""
    mentions = tuple(
        Mention(
            label=LABELS[label.upper()],
            text=words,
            flags=tuple(FLAGS[flag] for flag in flags.removeprefix("-")),
            optional=label.islower(),
        )
        for label, flags, words in ((m[1], m[2] or "", m[3]) for m in MARKUP.finditer(text))
    )
    return MARKUP.sub(lambda m: m[3], text), mentions


@dataclass(slots=True)
class Sheet:
    """A page while it is drawn, before it is scanned."""

    random: np.random.Generator
    width: int = 1700
    height: int = 2200
    tint: tuple[int, int, int] = (252, 251, 247)
    pixels: NDArray[np.uint8] = field(init=False)
    lines: list[DrawnLine] = field(default_factory=list)
    marks: list[DrawnMark] = field(default_factory=list)
    ignored: list[Quad] = field(default_factory=list)
    """Signatures and scribbles: ink that says nothing."""

    def __post_init__(self) -> None:
        grain = self.random.normal(0, 1.6, (self.height // 4, self.width // 4)).astype(np.float32)
        cloud = self.random.normal(0, 2.2, (6, 5)).astype(np.float32)
        size = (self.width, self.height)
        texture = cv2.resize(grain, size) + cv2.resize(cloud, size, interpolation=cv2.INTER_CUBIC)
        self.pixels = np.clip(np.array(self.tint) + texture[..., None], 0, 255).astype(np.uint8)

    def print(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = 30,
        face: str = "roboto",
        weight: int = 400,
        colour: tuple[int, int, int] = BLACK,
        centre: bool = False,
    ) -> float:
        """Print a line with its baseline at y; returns where it ends.

        Raises:
            ValueError: it runs over the edge of the sheet.
        """
        plain, mentions = parse(text)
        type_ = font(face, size, weight)
        length = type_.getlength(plain)
        x = x - length / 2 if centre else x
        mask = Image.new("L", (int(length) + 2 * size, 3 * size), 0)
        ImageDraw.Draw(mask).text((size, 2 * size), plain, fill=255, font=type_, anchor="ls")
        soft = np.asarray(cv2.GaussianBlur(np.asarray(mask), (3, 3), 0.5) / 255, np.float32)
        self._ink(soft, int(x) - size, int(y) - 2 * size, colour, plain, "print", mentions)
        return x + length

    def write(self, x: float, y: float, text: str, hand: Hand) -> float:
        """Write a line by hand with its baseline at y; returns where it ends.

        Raises:
            ValueError: it runs over the edge of the sheet.
        """
        plain, mentions = parse(text)
        mask, left, baseline, advance = write_mask(plain, hand, self.random)
        self._ink(mask, int(x) - left, int(y) - baseline, hand.ink, plain, "hand", mentions)
        return x + advance

    def sign(self, x: float, y: float, length: float, hand: Hand) -> None:
        """A signature: a stroke that nobody can read."""
        steps = np.linspace(0, 1, 400)
        beats = self.random.uniform(26, 46)
        wave = np.sin(steps * beats + self.random.uniform(0, 6))
        swell = np.interp(
            steps, [0, 0.07, 0.16, 0.3, 0.55, 0.7, 1], self.random.uniform(0.6, 1.4, 7) * (30, 52, 14, 26, 12, 20, 4)
        )
        back = self.random.uniform(14, 34) * np.cos(steps * beats + self.random.uniform(0, 2))
        points = np.stack([x + steps * length + back * (1 - steps), y - swell * wave - 14 * np.sin(steps * 5)], axis=1)
        self.stroke(points, hand.ink, 3)
        self._ignore(points)

    def scribble(self, x: float, y: float, length: float, hand: Hand) -> None:
        """A word that was crossed out until nobody can read it."""
        steps = np.linspace(0, 1, 160)
        points = np.stack([x + steps * length, y - 12 + 14 * np.sin(steps * length / 4)], axis=1)
        points += self.random.normal(0, 2.2, points.shape)
        self.stroke(points, hand.ink, 3)
        self._ignore(points)

    def rule(
        self, x0: float, y: float, x1: float, *, colour: tuple[int, int, int] = (90, 90, 96), thick: int = 2
    ) -> None:
        """A printed horizontal rule."""
        cv2.line(self.pixels, (int(x0), int(y)), (int(x1), int(y)), colour, thick)

    def column(
        self, x: float, y0: float, y1: float, *, colour: tuple[int, int, int] = (90, 90, 96), thick: int = 2
    ) -> None:
        """A printed vertical rule."""
        cv2.line(self.pixels, (int(x), int(y0)), (int(x), int(y1)), colour, thick)

    def frame(self, x0: float, y0: float, x1: float, y1: float, *, thick: int = 2) -> None:
        """A printed rectangle."""
        cv2.rectangle(self.pixels, (int(x0), int(y0)), (int(x1), int(y1)), (60, 60, 66), thick)

    def shade(self, x0: float, y0: float, x1: float, y1: float, level: int = 222) -> None:
        """A printed grey band."""
        part = self.pixels[int(y0) : int(y1), int(x0) : int(x1)]
        np.minimum(part, level, out=part)

    def stroke(self, points: NDArray[np.float64], colour: tuple[int, int, int], thick: int) -> None:
        """A pen stroke through points (n x 2)."""
        cv2.polylines(
            self.pixels, [np.round(points * 8).astype(np.int32)], False, colour, thick, lineType=cv2.LINE_AA, shift=3
        )

    def _ignore(self, points: NDArray[np.float64]) -> None:
        (x0, y0), (x1, y1) = points.min(axis=0) - 4, points.max(axis=0) + 4
        self.ignored.append([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    def _ink(
        self,
        mask: NDArray[np.float32],
        left: int,
        top: int,
        colour: tuple[int, int, int],
        text: str,
        kind: str,
        mentions: tuple[Mention, ...],
    ) -> None:
        """Lay ink (0 to 1) on the paper and remember the line with its ink's own box."""
        rows = np.flatnonzero(mask.max(axis=1) > 0.25)
        columns = np.flatnonzero(mask.max(axis=0) > 0.25)
        x0, x1 = left + int(columns[0]), left + int(columns[-1]) + 1
        y0, y1 = top + int(rows[0]), top + int(rows[-1]) + 1
        if x0 < 8 or y0 < 8 or x1 > self.width - 8 or y1 > self.height - 8:
            raise ValueError(f"{text!r} runs over the edge: {(x0, y0, x1, y1)}")
        part = self.pixels[y0:y1, x0:x1].astype(np.float32)
        ink = mask[y0 - top : y1 - top, x0 - left : x1 - left, None]
        part = np.minimum(part, part * (1 - ink) + np.array(colour, np.float32) * ink)
        self.pixels[y0:y1, x0:x1] = part.astype(np.uint8)
        corners: Quad = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        self.lines.append(DrawnLine(text=text, kind=kind, corners=corners, mentions=mentions))

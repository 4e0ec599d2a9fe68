"""Lines of handwriting from a font, no two letters alike.

Each letter is turned, sheared, scaled and lifted a little, then the whole line is bent by a smooth
field, as a hand does that never repeats itself exactly.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.drawing.fonts import font_by_height

FINE = 2
"""Letters are formed at this multiple of the page's resolution."""

PLAIN = ["-liga", "-calt", "-clig", "-kern"]
"""Letters one by one, so that each can be bent by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How a person writes."""

    font: str
    height: float = 21.0
    """Height of the small letters, pixels."""
    ink: tuple[int, int, int] = (28, 36, 92)
    wildness: float = 1.0
    """0 as the font has it, 1 as people write, 2 in a hurry."""
    weight: int = 0
    """Pixels by which the strokes are thickened, at the finer resolution."""


def write_mask(text: str, hand: Hand, random: np.random.Generator) -> tuple[NDArray[np.float32], int, int, int]:
    """Form a line of handwriting.

    Returns:
        Ink from 0 to 1 (height x width, page resolution), the place of the pen's start in it
        (x, y of the baseline), and the distance that the pen went, in pixels.
    """
    face = font_by_height(hand.font, hand.height * FINE)
    size = int(face.size)
    pad = size
    advance = face.getlength(text, features=PLAIN)
    gaps = np.cumsum(random.normal(0.006 * size, 0.01 * size, len(text)))
    width = int(advance + abs(gaps).max(initial=0)) + 2 * pad + size
    height = 4 * size
    baseline = int(2.2 * size)
    canvas = np.zeros((height, width), np.uint8)
    slope = random.normal(0, 0.004 * hand.wildness)
    phase = random.uniform(0, 6.3)
    pen = 0.0
    for place, letter in enumerate(text):
        pen = face.getlength(text[:place], features=PLAIN) + float(gaps[place])
        if letter == " ":
            continue
        drift = slope * pen + 0.03 * size * hand.wildness * np.sin(phase + pen / (7 * size))
        _set_letter(canvas, letter, pad + pen, baseline + drift, face, hand, random)
    if hand.weight:
        nib = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (hand.weight + 1,) * 2)
        canvas = np.asarray(cv2.dilate(canvas, nib), np.uint8)
    canvas = _bend(canvas, 0.022 * size * hand.wildness, 0.9 * size, random)
    small = cv2.resize(canvas, (width // FINE, height // FINE), interpolation=cv2.INTER_AREA)
    pressure = cv2.resize(
        random.uniform(0.72, 1.0, (3, max(2, width // size))).astype(np.float32), (small.shape[1], small.shape[0])
    )
    ink = np.asarray(small / 255 * pressure, np.float32)
    return ink, pad // FINE, baseline // FINE, int(advance / FINE)


def _set_letter(
    canvas: NDArray[np.uint8],
    letter: str,
    x: float,
    y: float,
    face: ImageFont.FreeTypeFont,
    hand: Hand,
    random: np.random.Generator,
) -> None:
    """Put one letter, bent a little, with its pen start at (x, y)."""
    size = int(face.size)
    tile = Image.new("L", (4 * size, 4 * size), 0)
    ImageDraw.Draw(tile).text((size, 2.5 * size), letter, fill=255, font=face, anchor="ls", features=PLAIN)
    turn = np.deg2rad(random.normal(0, 1.6 * hand.wildness))
    shear = random.normal(0, 0.035 * hand.wildness)
    across, up = random.normal(1, 0.03 * hand.wildness, 2)
    bend = np.array([[across * np.cos(turn), shear - np.sin(turn)], [np.sin(turn), up * np.cos(turn)]])
    start = np.array([size, 2.5 * size])
    lift = random.normal(0, 0.016 * size * hand.wildness)
    left, top = int(x) - size, int(y) - int(2.5 * size)
    shift = start - bend @ start + np.array([x - int(x), y - int(y) + lift])
    bent = cv2.warpAffine(np.asarray(tile), np.hstack([bend, shift[:, None]]), tile.size, flags=cv2.INTER_LINEAR)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + bent.shape[1], canvas.shape[1]), min(top + bent.shape[0], canvas.shape[0])
    part = canvas[y0:y1, x0:x1]
    np.maximum(part, bent[y0 - top : y1 - top, x0 - left : x1 - left], out=part)


def _bend(canvas: NDArray[np.uint8], amount: float, period: float, random: np.random.Generator) -> NDArray[np.uint8]:
    """Displace pixels by a smooth random field of `amount` pixels (standard deviation) and about `period` pixels."""
    height, width = canvas.shape
    nodes = (max(2, int(height / period)), max(2, int(width / period)))
    fields = [
        cv2.resize(random.normal(0, amount, nodes).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in range(2)
    ]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = cv2.remap(canvas, columns + fields[0], rows + fields[1], cv2.INTER_LINEAR)
    return np.asarray(bent, np.uint8)

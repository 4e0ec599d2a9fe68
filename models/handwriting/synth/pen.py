"""Puts a text on an empty sheet as ink: by hand with all that a hand varies, or set in type."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.handwriting.synth.fields import Grey, between, ink_box, smooth
from models.handwriting.synth.fonts import Face, Glyph, glyph, shaped

X_HEIGHT = 22  # pixels at which lines are drawn, before they are scaled to the size of a scan


@dataclass(frozen=True)
class Ink:
    """What was written: 0..255 of ink per pixel, cropped to it, and the row its baseline keeps to."""

    ink: Grey
    baseline: int


@dataclass(frozen=True)
class Hand:
    """How one writer writes, in parts of the x-height unless said otherwise."""

    stretch: float  # of widths
    slant: float  # shift to the right for one up
    wobble: float
    drift: float  # of the baseline
    climb: float  # slope of the line
    curve: float
    word_size: float
    word_slant: float
    word_shift: float
    letter_size: float
    letter_shift: float
    tracking: float
    unevenness: float  # of the heights and widths of letters
    gap: float  # between words
    taper: float  # how much lower words get towards their end
    stroke: float  # width of the pen's line

    @staticmethod
    def drawn(rng: np.random.Generator, face: Face) -> "Hand":
        """Return a random writer; a tidy one three times in ten, a careless one once in seven."""
        draw = rng.random()
        untidy = (
            between(rng, 0.1, 0.5) if draw < 0.3 else between(rng, 0.5, 1.1) if draw < 0.88 else between(rng, 1.1, 1.4)
        )
        own = face.pitch
        pitch = float(np.clip(own * np.exp(rng.normal(0.03, 0.2)), min(0.85, own), max(1.7, own)))
        tracking = between(rng, -0.08, 0.2) if not face.font.joined else 0.0
        return Hand(
            stretch=pitch / own,
            slant=float(np.clip(rng.normal(0.06, 0.15), -0.3, 0.5)),
            wobble=between(rng, 0.02, 0.085) * untidy,
            drift=between(rng, 0.0, 0.14) * untidy,
            climb=float(rng.normal(0, 0.011)) * untidy,
            curve=float(rng.normal(0, 0.1)) * untidy,
            word_size=0.08 * untidy,
            word_slant=0.06 * untidy,
            word_shift=0.08 * untidy,
            letter_size=0.07 * untidy,
            letter_shift=0.06 * untidy,
            tracking=tracking,
            unevenness=between(rng, 0.02, 0.11) * untidy,
            gap=max(0.0, tracking) + 0.5 / min(1.0, pitch / own) + 1.1 * rng.random() ** 1.6,
            taper=between(rng, 0, 0.22) * untidy if rng.random() < 0.4 else 0.0,
            stroke=float(np.clip(0.13 * np.exp(rng.normal(0, 0.3)), 0.07, 0.2 * min(1.1, pitch))),
        )


def by_hand(rng: np.random.Generator, face: Face, text: str, hand: Hand) -> Ink:
    """Write a text as a hand would: word by word, letter by letter where letters stand apart, then bent as a whole."""
    em = X_HEIGHT * face.size_per_x
    words = text.split(" ")
    sheet = np.zeros((int(em * 2.6) + 20, int(em * (len(text) + 4) * 0.95) + 120), np.uint8)
    base, x = int(em * 1.45) + 10, em * 0.7
    starts, ends, slants, shifts = [], [], [], []
    for word in words:
        size = max(8.0, em * (1 + rng.normal(0, hand.word_size)))
        starts.append(x)
        slants.append(rng.normal(0, hand.word_slant))
        shifts.append(rng.normal(0, hand.word_shift) * X_HEIGHT)
        for piece in [word] if face.font.joined else word:
            own = size * (1 + rng.normal(0, hand.letter_size)) if len(piece) == 1 else size
            drawn = (shaped if face.font.joined else glyph)(face.path, max(8, round(own / 2) * 2), piece)
            up = rng.normal(0, hand.letter_shift) * X_HEIGHT if len(piece) == 1 else 0.0
            struck(sheet, drawn, x, base + up)
            x += drawn.advance
            if not face.font.joined:
                x += (hand.tracking + rng.normal(0, 0.04)) * X_HEIGHT
        ends.append(x)
        x += max(0.45, hand.gap + rng.normal(0, 0.15)) * X_HEIGHT
    ink = sheet[:, : int(x + em * 0.8)]
    per_word = np.array([starts, ends, slants, shifts])
    bowed, base = bent(rng, ink, base, hand, per_word)
    # the pen's line is thinner or thicker than the font's, within what a letter of this size bears
    weight = (hand.stroke - face.stroke) * X_HEIGHT / 2
    return cropped(thickened(rng, bowed, float(np.clip(weight, -1.3, 1.3)), uneven=0.3), base)


def struck(sheet: Grey, drawn: Glyph, x: float, base: float, force: float = 1.0) -> None:
    """Put a letter on the sheet with the pen at x on the baseline."""
    top, left = round(base) + drawn.down, round(x) + drawn.right
    height, width = drawn.pixels.shape
    if top < 0 or left < 0:
        raise ValueError(f"a letter {height} x {width} leaves the sheet")
    here = sheet[top : top + height, left : left + width]
    pixels = drawn.pixels[: here.shape[0], : here.shape[1]]
    np.maximum(here, pixels if force >= 1 else (pixels * force).astype(np.uint8), out=here)


def bent(rng: np.random.Generator, ink: Grey, base: int, hand: Hand, per_word: NDArray[np.float64]) -> tuple[Grey, int]:
    """Bend written words by one map: stretch, slants, drift and curve of the baseline, and the wobble of the hand.

    per_word holds the start, end, slant and shift of each. The map is made at a quarter of the size, since it is
    smooth, and scaled up. Returns the bent ink and the row of its baseline.
    """
    height, source_width = ink.shape
    starts, _, slants, shifts = per_word
    margin = int(height * 0.4)
    columns = (int(source_width * hand.stretch) + 2 * margin) // 4 + 1
    pen = X_HEIGHT / 4
    across = (np.arange(columns) * 4 + 1.5 - margin) / hand.stretch
    slant = hand.slant + np.interp(across, starts, slants)
    drop = np.interp(across, starts, shifts) / X_HEIGHT
    drop += smooth(rng, 1, columns, 1, pen * 4)[0] * hand.drift
    drop += hand.curve * np.linspace(-1, 1, columns) ** 2 - hand.climb * np.arange(columns) / pen
    drop = (drop - drop.mean()) * X_HEIGHT
    tallness = 1 + hand.unevenness * smooth(rng, 1, columns, 1, pen * 2)[0]
    tallness -= hand.taper * np.interp(across, per_word[:2].T.ravel(), np.tile([0.0, 1.0], len(starts)))
    tallness = np.maximum(tallness, 0.5)
    step = 4 / hand.stretch
    widths = hand.unevenness * smooth(rng, 1, columns, 1, pen * 1.6)[0]
    across += np.cumsum(step * np.clip(widths * 1.5, -0.3, 0.3))
    extra = int(np.abs(drop).max() / 4) * 4 + 8
    down = np.arange(-extra, height + extra, 4) + 1.5
    rows = len(down)
    map_y = base + (down[:, None] - base - drop[None, :]) / tallness[None, :]
    map_x = across[None, :] + slant[None, :] * (map_y - base) / hand.stretch
    map_y += smooth(rng, rows, columns, pen * 1.1, pen * 0.8) * (hand.wobble * X_HEIGHT)
    map_x += smooth(rng, rows, columns, pen * 0.8, pen * 1.0) * (hand.wobble * X_HEIGHT)
    size = (columns * 4, rows * 4)
    maps = [cv2.resize(m.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) for m in (map_x, map_y)]
    return np.asarray(cv2.remap(ink, maps[0], maps[1], cv2.INTER_LINEAR)), base + extra


def thickened(rng: np.random.Generator, ink: Grey, weight: float, uneven: float) -> Grey:
    """Move the edges of the strokes outward by about `weight` pixels, more in some places than in others."""
    soft = cv2.GaussianBlur(ink, (0, 0), 1.0)
    # an edge lies where the blurred ink is about half; the threshold moves it, never past a thin stroke or a dot
    peak = max(60.0, float(np.percentile(soft[soft > 30], 70)) if (soft > 30).any() else 60.0)
    field = weight + uneven * smooth(rng, 1, ink.shape[1], 1, X_HEIGHT * 1.5)
    level = np.clip(0.45 - 0.25 * field, 0.18, 0.55).astype(np.float32) * peak
    sharp = (soft.astype(np.float32) - level) * (255.0 / (0.35 * peak)) + 127
    return np.clip(sharp, 0, 255).astype(np.uint8)


def in_type(rng: np.random.Generator, face: Face, text: str) -> Ink:
    """Set a text in type: a typewriter's letters stand unevenly and are struck with unequal force."""
    em = X_HEIGHT * face.size_per_x
    base = int(em * 1.3)
    sheet = np.zeros((int(em * 2), int(em * (len(text) + 3))), np.uint8)
    x = em * 0.5
    stretch = between(rng, 0.82, 1.2)
    unsteady, force, tracking = 0.0, 0.0, 0.0
    apart = face.font.style == "type" or rng.random() < 0.15
    if face.font.style == "type":
        unsteady = between(rng, 0, 0.06) if rng.random() < 0.6 else 0.0
        force = between(rng, 0, 0.2) if rng.random() < 0.5 else 0.0
    elif apart:
        tracking = between(rng, 0.02, 0.25) * X_HEIGHT
    for piece in text if apart else [text]:
        drawn = (glyph if apart else shaped)(face.path, round(em), piece)
        up = rng.normal(0, unsteady) * X_HEIGHT
        struck(sheet, drawn, x, base + up, 1 - min(0.5, abs(rng.normal(0, force))))
        x += drawn.advance + tracking
    ink = sheet[:, : int(x + em * 0.5)]
    slope = float(rng.normal(0, 0.006)) if rng.random() < 0.4 else 0.0
    width = int(ink.shape[1] * stretch)
    turn = np.array([[stretch, 0, 0], [slope, 1, -slope * width / 2]], dtype=np.float32)
    ink = np.asarray(cv2.warpAffine(ink, turn, (width, ink.shape[0])))
    kind = rng.random()
    if kind < 0.35:
        ink = thickened(rng, ink, float(rng.normal(0.2, 0.7)), uneven=0.3 if face.font.style == "type" else 0.1)
    elif kind < 0.5:  # letters fill in
        ink = np.asarray(cv2.GaussianBlur(cv2.dilate(ink, np.ones((2, 2), np.uint8)), (0, 0), 1.2))
    return cropped(ink, base)


def cropped(ink: Grey, base: int) -> Ink:
    """Return ink without the empty sheet around it."""
    top, bottom, left, right = ink_box(ink)
    return Ink(np.ascontiguousarray(ink[top : max(bottom, top + 1), left : max(right, left + 1)]), base - top)

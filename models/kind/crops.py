"""Crops of lines, pieces of lines and forms' filled lines, each column of them known to be print or handwriting.

Real lines come from the writers and documents that models/handwriting/split.tsv gives to one part; the rest is
drawn: by models/handwriting/synth and in further print faces. Print and handwriting are also set beside each other, as
a label and its value stand on a form, and a pen is let loose on print, which stays print.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.handwriting.synth.lines import Lines
from models.kind.drawn import chart_text, draw_line, spoil, words_of
from pipeline.layout.kind import COLUMN, HEIGHT
from pipeline.reading.reader import evened
from pipeline.records import Pixels

SPLIT = Path(__file__).parent.parent / "handwriting" / "split.tsv"
NO_KIND = -1
LONGEST = 432
"""Pixels, at `HEIGHT`: a longer line is cut."""
SHARES = {
    1: {"synth-hand": 0.55, "csafe": 0.30, "letters-hand": 0.15},
    0: {"synth-print": 0.30, "face": 0.42, "letters-typed": 0.20, "letters-print": 0.05, "script": 0.03},
}
"""How often each source is drawn from; a source that is empty gives its share to the others."""
MIXED = 0.25
PENNED = 0.10
SPOILT = 0.55
TYPEWRITERS = ("courier", "cutive", "special-elite", "mono", "cousine", "anonymous", "slab", "kameron", "glegoo")


@dataclass(frozen=True)
class Crop:
    """What the network is shown: `HEIGHT` pixels high, each `COLUMN` pixels of its width of a kind."""

    pixels: Pixels
    columns: NDArray[np.int8]
    """1 hand, 0 print, `NO_KIND` where nothing stands or both do."""
    hand: int
    """The same of the whole."""


Pool = dict[str, list[Pixels]]


def real_lines(data: Path, part: str) -> Pool:
    """The lines of one part of the split, by collection and style."""
    with SPLIT.open(encoding="utf-8") as file:
        part_of = {row["writer"]: row["part"] for row in csv.DictReader(file, delimiter="\t")}
    pool: Pool = {}
    with (data / "handwriting_lines.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if part_of[row["writer"]] != part:
                continue
            pixels = cv2.imread(str(data / row["file"]), cv2.IMREAD_GRAYSCALE)
            if pixels is None:
                raise SystemExit(f"{row['file']} is missing")
            style = {"handwritten": "letters-hand", "typed": "letters-typed", "print": "letters-print"}[row["style"]]
            name = "csafe" if row["writer"].startswith("csafe") else style
            pool.setdefault(name, []).append(_inked(evened(pixels.astype(np.uint8))))
    return pool


def _inked(line: Pixels) -> Pixels:
    """A line with its ink at full strength: spoiling it makes it pale again, but leaves letters and not dots."""
    darkest = float(np.percentile(line, 1))
    return np.clip(255 - (255.0 - line) * 225 / max(60.0, 255 - darkest), 0, 255).astype(np.uint8)


def drawn_lines(data: Path, fonts: Path, faces: Path, count: int, rng: np.random.Generator) -> Pool:
    """Lines of the handwriting generator (FONTS), and as many in the faces of FACES/print and FACES/script."""
    pool: Pool = {"synth-hand": [], "synth-print": [], "face": [], "script": []}
    notes = data / "notes_mtsamples.tsv"
    for pixels, _, kind in islice(iter(Lines(fonts, notes, seed=int(rng.integers(1 << 31)))), count):
        pool[f"synth-{kind}"].append(_inked(evened(pixels)))
    words = words_of(notes)
    for name, folder, share in (("face", "print", 1.0), ("script", "script", 0.05)):
        paths = sorted((faces / folder).iterdir())
        for _ in range(round(count * share / 2)):
            struck = name == "face" and rng.random() < 0.4
            among = [path for path in paths if any(word in path.name for word in TYPEWRITERS)] if struck else paths
            path = among[int(rng.integers(len(among)))]
            pool[name].append(draw_line(chart_text(words, rng), path, rng, struck=struck))
    return pool


def crops(pool: Pool, rng: np.random.Generator) -> Iterator[Crop]:
    """Crops without end."""
    while True:
        made = _mixed(pool, rng) if rng.random() < MIXED else _single(pool, rng)
        if made is not None:
            yield made


def _piece(pool: Pool, hand: int, rng: np.random.Generator, longest: float) -> Pixels:
    """A line, or a window of one, not yet spoilt."""
    names = [name for name in SHARES[hand] if pool.get(name)]
    shares = np.array([SHARES[hand][name] for name in names])
    lines = pool[names[int(rng.choice(len(names), p=shares / shares.sum()))]]
    line = lines[int(rng.integers(len(lines)))]
    if rng.random() < 0.25 and line.shape[1] <= longest * line.shape[0]:
        return line
    width = int(min(np.exp(rng.uniform(np.log(1.0), np.log(12.0))), longest) * line.shape[0])
    start = int(rng.integers(0, max(1, line.shape[1] - width)))
    return line[:, start : start + width]


def _single(pool: Pool, rng: np.random.Generator) -> Crop | None:
    hand = int(rng.random() < 0.5)
    piece = _piece(pool, hand, rng, 13.0)
    kinds = np.full(piece.shape[1], hand, np.int8)
    if not hand and rng.random() < PENNED:
        piece = _penned(piece.copy(), kinds, rng)
    return _finished(piece, kinds, hand, rng)


def _mixed(pool: Pool, rng: np.random.Generator) -> Crop | None:
    """A label and what is written beside it, or a longer run of both."""
    hand = int(rng.random() < 0.3)
    parts, kinds = [], []
    tall = 64
    for _ in range(int(rng.choice([2, 2, 2, 3, 4]))):
        piece = _piece(pool, hand, rng, 6.0)
        high = int(tall * (rng.uniform(0.45, 0.9) if not hand else rng.uniform(0.75, 1.0)))
        size = (max(8, round(piece.shape[1] * high / piece.shape[0])), high)
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_AREA))
        above = int((tall - high) * rng.uniform(0.2, 0.9))
        gap = int(tall * rng.uniform(0.0, 0.8))
        parts.append(cv2.copyMakeBorder(piece, above, tall - high - above, 0, gap, cv2.BORDER_CONSTANT, value=255))
        kinds.append(np.concatenate([np.full(piece.shape[1], hand, np.int8), np.full(gap, NO_KIND, np.int8)]))
        hand = 1 - hand
    joined = np.concatenate(kinds)
    share = float((joined == 1).sum()) / max(1, int((joined != NO_KIND).sum()))
    # Who is asked for one kind wants to have the value read: a label beside it does not make it print.
    whole = 1 if share > 0.35 else 0 if share < 0.1 else NO_KIND
    return _finished(np.hstack(parts), joined, whole, rng)


def _penned(line: Pixels, kinds: NDArray[np.int8], rng: np.random.Generator) -> Pixels:
    """Rings, strokes and the ends of a signature over print."""
    height, width = line.shape
    shade, thick = int(rng.integers(0, 140)), max(1, round(height * rng.uniform(0.02, 0.06)))
    reach = int(min(width, height * rng.uniform(0.5, 3)))
    left = int(rng.integers(0, max(1, width - reach)))
    if rng.random() < 0.4:
        middle, axes = (left + reach // 2, height // 2), (reach // 2, int(height * rng.uniform(0.38, 0.6)))
        cv2.ellipse(line, middle, axes, float(rng.normal(0, 4)), 0, 360, shade, thick, cv2.LINE_AA)
    else:
        points = rng.random((int(rng.integers(2, 6)), 2)) * (reach, 1.6 * height) + (left, -0.3 * height)
        cv2.polylines(line, [points.astype(np.int32)], False, shade, thick, cv2.LINE_AA)
    kinds[left : left + reach] = NO_KIND
    return line


def _finished(line: Pixels, kinds: NDArray[np.int8], hand: int, rng: np.random.Generator) -> Crop | None:
    """Spoil a line, crop it tight or loose, and bring it to the network's size."""
    # The spoiler adds four pixels left and right.
    spoilt = (
        spoil(line, rng)
        if rng.random() < SPOILT
        else cv2.copyMakeBorder(line, 0, 0, 4, 4, cv2.BORDER_CONSTANT, value=255)
    )
    kinds = np.pad(kinds, 4, constant_values=NO_KIND)
    if rng.random() < 0.5:
        top, bottom = (int(v) for v in rng.uniform(0, 0.3, 2) * spoilt.shape[0])
        spoilt = cv2.copyMakeBorder(spoilt, top, bottom, 0, 0, cv2.BORDER_CONSTANT, value=255)
    stretch = float(np.exp(np.clip(rng.normal(0, 0.12), -0.3, 0.3)))
    width = COLUMN * max(1, round(spoilt.shape[1] * HEIGHT / spoilt.shape[0] * stretch / COLUMN))
    shrink = width < spoilt.shape[1]
    pixels = cv2.resize(spoilt, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC)
    pixels, ink = pixels[:, :LONGEST], 0
    columns = np.full(pixels.shape[1] // COLUMN, NO_KIND, np.int8)
    for place in range(len(columns)):
        part = pixels[:, place * COLUMN : (place + 1) * COLUMN]
        inside = kinds[int(place * COLUMN * len(kinds) / width) : int((place + 1) * COLUMN * len(kinds) / width) + 1]
        if (part < 150).sum() >= 4:
            ink += 1
            if len(inside) and inside.min() == inside.max():
                columns[place] = inside[0]
    return Crop(pixels=pixels.astype(np.uint8), columns=columns, hand=hand) if ink >= 2 else None

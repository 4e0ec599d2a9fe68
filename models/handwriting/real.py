"""Real lines of the clearly licensed collections, cut and bent anew each time they are drawn.

Few writers copied few texts, so a line is not shown as it stands only: its words are shuffled, or a run of them is cut
out, that the network learns letters and no text by heart.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.handwriting.network import Network
from models.handwriting.synth.wear import worn
from pipeline.reading.recognizer import HEIGHT, at_reading_size

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealLine:
    """A line of a collection."""

    image: Grey
    text: str
    writer: str
    style: str
    """handwritten, typed or print."""
    cuts: tuple[int, ...]
    """Columns between its words; empty where the words could not be told apart."""


def read_split(path: Path) -> dict[str, str]:
    """Which part (train, tune, held-out) each writer belongs to."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["writer"]: row["part"] for row in csv.DictReader(file, delimiter="\t")}


def read_lines(table: Path, writers: set[str]) -> list[RealLine]:
    """The lines of some writers, from a table with file, text, writer and style."""
    with table.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["writer"] in writers]
    return [
        RealLine(
            image=grey_of(table.parent / row["file"]),
            text=" ".join(row["text"].split()),
            writer=row["writer"],
            style=row["style"],
            cuts=(),
        )
        for row in rows
    ]


def grey_of(path: Path) -> Grey:
    """A crop in grey."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FileNotFoundError(path)
    return image.astype(np.uint8)


def evened(grey: Grey) -> Grey:
    """The paper made white, as the product does before it reads."""
    return np.clip(grey * (255 / max(float(np.percentile(grey, 90)), 1.0)), 0, 255).astype(np.uint8)


def as_input(crops: Sequence[Grey]) -> torch.Tensor:
    """Crops of one height as the network takes them, paper added on the right."""
    width = max(crop.shape[1] for crop in crops)
    batch = np.full((len(crops), HEIGHT, width), 255, np.uint8)
    for row, crop in zip(batch, crops, strict=True):
        row[:, : crop.shape[1]] = crop
    grey = torch.from_numpy(batch).float().div_(127.5).sub_(1)
    return grey[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def with_cuts(lines: Sequence[RealLine], network: Network) -> list[RealLine]:
    """The lines with the columns between their words, as the network aligns text and ink."""
    found = []
    for line in lines:
        crop = at_reading_size(evened(line.image))
        with torch.no_grad():
            rows = network(as_input([crop]))[0].log_softmax(-1).numpy()
        spaces = _aligned_spaces(rows, [network.characters.find(character) + 1 for character in line.text], line.text)
        factor = line.image.shape[1] / len(rows)
        cuts = tuple(round((step + 0.5) * factor) for step in spaces)
        found.append(RealLine(image=line.image, text=line.text, writer=line.writer, style=line.style, cuts=cuts))
    return found


def _aligned_spaces(rows: NDArray[np.float32], classes: Sequence[int], text: str) -> list[int]:
    """The steps of a text's spaces on the likeliest path that spells the text."""
    states = [0]
    for place in classes:
        states += [max(place, 0), 0]
    if len(rows) < len(classes) + 2:
        return []
    best = np.full(len(states), -np.inf)
    best[:2] = rows[0, states[:2]]
    came = np.zeros((len(rows), len(states)), np.int8)
    skips = np.array([i >= 2 and states[i] != 0 and states[i] != states[i - 2] for i in range(len(states))])
    for step in range(1, len(rows)):
        one = np.concatenate([[-np.inf], best[:-1]])
        two = np.where(skips, np.concatenate([[-np.inf, -np.inf], best[:-2]]), -np.inf)
        options = np.stack([best, one, two])
        came[step] = options.argmax(axis=0)
        best = options.max(axis=0) + rows[step, states]
    state = len(states) - 1 if best[-1] >= best[-2] else len(states) - 2
    path = [state]
    for step in range(len(rows) - 1, 0, -1):
        state -= int(came[step, state])
        path.append(state)
    path.reverse()
    wanted = {2 * place + 1 for place, character in enumerate(text) if character == " "}
    middles = {place: [step for step, at in enumerate(path) if at == place] for place in wanted}
    return [steps[len(steps) // 2] for _, steps in sorted(middles.items())] if all(middles.values()) else []


class RealLines:
    """Draws (image, text) from real lines, without end; a seed gives one series."""

    def __init__(self, lines: Sequence[RealLine], seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._lines = lines
        # Every writer counts alike within a style, and a style as much as it is worth here.
        worth = {"handwritten": 0.78, "typed": 0.14, "print": 0.08}
        writers = {line.style: {other.writer for other in lines if other.style == line.style} for line in lines}
        sizes = {(line.style, line.writer): 0 for line in lines}
        for line in lines:
            sizes[line.style, line.writer] += 1
        weights = np.array(
            [worth[line.style] / len(writers[line.style]) / sizes[line.style, line.writer] ** 0.7 for line in lines]
        )
        self._shares = np.cumsum(weights / weights.sum())

    def __iter__(self) -> Iterator[tuple[Grey, str]]:
        while True:
            line = self._lines[min(int(np.searchsorted(self._shares, self._rng.random())), len(self._lines) - 1)]
            yield self._bent(*self._recut(line), hand=line.style == "handwritten")

    def _recut(self, line: RealLine) -> tuple[Grey, str]:
        rng, words = self._rng, line.text.split()
        if rng.random() < 0.25 or len(line.cuts) != len(words) - 1 or len(words) < 2:
            return line.image, line.text
        edges = [0, *line.cuts, line.image.shape[1]]
        pieces = [line.image[:, start:end] for start, end in pairwise(edges)]
        if min(piece.shape[1] for piece in pieces) < 4:
            return line.image, line.text
        if rng.random() < 0.5:
            start = int(rng.integers(len(words)))
            count = int(rng.integers(1, len(words) - start + 1))
            order = list(range(start, start + count))
        else:
            order = rng.permutation(len(words))[: int(rng.integers(1, len(words) + 1))].tolist()
        paper = np.uint8(np.percentile(line.image, 85))
        parts: list[Grey] = []
        for place in order:
            gap = round(line.image.shape[0] * rng.uniform(0, 0.35)) if parts and place - 1 not in order else 0
            parts += [np.full((line.image.shape[0], gap), paper, np.uint8), pieces[place]]
        return np.hstack(parts), " ".join(words[place] for place in order)

    def _bent(self, image: Grey, text: str, *, hand: bool) -> tuple[Grey, str]:
        rng = self._rng
        if rng.random() < 0.8:
            image = evened(image)
        paper = float(np.percentile(image, 85))
        height, width = image.shape
        above, below = (round(height * max(0.0, rng.normal(0.03, 0.09))) for _ in range(2))
        side = round(height * rng.uniform(0, 0.4))
        image = cv2.copyMakeBorder(image, above, below, side, side, cv2.BORDER_CONSTANT, value=(paper,)).astype(
            np.uint8
        )
        height, width = image.shape
        bend = 1.0 if hand else 0.4
        slant, turn = rng.normal(0, 0.13) * bend, np.radians(rng.normal(0, 0.7)) * min(1.0, 8 * height / width)
        matrix = np.array([[1, -slant, slant * height / 2], [np.sin(turn), 1, -np.sin(turn) * width / 2]])
        image = cv2.warpAffine(image, matrix, (width, height), borderValue=(paper,)).astype(np.uint8)
        if rng.random() < 0.6 * bend:
            image = _rippled(image, rng, paper)
        if rng.random() < 0.35:
            image = _pressed(image, rng)
        if rng.random() < 0.15:
            image = _ruled(image, rng)
        if rng.random() < 0.5:
            image = worn(image, height * 0.35, rng)
        if rng.random() < 0.3:
            image = np.clip(paper - (paper - image.astype(np.float32)) * rng.uniform(0.5, 1.4), 0, 255).astype(np.uint8)
        return image, text


def _rippled(image: Grey, rng: np.random.Generator, paper: float) -> Grey:
    """Letters pulled about a little, each its own way."""
    height, width = image.shape
    grid = (3, max(2, round(width / height * 2.5)))
    reach = height * 0.035
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    for axis in (x, y):
        field = rng.normal(0, reach, grid).astype(np.float32)
        axis += cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderValue=(paper,)).astype(np.uint8)


def _pressed(image: Grey, rng: np.random.Generator) -> Grey:
    """Strokes thinner or thicker, by less than a pixel at reading height."""
    size = max(2, round(image.shape[0] / 40))
    kernel = np.ones((size, size), np.uint8)
    other = cv2.erode(image, kernel) if rng.random() < 0.6 else cv2.dilate(image, kernel)
    share = rng.uniform(0.3, 1.0)
    return cv2.addWeighted(image, 1 - share, other, share, 0).astype(np.uint8)


def _ruled(image: Grey, rng: np.random.Generator) -> Grey:
    """A ruled line under or through the writing."""
    ruled = image.copy()
    row = int(image.shape[0] * rng.uniform(0.6, 0.98))
    thick = max(1, round(image.shape[0] * rng.uniform(0.01, 0.045)))
    band = ruled[row : row + thick].astype(np.float32)
    ruled[row : row + thick] = np.minimum(band, rng.uniform(60, 200)).astype(np.uint8)
    return ruled

"""Which words a mark marks: those beside its box, on the side where its form writes them, or those that it circles."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.crops import box_on_page
from pipeline.records import Box, CleanImage, Line, LineSpan, Mark, MarkRegion, Region

_REACH = 8.0
"""A label stands at most this many box sides away."""
_LEFT_COSTS = 2.5
"""A label to the left counts as this many times as far: forms put the box before its text."""
_COLUMN = 0.6
"""Boxes of one column differ by at most this share of a side."""
_GAP = 2.2
"""A label ends where so many line heights are empty."""
_CIRCLED = 0.5
"""A word belongs to a circle that holds this share of it."""
_NEXT_LINE, _MOST_LINES = 0.95, 2
"""The next line of a label follows within so many line heights, and there are at most so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word that was read, on the cleaned page."""

    line: Line
    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    box: Box

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """The words on both sides of a box, up to the next box; the nearest first."""

    right: tuple[_Word, ...]
    left: tuple[_Word, ...]


def tie_marks(
    marks: Sequence[MarkRegion], regions: Sequence[Region], lines: Sequence[Line], clean: CleanImage
) -> tuple[Mark, ...]:
    """The marks on the page as rendered, each with the words that it marks.

    Args:
        marks: on the cleaned page.
        regions: of the lines, on the cleaned page.
        lines: that were read, one for each region.
        clean: the cleaned page.
    """
    words = [word for line in lines for word in _words(line, clean)]
    boxes = [_bounds(mark.corners) for mark in marks]
    plain = [box for mark, box in zip(marks, boxes, strict=True) if not mark.around]
    beside = {box: _beside(box, words, plain) for box in plain}
    tied = []
    for mark, box in zip(marks, boxes, strict=True):
        label = _circled(box, words) if mark.around else _label(box, beside, words)
        tied.append(
            Mark(
                box=box_on_page(np.array(mark.corners), clean),
                state=mark.state,
                line=label[0].line.id if label else None,
                label=_spans(label, clean.page.number),
            )
        )
    return tuple(tied)


def _label(box: Box, beside: dict[Box, _Beside], words: Sequence[_Word]) -> list[_Word]:
    """The words beside a box on the side where its column has them, with the lines that go on below."""
    column = [other for other in beside if abs(other.x0 - box.x0) <= _COLUMN * (box.x1 - box.x0)]
    gaps_right = [_gap(other, beside[other].right) for other in column]
    gaps_left = [_gap(other, beside[other].left) * _LEFT_COSTS + 1 for other in column]
    right = median(gaps_right) <= median(gaps_left)
    here = beside[box]
    first = here.right if right else here.left
    label = _unbroken(first or (here.left if right else here.right))
    return label if not label or first is not here.right else label + _below(label, box, words, list(beside))


def _gap(box: Box, words: Sequence[_Word]) -> float:
    if not words:
        return _REACH * (box.x1 - box.x0)
    return max(0.0, words[0].x0 - box.x1, box.x0 - words[0].x1)


def _beside(box: Box, words: Sequence[_Word], boxes: Sequence[Box]) -> _Beside:
    middle, side = (box.y0 + box.y1) / 2, box.x1 - box.x0
    row = [word for word in words if word.y0 - 0.25 * side <= middle <= word.y1 + 0.25 * side]
    others = [other for other in boxes if other is not box and other.y0 < middle < other.y1]
    stop = min((other.x0 for other in others if other.x0 >= box.x1), default=10**9)
    start = max((other.x1 for other in others if other.x1 <= box.x0), default=0)
    centre = (box.x0 + box.x1) / 2
    right = sorted((word for word in row if centre < (word.x0 + word.x1) / 2 < stop), key=lambda word: word.x0)
    left = sorted((word for word in row if start < (word.x0 + word.x1) / 2 < centre), key=lambda word: -word.x1)
    reach = _REACH * side
    return _Beside(
        right=tuple(right) if right and right[0].x0 - box.x1 <= reach else (),
        left=tuple(left) if left and box.x0 - left[0].x1 <= reach else (),
    )


def _unbroken(words: Sequence[_Word]) -> list[_Word]:
    """The nearest words, as far as no wide gap parts them, in the order of reading."""
    kept = list(words[:1])
    for word in words[1:]:
        gap = max(word.x0 - kept[-1].x1, kept[-1].x0 - word.x1)
        if gap > _GAP * max(word.height, kept[-1].height) and word.line is not kept[-1].line:
            break
        # What a hand wrote behind a printed label is no part of it: it says something by itself.
        if word.line.kind is not kept[0].line.kind:
            break
        kept.append(word)
    return sorted(kept, key=lambda word: word.x0)


def _below(label: Sequence[_Word], box: Box, words: Sequence[_Word], boxes: Sequence[Box]) -> list[_Word]:
    """The lines right below a label that begin where it begins and have no box of their own."""
    found: list[_Word] = []
    left, bottom = label[0].x0, max(word.y1 for word in label)
    height, kind = median(word.height for word in label), label[0].line.kind
    for _ in range(_MOST_LINES):
        row = [word for word in words if bottom - 0.3 * height < word.y0 < bottom + _NEXT_LINE * height]
        row = [word for word in row if word not in label and word not in found and word.line.kind is kind]
        starts = [word for word in row if abs(word.x0 - left) < 0.5 * height]
        if not starts:
            break
        first = min(starts, key=lambda word: word.y0)
        if any(other.y0 < first.middle < other.y1 and other.x1 <= first.x0 + 1 and other is not box for other in boxes):
            break
        same = [word for word in words if word.line is first.line and word.x0 >= first.x0]
        line = _unbroken(sorted(same, key=lambda word: word.x0))
        found += line
        bottom = max(word.y1 for word in line)
    return found


def _circled(box: Box, words: Sequence[_Word]) -> list[_Word]:
    held = []
    for word in words:
        across = min(word.x1, box.x1) - max(word.x0, box.x0)
        if across > _CIRCLED * (word.x1 - word.x0) and box.y0 < word.middle < box.y1:
            held.append(word)
    return held


def _spans(label: Sequence[_Word], page: int) -> tuple[LineSpan, ...]:
    """One span for each line, from its first word to its last."""
    spans = []
    for line in dict.fromkeys(word.line for word in label):
        of_line = [word for word in label if word.line is line]
        start, end = min(word.start for word in of_line), max(word.end for word in of_line)
        boxes = tuple(word.box for word in of_line)
        spans.append(LineSpan(page=page, line=line.id, start=start, end=end, boxes=boxes))
    return tuple(spans)


def _words(line: Line, clean: CleanImage) -> list[_Word]:
    to_clean = np.linalg.inv(clean.to_page).astype(np.float64)
    found, cursor = [], 0
    for word in line.words:
        start = line.text.find(word.text, cursor)
        if start < 0 or word.box is None:
            continue
        cursor = start + len(word.text)
        x0, y0, x1, y1 = _on_clean(word.box, to_clean)
        found.append(_Word(line=line, start=start, end=cursor, x0=x0, y0=y0, x1=x1, y1=y1, box=word.box))
    return found


def _on_clean(box: Box, to_clean: NDArray[np.float64]) -> tuple[float, float, float, float]:
    corners = [(box.x0, box.y0, 1), (box.x1, box.y0, 1), (box.x1, box.y1, 1), (box.x0, box.y1, 1)]
    points = np.array(corners, np.float64) @ to_clean.T
    points = points[:, :2] / points[:, 2:]
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _bounds(corners: Sequence[tuple[float, float]]) -> Box:
    x, y = [point[0] for point in corners], [point[1] for point in corners]
    return Box(int(min(x)), int(min(y)), int(max(x)), int(max(y)))

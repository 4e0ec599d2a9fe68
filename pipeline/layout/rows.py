"""Join stretches of text that stand beside each other to lines, and put lines in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.records import LineKind

_JOIN_GAP = 1.2
"""Stretches of one line stand at most this many heights apart."""
_OVERLAP = 0.5
"""They share at least this much of the lower one's height."""
_ALIKE = 2.2
"""Their heights differ at most by this factor."""
_GUTTER = 0.012
"""A column's gap is at least this share of the page's width."""
_COLUMN_LINES = 3
"""A column has at least this many lines."""
_FILLED = 0.6
"""Half of a column's lines fill this share of its width."""
_COLUMN = 12.0
"""A column is at least so many heights wide, about twenty letters; a list of names is narrower and is read across."""
_TOO_TALL = 4.0
"""A signature or stamp this many times as high as a line stands beside several rows and belongs to none of them."""
_NEAR = 6
"""So many lines before and after a band are looked at for rows that it would cut."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """A stretch of text of one kind; equal only to itself, as arrays are not equal in one word."""

    corners: NDArray[np.float32]
    """4 x 2, clockwise from the text's top left, on the cleaned page."""
    kind: LineKind
    hand: float
    """Probability that it is handwriting."""

    @property
    def height(self) -> float:
        """Of the writing, pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def width(self) -> float:
        """Along the writing, pixels."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))


def join(stretches: Sequence[Stretch], *, print_gap: float = _JOIN_GAP) -> list[Stretch]:
    """Join neighbours of one kind on one row, left to right, as long as no wide gap or other kind parts them.

    Args:
        stretches: in any order.
        print_gap: stretches of print on one line stand at most this many heights apart.
    """
    waiting = sorted(stretches, key=lambda stretch: float(stretch.corners[:, 0].min()))
    joined: list[Stretch] = []
    while waiting:
        line = waiting.pop(0)
        while True:
            neighbour = _neighbour(line, waiting, print_gap if line.kind is LineKind.PRINT else _JOIN_GAP)
            if neighbour is None:
                break
            line = _joined(line, waiting.pop(neighbour))
        joined.append(line)
    return joined


def in_reading_order(stretches: Sequence[Stretch], page_width: int) -> list[Stretch]:
    """Order lines as a person reads: columns one after another, rows from the top, left to right in a row."""
    return [stretches[place] for place in _cut(stretches, list(range(len(stretches))), page_width)]


def _neighbour(line: Stretch, waiting: Sequence[Stretch], join_gap: float) -> int | None:
    """The nearest stretch to the right that belongs to the line."""
    best, best_gap = None, np.inf
    for place, other in enumerate(waiting):
        low, high = sorted((line.height, other.height))
        if high > _ALIKE * low:
            continue
        gap, shared = _beside(line, other)
        reach = join_gap * high if other.kind is line.kind else 0.0
        # A stretch of the other kind is no neighbour, and it stops the search behind it.
        if shared > _OVERLAP * low and -0.8 * high < gap and gap < best_gap:
            best, best_gap = (place if gap < reach and other.kind is line.kind else None), gap
    return best


def _beside(line: Stretch, other: Stretch) -> tuple[float, float]:
    """Gap along the line, and overlap across it, between the line's right end and the other's left end."""
    along = (line.corners[1] - line.corners[0]) / max(line.width, 1e-6)
    across = np.array([-along[1], along[0]])
    gap = float((((other.corners[0] + other.corners[3]) - (line.corners[1] + line.corners[2])) / 2) @ along)
    # A line that climbs is carried on from its right end, not from its middle.
    top, bottom = float(line.corners[1] @ across), float(line.corners[2] @ across)
    other_top, other_bottom = float(other.corners[0] @ across), float(other.corners[3] @ across)
    return gap, min(bottom, other_bottom) - max(top, other_top)


def _joined(left: Stretch, right: Stretch) -> Stretch:
    """The smallest rectangle about both, along the line from the one's start to the other's end."""
    start = (left.corners[0] + left.corners[3]) / 2
    end = (right.corners[1] + right.corners[2]) / 2
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
    across = np.array([-along[1], along[0]], np.float32)
    points = np.concatenate([left.corners, right.corners])
    x, y = points @ along, points @ across
    corners = np.stack(
        [
            along * a + across * b
            for a, b in ((x.min(), y.min()), (x.max(), y.min()), (x.max(), y.max()), (x.min(), y.max()))
        ]
    )
    share = left.width / max(left.width + right.width, 1e-6)
    hand = left.hand * share + right.hand * (1 - share)
    return Stretch(corners=corners.astype(np.float32), kind=left.kind, hand=hand)


def _cut(stretches: Sequence[Stretch], places: list[int], page_width: int) -> list[int]:
    """Cut into columns where a gutter runs through several lines; between the cuts read row by row."""
    if len(places) < 2 * _COLUMN_LINES:
        return _by_rows(stretches, places)
    gutter = _gutter(stretches, places, page_width)
    if gutter is not None:
        left = [place for place in places if _middle_x(stretches[place]) < gutter]
        right = [place for place in places if _middle_x(stretches[place]) >= gutter]
        return _cut(stretches, left, page_width) + _cut(stretches, right, page_width)
    bands = _bands(stretches, places, page_width)
    if len(bands) > 1:
        return [place for band in bands for place in _cut(stretches, band, page_width)]
    return _by_rows(stretches, places)


def _gutter(stretches: Sequence[Stretch], places: Sequence[int], page_width: int) -> float | None:
    """The middle of the widest empty strip from top to bottom with running text, not fields, on both sides."""
    spans = sorted((_left(stretches[place]), _right(stretches[place])) for place in places)
    best, best_width = None, _GUTTER * page_width
    reach = spans[0][1]
    for left, right in spans[1:]:
        if left - reach > best_width:
            middle = (left + reach) / 2
            if _is_text(stretches, [p for p in places if _middle_x(stretches[p]) < middle]) and _is_text(
                stretches, [p for p in places if _middle_x(stretches[p]) >= middle]
            ):
                best, best_width = middle, left - reach
        reach = max(reach, right)
    return best


def _is_text(stretches: Sequence[Stretch], places: Sequence[int]) -> bool:
    """Lines that fill their column: labels and values of a form do not, and are read across."""
    if len(places) < _COLUMN_LINES:
        return False
    widths = np.array([_right(stretches[place]) - _left(stretches[place]) for place in places])
    column = max(_right(stretches[p]) for p in places) - min(_left(stretches[p]) for p in places)
    heights = np.median([stretches[place].height for place in places])
    return bool(np.median(widths) > _FILLED * column and column > _COLUMN * heights)


def _bands(stretches: Sequence[Stretch], places: Sequence[int], page_width: int) -> list[list[int]]:
    """Parts from top to bottom: what runs across the gutter of the lines below or above it stands by itself."""
    ordered = sorted(places, key=lambda place: _top(stretches[place]))
    for start in range(len(ordered) - 2 * _COLUMN_LINES + 1):
        below = ordered[start:]
        gutter = _gutter(stretches, below, page_width)
        end = len(ordered)
        if gutter is None:
            # As many lines as stand on the two sides of one gutter.
            end = start + 2 * _COLUMN_LINES
            gutter = _gutter(stretches, ordered[start:end], page_width)
            if gutter is None:
                continue
            while end < len(ordered) and _gutter(stretches, ordered[start : end + 1], page_width) is not None:
                end += 1
        if _cuts_a_row(stretches, ordered, start, end):
            continue
        return [band for band in (ordered[:start], ordered[start:end], ordered[end:]) if band]
    return [list(ordered)]


def _cuts_a_row(stretches: Sequence[Stretch], ordered: Sequence[int], start: int, end: int) -> bool:
    """Whether a band would take one part of a row, such as a field's value, and leave its label outside."""
    outside = [*ordered[max(0, start - _NEAR) : start], *ordered[end : end + _NEAR]]
    return any(_same_row(stretches[one], stretches[other]) for one in outside for other in ordered[start:end])


def _by_rows(stretches: Sequence[Stretch], places: Sequence[int]) -> list[int]:
    """Rows from the top; in a row from the left. A row is what overlaps in height by half."""
    waiting = sorted(places, key=lambda place: _middle_y(stretches[place]))
    rows: list[list[int]] = []
    for place in waiting:
        for row in reversed(rows[-3:]):
            if _same_row(stretches[row[-1]], stretches[place]):
                row.append(place)
                break
        else:
            rows.append([place])
    return [place for row in rows for place in sorted(row, key=lambda p: _left(stretches[p]))]


def _same_row(one: Stretch, other: Stretch) -> bool:
    shared = min(_bottom(one), _bottom(other)) - max(_top(one), _top(other))
    low, high = sorted((_bottom(one) - _top(one), _bottom(other) - _top(other)))
    apart = _left(other) >= _right(one) - 0.5 * one.height or _left(one) >= _right(other) - 0.5 * other.height
    return apart and shared > _OVERLAP * low and high < _TOO_TALL * low


def _left(stretch: Stretch) -> float:
    return float(stretch.corners[:, 0].min())


def _right(stretch: Stretch) -> float:
    return float(stretch.corners[:, 0].max())


def _top(stretch: Stretch) -> float:
    return float((stretch.corners[0, 1] + stretch.corners[1, 1]) / 2)


def _bottom(stretch: Stretch) -> float:
    return float((stretch.corners[2, 1] + stretch.corners[3, 1]) / 2)


def _middle_x(stretch: Stretch) -> float:
    return float(stretch.corners[:, 0].mean())


def _middle_y(stretch: Stretch) -> float:
    return float(stretch.corners[:, 1].mean())

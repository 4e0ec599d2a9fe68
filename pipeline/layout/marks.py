"""Checkboxes: small squares of four straight sides, and whether ink stands in them.

Two upright runs of ink of one height, a box's width apart, are its left and right side where level ink joins
them at both ends. A tick that crosses a side makes it thicker but does not break it; a letter such as
O or D has no two such sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import MarkRegion, MarkState, Pixels

_LETTER_SIDE = 3_300.0
"""Pixels of the longer side of a letter page at 300 dpi; sizes below are for it."""
_SMALLEST = 22.0
_LARGEST = 62.0
_SQUARE = 1.3
"""A box is at most this many times as wide as high, or as high as wide."""
_RUN = 0.75
"""Share of the height that the left and the right side run straight; less than that and it is a D."""
_SIDE = 0.85
"""Share of the top and of the bottom that is ink."""
_CRISP, _CRISP_SIDE = 20, 0.92
"""From this size on, corners are no large part of a side, and more of it must be ink."""
_BEHIND = 0.45
"""A tick that crosses a side is less of it than this."""
_NEAR = 0.5
"""Ink on both sides as near as this share of the side: a letter within a word."""
_BOLD = 0.13
"""No side of a checkbox is this thick, as a share of its length."""
_RAGGED = 0.07
"""A side may be ragged by this share of its length."""
_CORNER = 0.07
"""Ink reaches this near to each corner, as a share of the side."""
_FRAME_DARK = 205
"""Forms draw their boxes thin and pale."""
_INK_DARK = 165
_BRIDGED = 3
"""A gap of so many pixels in a side is closed."""
_BLANK_BELOW = 0.03
_TICKED_FROM = 0.08
_SOLID = 0.9
_SURROUNDED = 0.1
"""A square within a square, with so much ink about it, is the corner of a QR code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Square:
    x0: int
    y0: int
    x1: int
    """Outside it, as is y1."""
    y1: int

    @property
    def side(self) -> int:
        return max(self.x1 - self.x0, self.y1 - self.y0)


def find_marks(pixels: Pixels) -> tuple[MarkRegion, ...]:
    """The checkboxes of a cleaned page, from the top."""
    unit = max(pixels.shape) / _LETTER_SIDE
    smallest, largest = max(12, round(_SMALLEST * unit)), max(16, round(_LARGEST * unit))
    dark = (pixels < _FRAME_DARK).astype(np.uint8)
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((_BRIDGED, 1), np.uint8)).astype(np.uint8)
    ink = (pixels < _INK_DARK).astype(np.uint8)
    squares = _without_grids(_apart(_squares(dark, ink, smallest, largest)))
    squares = [square for square in squares if not _is_code_corner(ink, square) and not _in_word(ink, square)]
    squares = [square for square in squares if not _is_bold(ink, square)]
    return tuple(_mark(ink, square) for square in sorted(squares, key=lambda square: (square.y0, square.x0)))


def without_marks(pixels: Pixels, marks: Sequence[MarkRegion]) -> Pixels:
    """The page without its checkboxes and what stands in them."""
    if not marks:
        return pixels
    cleared = pixels.copy()
    for mark in marks:
        (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
        rim = max(2, round(0.1 * (x1 - x0)))
        cleared[max(0, int(y0) - rim) : int(y1) + rim, max(0, int(x0) - rim) : int(x1) + rim] = 255
    return cleared


def _squares(dark: NDArray[np.uint8], ink: NDArray[np.uint8], smallest: int, largest: int) -> list[_Square]:
    """Every square; a box with thick sides gives several."""
    found = _of_sizes(dark, dark, smallest, min(_CRISP, largest), _SIDE)
    if largest > _CRISP:
        # The sides of a large box may be ragged, or turned a little: a neighbour counts in.
        rows = cv2.dilate(dark, np.ones((2, 1), np.uint8)).astype(np.uint8)
        columns = cv2.dilate(dark, np.ones((1, 2), np.uint8)).astype(np.uint8)
        found |= _of_sizes(rows, columns, max(smallest, _CRISP), largest, _CRISP_SIDE)
    return [square for square in found if _is_square(square) and _stands_free(dark, ink, square)]


def _of_sizes(
    rows: NDArray[np.uint8], columns: NDArray[np.uint8], smallest: int, largest: int, share: float
) -> set[_Square]:
    """Squares of some sizes, of which each side is straight and level ink of `share` joins them."""
    x, top, bottom = _upright_runs(columns, round(_RUN * smallest), largest)
    height = bottom - top
    along = np.pad(np.cumsum(rows, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    down = np.pad(np.cumsum(columns, axis=0, dtype=np.int32), ((1, 0), (0, 0)))
    slack = max(2, round(0.12 * smallest))
    found = set()
    # The run is the left side, or the right one: a tick may have lengthened the other.
    for step in (1, -1):
        for wide in range(smallest, largest + 1):
            other = x + step * (wide - 1)
            fits = (other >= 0) & (other < rows.shape[1]) & (wide >= height / _SQUARE) & (wide <= height * _SQUARE)
            places = np.flatnonzero(fits)
            straight = down[bottom[places], other[places]] - down[top[places], other[places]]
            places = places[straight >= _RUN * height[places]]
            left = np.minimum(x[places], other[places])
            least = share * wide
            upper = _level_side(along, top[places] - slack, 1, 2 * slack, left, wide, least)
            lower = _level_side(along, bottom[places] - 1 + slack, -1, 2 * slack, left, wide, least) + 1
            whole = (upper >= 0) & (lower > 0) & (lower - upper >= smallest)
            for x0, y0, y1 in zip(left[whole].tolist(), upper[whole].tolist(), lower[whole].tolist(), strict=True):
                found.add(_Square(x0=x0, y0=y0, x1=x0 + wide, y1=y1))
    return found


def _is_square(square: _Square) -> bool:
    wide, high = square.x1 - square.x0, square.y1 - square.y0
    return max(wide, high) <= _SQUARE * min(wide, high)


def _level_side(
    along: NDArray[np.int32],
    rows: NDArray[np.int64],
    step: int,
    most: int,
    left: NDArray[np.int64],
    wide: int,
    least: float,
) -> NDArray[np.int64]:
    """For each start, the first row going inwards where level ink joins the two sides; -1 where none does."""
    found = np.full(len(rows), -1)
    for away in range(most, -1, -1):
        at = rows + step * away
        inside = (at >= 0) & (at < len(along))
        row = np.clip(at, 0, len(along) - 1)
        found = np.where(inside & (along[row, left + wide] - along[row, left] >= least), at, found)
    return found


def _stands_free(dark: NDArray[np.uint8], ink: NDArray[np.uint8], square: _Square) -> bool:
    """No side has much ink right behind it: the bow of a letter has, and so has the stroke of a bold one."""
    x0, y0, x1, y1 = square.x0, square.y0, square.x1, square.y1
    # Next to a side stands its pale rim, so only what is as dark as a stroke counts there.
    near = max(1, round(_RAGGED * square.side))
    for mask, away in ((ink, near), (dark, near + 1)):
        behind = (
            mask[y0:y1, max(0, x0 - away)],
            mask[y0:y1, x1 + away - 1 : x1 + away],
            mask[max(0, y0 - away), x0:x1],
            mask[y1 + away - 1 : y1 + away, x0:x1],
        )
        if any(piece.size and float(piece.mean()) > _BEHIND for piece in behind):
            return False
    reach = max(2, round(_CORNER * square.side))
    patch = dark[y0:y1, x0:x1]
    corners = (patch, patch[:, ::-1], patch[::-1], patch[::-1, ::-1])
    return all(_distance(corner[: reach + 1, : reach + 1]) <= reach for corner in corners)


def _distance(corner: NDArray[np.uint8]) -> int:
    """Steps from a corner to its nearest ink."""
    rows, columns = np.nonzero(corner)
    return int((rows + columns).min()) if len(rows) else corner.size


def _upright_runs(
    dark: NDArray[np.uint8], smallest: int, largest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Columns, tops and bottoms of the upright runs as high as a box."""
    edges = np.diff(np.pad(dark, ((1, 1), (0, 0))).astype(np.int8), axis=0)
    # Taken column by column, starts and ends come in the same order.
    starts, ends = np.nonzero(edges.T == 1), np.nonzero(edges.T == -1)
    length = ends[1] - starts[1]
    kept = (length >= smallest) & (length <= largest)
    return starts[0][kept], starts[1][kept], ends[1][kept]


def _apart(squares: Sequence[_Square]) -> list[_Square]:
    """One square for each box: sides are several pixels thick, so a box is found many times; the outermost stays."""
    kept: list[_Square] = []
    for square in sorted(squares, key=lambda square: -(square.x1 - square.x0) * (square.y1 - square.y0)):
        if not any(_overlap(square, other) > 0.3 for other in kept):
            kept.append(square)
    return kept


def _overlap(one: _Square, other: _Square) -> float:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    area = min((square.x1 - square.x0) * (square.y1 - square.y0) for square in (one, other))
    return across * down / max(1, area) if across > 0 and down > 0 else 0.0


def _without_grids(squares: Sequence[_Square]) -> list[_Square]:
    """Without cells that share sides with others: they are a table or a row of letter cells."""
    return [one for one in squares if sum(_touch(one, other) for other in squares if other is not one) < 2]


def _touch(one: _Square, other: _Square) -> bool:
    gap_x = max(one.x0, other.x0) - min(one.x1, other.x1)
    gap_y = max(one.y0, other.y0) - min(one.y1, other.y1)
    return max(gap_x, gap_y) < 0.12 * one.side


def _inside(ink: NDArray[np.uint8], square: _Square) -> NDArray[np.uint8]:
    """What the sides enclose, however thick they are."""
    patch = ink[square.y0 : square.y1, square.x0 : square.x1]
    rows, columns = patch.mean(axis=1), patch.mean(axis=0)
    top, bottom = _side(rows), _side(rows[::-1])
    left, right = _side(columns), _side(columns[::-1])
    return patch[top : patch.shape[0] - bottom, left : patch.shape[1] - right]


def _is_bold(ink: NDArray[np.uint8], square: _Square) -> bool:
    """Whether every side is as thick as a bold letter's stroke, and the square is not simply filled."""
    patch = ink[square.y0 : square.y1, square.x0 : square.x1]
    rows, columns = patch.mean(axis=1), patch.mean(axis=0)
    thinnest = min(_thickness(shares) for shares in (rows, rows[::-1], columns, columns[::-1]))
    return thinnest > max(5.0, _BOLD * square.side) and float(patch.mean()) < _SOLID


def _thickness(shares: NDArray[np.float64]) -> int:
    """Rows or columns of a side until its ink ends."""
    ends = np.flatnonzero((shares < 0.75)[1:])
    return int(ends[0]) + 1 if len(ends) else len(shares)


def _side(shares: NDArray[np.float64]) -> int:
    """How many rows or columns belong to a side: all to the innermost that is mostly ink, and its pale rim."""
    most = max(2, len(shares) // 4)
    # A form's line may run close by, so it is the innermost that counts.
    inked = np.flatnonzero(shares[:most] >= 0.6)
    return (int(inked[-1]) + 1 if len(inked) else 1) + 1


def _mark(ink: NDArray[np.uint8], square: _Square) -> MarkRegion:
    inside = _inside(ink, square)
    share = float(inside.mean()) if inside.size else 1.0
    if share < _BLANK_BELOW:
        state = MarkState.BLANK
    elif share < _TICKED_FROM or share > _SOLID:
        state = MarkState.DOUBTFUL
    else:
        state = MarkState.TICKED
    x = (float(square.x0), float(square.x1))
    y = (float(square.y0), float(square.y1))
    return MarkRegion(corners=((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])), state=state)


def _in_word(ink: NDArray[np.uint8], square: _Square) -> bool:
    """Whether ink as high as letters stands close by on the left and on the right."""
    near = max(2, round(_NEAR * square.side))
    left = ink[square.y0 : square.y1, max(0, square.x0 - near) : max(0, square.x0 - 1)]
    right = ink[square.y0 : square.y1, square.x1 + 1 : square.x1 + near]
    return all(piece.size > 0 and float(piece.any(axis=1).mean()) > 0.4 for piece in (left, right))


def _is_code_corner(ink: NDArray[np.uint8], square: _Square) -> bool:
    inside = _inside(ink, square)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return False
    core = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = square.side
    around = ink[max(0, square.y0 - side) : square.y1 + side, max(0, square.x0 - side) : square.x1 + side]
    own = ink[square.y0 : square.y1, square.x0 : square.x1]
    about = (int(around.sum()) - int(own.sum())) / max(1, around.size - own.size)
    return float(core.mean()) > _SOLID and core.shape[0] > 0.3 * side and about > _SURROUNDED

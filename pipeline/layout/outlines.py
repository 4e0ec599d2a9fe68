"""What an outline looks like: straight ink along four sides, or ink all around a middle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SQUARE = 1.3
"""A box is at most this many times as wide as high, or as high as wide."""
_RAGGED = 0.07
"""A side may be ragged by this share of its length."""
_CUT = 0.04
"""Corners, as a share of the side, that are no part of it."""
CRISP = 20
"""From this size on, corners are no large part of a side, and more of it must be ink."""
_RING = 0.9
"""Share of the directions in which a bubble's outline is met."""
_ROUND = 0.1
"""A bubble's outline strays from a circle by at most this share of its diameter."""
_BEHIND = 0.45
"""A tick that crosses a side is less of it than this."""
_DIRECTIONS = 40
"""In so many directions a bubble's outline is looked for."""
_CLEAR = 0.6
"""Share of the directions in which nothing stands right outside a bubble."""
_SOLID_ROUND = 0.7
"""From this share of ink on, a bubble was filled."""
_ROUND_CUT = 0.3
"""The square within a bubble begins at this share of its diameter."""
_OUTER = 0.6
"""The outer edge of a side is where a line holds this share of the ink of its inkiest line."""
_STRAY = 0.05
"""A side strays by this share of its length."""
_ALONE = 0.4
"""Nothing stands beside a bubble as near as this share of its diameter."""
SOLID = 0.9
"""A square of this share of ink was filled, or printed solid."""
_BOLDEST = 0.28
"""The thinnest side of a box is at most this thick, as a share of its length."""
_LEAST_SIDE, _LEAST_CORNER = 0.78, 0.2
"""A box that asks less of its sides and corners needs fellows."""
_THIN_RING = 0.25
"""A bubble's outline is at most this thick, as a share of its diameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The outer edge of an outline on the cleaned page, pixels."""

    x0: int
    y0: int
    x1: int
    """Outside it, as is y1."""
    y1: int
    round: bool = False
    covered: bool = False
    """So much ink lies over it that only its place tells it: it stands in a column of others."""

    @property
    def side(self) -> int:
        """The longer side."""
        return max(self.x1 - self.x0, self.y1 - self.y0)


def inside(ink: NDArray[np.uint8], frame: Frame, *, cut: float = _ROUND_CUT) -> NDArray[np.uint8]:
    """What the outline encloses, however thick it is; of a bubble, a square from a share of its diameter on."""
    patch = ink[frame.y0 : frame.y1, frame.x0 : frame.x1]
    rows, columns = patch.mean(axis=1), patch.mean(axis=0)
    if frame.round:
        rim = round(cut * frame.side)
        return patch[rim:-rim, rim:-rim]
    top, bottom = _rim(rows), _rim(rows[::-1])
    left, right = _rim(columns), _rim(columns[::-1])
    return patch[top : patch.shape[0] - bottom, left : patch.shape[1] - right]


def _rim(shares: NDArray[np.float64]) -> int:
    """How many rows or columns belong to a side: all to the innermost that is mostly ink, and its pale rim."""
    most = max(2, len(shares) // 4)
    # A form's line may run close by, so it is the innermost that counts.
    inked = np.flatnonzero(shares[:most] >= 0.6)
    return (int(inked[-1]) + 1 if len(inked) else 1) + 1


def box_at(dark: NDArray[np.uint8], ink: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> Frame | None:
    """The box whose sides run near the edges of a patch."""
    height, width = dark.shape
    for _ in range(2):
        reach = max(2, round(0.22 * min(x1 - x0, y1 - y0)))
        left, right = _side(dark[y0:y1, max(0, x0 - 2) : x0 + reach].sum(axis=0), 1), 0
        new_x0 = max(0, x0 - 2) + left
        right = _side(dark[y0:y1, x1 - reach : x1 + 2].sum(axis=0), -1)
        new_x1 = x1 - reach + right + 1
        new_y0 = max(0, y0 - 2) + _side(dark[max(0, y0 - 2) : y0 + reach, x0:x1].sum(axis=1), 1)
        new_y1 = y1 - reach + _side(dark[y1 - reach : y1 + 2, x0:x1].sum(axis=1), -1) + 1
        x0, y0, x1, y1 = new_x0, new_y0, min(width, new_x1), min(height, new_y1)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return None
    frame = Frame(x0=x0, y0=y0, x1=x1, y1=y1)
    if frame.side > _SQUARE * min(x1 - x0, y1 - y0):
        return None
    drawn = min(sides(dark, frame)) >= _LEAST_SIDE and has_corners(dark, frame, _LEAST_CORNER)
    bold = boldness(ink, frame) > max(4.0, _BOLDEST * frame.side)
    solid = float(ink[frame.y0 : frame.y1, frame.x0 : frame.x1].mean()) > SOLID
    return frame if drawn and _stands_free(dark, ink, frame) and (solid or not bold) else None


def boldness(ink: NDArray[np.uint8], frame: Frame) -> int:
    """Thickness of the thinnest side, pixels."""
    patch = ink[frame.y0 : frame.y1, frame.x0 : frame.x1]
    rows, columns = patch.mean(axis=1), patch.mean(axis=0)
    return min(_thickness(shares) for shares in (rows, rows[::-1], columns, columns[::-1]))


def _thickness(shares: NDArray[np.float64]) -> int:
    """Rows or columns of a side until its ink ends."""
    ends = np.flatnonzero((shares < 0.7)[1:])
    return int(ends[0]) + 1 if len(ends) else len(shares)


def _side(ink: NDArray[np.int64], step: int) -> int:
    """The outermost of the lines that hold much of the ink of the inkiest."""
    strong = np.flatnonzero(ink >= _OUTER * ink.max())
    return int(strong[0] if step > 0 else strong[-1])


def sides(dark: NDArray[np.uint8], frame: Frame) -> tuple[float, ...]:
    """For each side, the share of its middle along which there is ink, however it strays a little."""
    stray = max(1, round(_STRAY * frame.side))
    x0, y0, x1, y1 = frame.x0, frame.y0, frame.x1, frame.y1
    cut_x, cut_y = round(_CUT * (x1 - x0)), round(_CUT * (y1 - y0))
    rows, columns = slice(y0 + cut_y, y1 - cut_y), slice(x0 + cut_x, x1 - cut_x)
    return (
        float(dark[rows, max(0, x0 - stray) : x0 + stray + 1].any(axis=1).mean()),
        float(dark[rows, x1 - 1 - stray : x1 + stray].any(axis=1).mean()),
        float(dark[max(0, y0 - stray) : y0 + stray + 1, columns].any(axis=0).mean()),
        float(dark[y1 - 1 - stray : y1 + stray, columns].any(axis=0).mean()),
    )


def _stands_free(dark: NDArray[np.uint8], ink: NDArray[np.uint8], frame: Frame) -> bool:
    """No side has much ink a little behind it: the bow of a letter has, and so has a cell among others."""
    x0, y0, x1, y1 = frame.x0, frame.y0, frame.x1, frame.y1
    # Next to a side stands its pale rim, so only what is as dark as a stroke counts there.
    near = max(1, round(_RAGGED * frame.side))
    for mask, away in ((ink, near), (dark, near + 1)):
        behind = (
            mask[y0:y1, max(0, x0 - away)],
            mask[y0:y1, x1 + away - 1 : x1 + away],
            mask[max(0, y0 - away), x0:x1],
            mask[y1 + away - 1 : y1 + away, x0:x1],
        )
        if any(piece.size and float(piece.mean()) > _BEHIND for piece in behind):
            return False
    return True


def has_corners(dark: NDArray[np.uint8], frame: Frame, share: float) -> bool:
    """Whether ink reaches each corner, as near as a share of the side, across and down together."""
    reach = max(1, round(share * frame.side))
    patch = dark[frame.y0 : frame.y1, frame.x0 : frame.x1]
    corners = (patch, patch[:, ::-1], patch[::-1], patch[::-1, ::-1])
    return all(_distance(corner[: reach + 1, : reach + 1]) <= reach for corner in corners)


def _distance(corner: NDArray[np.uint8]) -> int:
    """Steps from a corner to its nearest ink."""
    rows, columns = np.nonzero(corner)
    return int((rows + columns).min()) if len(rows) else corner.size


def bubble_at(dark: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> Frame | None:
    """The circle that fills a patch, where there is ink in nearly every direction at its edge."""
    x0, y0, x1, y1 = _to_the_rim(dark, x0, y0, x1, y1)
    wide, high = x1 - x0, y1 - y0
    if max(wide, high) > 1.15 * min(wide, high):
        return None
    stray = max(1.0, _ROUND * max(wide, high) / 2)
    beyond = stray + 1.5
    near = round((_ALONE if wide >= CRISP else 2 * _ALONE) * wide)
    left, right = dark[y0:y1, max(0, x0 - near) : x0 - 1], dark[y0:y1, x1 + 1 : x1 + max(2, near // 2)]
    # A tick that overshoots leaves to the right.
    if float(left.any(axis=1).mean()) > _ALONE or float(right.any(axis=1).mean()) > _ALONE:
        return None
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    x, y = (x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2
    depths = np.arange(-beyond, max(wide, high) / 3, 0.5)
    across, down = (wide - 1) / 2 - depths[:, None], (high - 1) / 2 - depths[:, None]
    rays = _at(dark, x + across * np.cos(angles), y + down * np.sin(angles))
    near_edge = np.abs(depths) <= stray
    met = rays[near_edge].any(axis=0)
    clear = ~rays[depths < -stray].any(axis=0)
    # From the outline inwards, until the ink first ends.
    ends = ~rays & (np.cumsum(rays, axis=0) > 0)
    thickness = np.where(ends.any(axis=0), ends.argmax(axis=0) - rays.argmax(axis=0), len(depths)) / 2
    solid = float(dark[y0:y1, x0:x1].mean()) > _SOLID_ROUND
    thin = float(np.percentile(thickness[met], 30)) <= max(2.5, _THIN_RING * wide) if met.any() else False
    if float(met.mean()) < _RING or float(clear.mean()) < _CLEAR or not (thin or solid):
        return None
    return Frame(x0=x0, y0=y0, x1=x1, y1=y1, round=True)


def _to_the_rim(dark: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> tuple[int, int, int, int]:
    """A patch grown to where the ink beside its middle ends: wiping out strokes flattened a round one."""
    wide, high = x1 - x0, y1 - y0
    most = max(2, round(0.12 * max(wide, high)))
    rows, columns = slice(y0 + high // 3, y1 - high // 3), slice(x0 + wide // 3, x1 - wide // 3)
    for _ in range(most):
        x0 -= x0 > 0 and bool(dark[rows, x0 - 1].any())
        y0 -= y0 > 0 and bool(dark[y0 - 1, columns].any())
        x1 += x1 < dark.shape[1] and bool(dark[rows, x1].any())
        y1 += y1 < dark.shape[0] and bool(dark[y1, columns].any())
    return x0, y0, x1, y1


def _at(dark: NDArray[np.uint8], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    rows = np.clip(np.rint(y).astype(int), 0, dark.shape[0] - 1)
    columns = np.clip(np.rint(x).astype(int), 0, dark.shape[1] - 1)
    ink: NDArray[np.bool_] = dark[rows, columns] > 0
    return ink

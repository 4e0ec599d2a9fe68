"""Straight borders of something bright in a picture: what could be a side of a sheet on a table."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Pixels

Straight = NDArray[np.float64]
"""A line as a, b, c with ax + by + c = 0 and a unit normal (a, b)."""

_SHORTEST = 0.06
"""A stretch of border is at least this share of the picture's longer side."""
_STEP = 8.0
"""Grey levels by which the sheet is brighter, at least."""
_BESIDE = 4.0
_SAME = 4.0
"""Two stretches whose ends lie this near to one line, in pixels, belong to one border."""
_KEPT = 5
"""Borders kept for each side."""
_REACH = 7
"""Pixels to either side within which a border's exact place is looked for."""
_OUTER = 85.0
"""Of a border that curves, this percentile of its points lies inside the line laid along it."""
_RIM = 1.0
"""The line lies a pixel inside the border: its blur and the table's last sliver would look like a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Lines by the side of the sheet that they could be, best first."""

    top: tuple[Straight, ...]
    right: tuple[Straight, ...]
    bottom: tuple[Straight, ...]
    left: tuple[Straight, ...]


def borders(grey: Pixels) -> Sides:
    """Find the straight borders of a small grey picture, with the bright side inward."""
    found = cv2.createLineSegmentDetector().detect(cv2.GaussianBlur(grey, (0, 0), 1.0))[0]
    ends = np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)
    start, ahead = ends[:, :2], ends[:, 2:] - ends[:, :2]
    lengths = np.hypot(ahead[:, 0], ahead[:, 1])
    long = lengths > _SHORTEST * max(grey.shape)
    start, ahead, lengths = start[long], ahead[long], lengths[long]
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / lengths[:, np.newaxis]
    step = _mean_beside(grey, start, ahead, normal) - _mean_beside(grey, start, ahead, -normal)
    # The normal is turned to the bright side: into the sheet.
    normal = normal * np.where(step < 0, -1.0, 1.0)[:, np.newaxis]
    clear = np.abs(step) > _STEP
    x, y = normal[:, 0], normal[:, 1]
    level = np.abs(y) > np.abs(x)
    kinds = (level & (y > 0), ~level & (x < 0), level & (y < 0), ~level & (x > 0))
    sides = [_strongest(start[k & clear], ahead[k & clear], normal[k & clear]) for k in kinds]
    return Sides(top=sides[0], right=sides[1], bottom=sides[2], left=sides[3])


def _mean_beside(
    grey: Pixels, start: NDArray[np.float64], ahead: NDArray[np.float64], normal: NDArray[np.float64]
) -> NDArray[np.float64]:
    share = np.linspace(0.05, 0.95, 15)[np.newaxis, :, np.newaxis]
    points = start[:, np.newaxis] + share * ahead[:, np.newaxis] + _BESIDE * normal[:, np.newaxis]
    x = np.clip(np.rint(points[..., 0]).astype(int), 0, grey.shape[1] - 1)
    y = np.clip(np.rint(points[..., 1]).astype(int), 0, grey.shape[0] - 1)
    mean: NDArray[np.float64] = grey[y, x].astype(np.float64).mean(axis=1)
    return mean


def _strongest(
    start: NDArray[np.float64], ahead: NDArray[np.float64], normal: NDArray[np.float64]
) -> tuple[Straight, ...]:
    """Stretches along one line put together; the lines with most of them."""
    kept: list[Straight] = []
    lengths = np.hypot(ahead[:, 0], ahead[:, 1])
    left = np.ones(len(start), np.bool_)
    for _ in range(_KEPT):
        if not left.any():
            break
        offsets = -(normal * start).sum(axis=1)
        near = [
            left
            & (np.abs(start @ normal[i] + offsets[i]) < _SAME)
            & (np.abs((start + ahead) @ normal[i] + offsets[i]) < _SAME)
            for i in np.flatnonzero(left)
        ]
        members = max(near, key=lambda those: float(lengths[those].sum()))
        ends = np.concatenate([start[members], (start + ahead)[members]])
        direction = cv2.fitLine(ends.astype(np.float32), cv2.DIST_L2, 0, 0.01, 0.01).ravel().astype(np.float64)
        kept.append(_line_through(direction[2:], direction[2:] + direction[:2]))
        left &= ~members
    return tuple(kept)


def outermost(grey: Pixels, points: NDArray[np.float64], outward: NDArray[np.float64]) -> Straight:
    """The line along the outermost part of a border, which bends where the sheet curls.

    Args:
        grey: the picture.
        points: n x 2, along the border, roughly.
        outward: the unit direction from the bright side to the dark one.
    """
    distances = np.arange(-_REACH, _REACH + 1, dtype=np.float64)
    seen = points[:, np.newaxis] + distances[np.newaxis, :, np.newaxis] * outward
    x = np.clip(np.rint(seen[..., 0]).astype(int), 0, grey.shape[1] - 1)
    y = np.clip(np.rint(seen[..., 1]).astype(int), 0, grey.shape[0] - 1)
    profile = cv2.GaussianBlur(grey[y, x].astype(np.float32), (5, 1), 1.0)
    fall = profile[:, :-1] - profile[:, 1:]
    place = distances[fall.argmax(axis=1)] + 0.5
    clear = fall.max(axis=1) > _STEP / 4
    share = np.linspace(-0.5, 0.5, len(points))
    if int(clear.sum()) < len(points) // 4:
        return _line_through(points[0], points[-1])
    slope, middle = 0.0, float(np.median(place[clear]))
    kept = clear & (np.abs(place - middle) < _REACH)
    for _ in range(3):
        slope, middle = (float(value) for value in np.polyfit(share[kept], place[kept], 1))
        off = np.abs(place - middle - slope * share)
        kept = clear & (off < max(1.5, 2.0 * float(np.median(off[kept]))))
    beyond = max(0.0, float(np.percentile((place - middle - slope * share)[kept], _OUTER))) - _RIM
    first, last = middle - slope / 2 + beyond, middle + slope / 2 + beyond
    return _line_through(points[0] + first * outward, points[-1] + last * outward)


def _line_through(first: NDArray[np.float64], second: NDArray[np.float64]) -> Straight:
    """The line through two points."""
    ahead = second - first
    normal = np.array([-ahead[1], ahead[0]]) / max(float(np.hypot(ahead[0], ahead[1])), 1e-9)
    return np.array([normal[0], normal[1], -float(normal @ first)])


def meeting(first: Straight, second: Straight) -> tuple[float, float]:
    """Where two lines meet; infinite where they do not."""
    x, y, w = np.cross(first, second)
    if abs(w) < 1e-9:
        return float("inf"), float("inf")
    return float(x / w), float(y / w)

"""Words that a pen circled: a thin closed stroke, about as round as an ellipse, with print inside.

The outermost ink in every direction from the middle must lie near an ellipse, and right inside it there must be
paper; a word, a table or a stamp has no such outline.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import MarkRegion, MarkState, Pixels

_LETTER_SIDE = 3_300.0
"""Pixels of the longer side of a letter page at 300 dpi; sizes below are for it."""
_LOWEST, _HIGHEST = 44.0, 190.0
_NARROWEST, _WIDEST = 44.0, 900.0
_LONGEST = 9.0
"""Times as wide as high, at most."""
_DIRECTIONS = 72
_MET = 0.9
"""Share of the directions in which the stroke is met; a hand does not always close a circle."""
_SURE = 0.97
_STRAY = 0.2
"""A hand strays by this share from an ellipse."""
_THIN = 0.2
"""The stroke is at most this thick, as a share of the height."""
_TEXT = (0.2, 0.85)
"""What is circled is between these shares of the circle's height."""
_LONG = 1.8
"""A circle so many times as wide as high is no letter."""
_FILLED = (0.64, 0.92)
"""Share of its box that a circle covers; a frame with corners covers more."""
_RING = 0.72
"""What is farther out than this share of the way to the edge is the pen's."""


def find_circles(ink: NDArray[np.uint8], marks: Sequence[MarkRegion]) -> list[MarkRegion]:
    """Circled words, in no order."""
    unit = max(ink.shape) / _LETTER_SIDE
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    high, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    fits = (high >= _LOWEST * unit) & (high <= _HIGHEST * unit) & (wide >= _NARROWEST * unit)
    fits &= (wide <= _WIDEST * unit) & (wide <= _LONGEST * high) & (high <= 1.8 * wide)
    fits[0] = False
    found = []
    for label in np.flatnonzero(fits).tolist():
        x, y, width, height = (int(value) for value in stats[label, :4])
        own = (labels[y : y + height, x : x + width] == label).astype(np.uint8)
        met = _outline(own)
        if met < _MET or _is_mark(x, y, width, height, marks):
            continue
        if _holds_text(ink[y : y + height, x : x + width], own):
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
            state = MarkState.TICKED if met >= _SURE else MarkState.DOUBTFUL
            found.append(MarkRegion(corners=tuple((float(a), float(b)) for a, b in corners), state=state, around=True))
    return found


def without_ring(pixels: Pixels, mark: MarkRegion) -> None:
    """Wipe out the stroke of a circle, and leave what it holds."""
    (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
    left, top, right, bottom = int(x0) - 2, int(y0) - 2, int(x1) + 2, int(y1) + 2
    patch = pixels[max(0, top) : bottom, max(0, left) : right]
    height, width = patch.shape
    rows, columns = np.mgrid[0:height, 0:width]
    away = np.hypot((columns + 0.5 - width / 2) / (width / 2), (rows + 0.5 - height / 2) / (height / 2))
    _, labels = cv2.connectedComponents((patch < 205).astype(np.uint8), connectivity=8)
    ring = (away > _RING) & (away < 1.45)
    # Only strokes that reach the outline: letters inside keep their corners.
    outer = np.unique(labels[(away > 0.9) & (away < 1.2)])
    patch[ring & np.isin(labels, outer[outer > 0])] = 255


def _outline(own: NDArray[np.uint8]) -> float:
    """Share of the directions in which a patch of ink has a thin stroke near the ellipse that its box holds."""
    height, width = own.shape
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.concatenate(contours))
    covered = cv2.contourArea(hull) / (width * height)
    if not _FILLED[0] <= covered <= _FILLED[1]:
        return 0.0
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    steps = np.linspace(0.5, 1.25, 76)
    x = np.rint((width - 1) / 2 * (1 + steps[:, None] * np.cos(angles))).astype(int)
    y = np.rint((height - 1) / 2 * (1 + steps[:, None] * np.sin(angles))).astype(int)
    within = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    rays = within & (own[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] > 0)
    last = len(steps) - 1 - rays[::-1].argmax(axis=0)
    at = steps[last]
    near = rays.any(axis=0) & (np.abs(at - 1) <= _STRAY)
    # Smoothly: from one direction to the next the pen moves little.
    jumps = np.abs(at - np.roll(at, 1)) < 0.14
    # Rays meet the long sides of an ellipse aslant; this is the thickness across the stroke.
    thick = (
        _thickness(rays, last) * (steps[1] - steps[0]) / 2 / np.hypot(np.cos(angles) / width, np.sin(angles) / height)
    )
    thin = float(np.median(thick[near])) <= max(4.0, _THIN * height) if near.any() else False
    return float((near & jumps).mean()) if thin else 0.0


def _thickness(rays: NDArray[np.bool_], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Steps inwards from the outermost ink of each ray until it ends."""
    reversed_rays = rays[::-1]
    start = len(rays) - 1 - last
    rows = np.arange(len(rays))[:, None]
    ends = ~reversed_rays & (rows > start)
    return np.where(ends.any(axis=0), ends.argmax(axis=0), len(rays)) - start


def _holds_text(ink: NDArray[np.uint8], own: NDArray[np.uint8]) -> bool:
    """Whether ink as high as letters stands in the middle; in a small circle, apart from the stroke."""
    height, width = ink.shape
    within = slice(round(0.2 * height), round(0.8 * height)), slice(round(0.15 * width), round(0.85 * width))
    inner = ink[within] if width > _LONG * height else ink[within] & (1 - own[within])
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    if not len(rows):
        return False
    high = (rows[-1] + 1 - rows[0]) / height
    return _TEXT[0] <= high <= _TEXT[1] and len(columns) >= 0.12 * inner.shape[1] and 0.03 < float(inner.mean()) < 0.6


def _is_mark(x: int, y: int, width: int, height: int, marks: Sequence[MarkRegion]) -> bool:
    """Whether it is the outline of a box or a bubble, or stands on one."""
    for mark in marks:
        (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
        if min(x1, x + width) - max(x0, x) > 0 and min(y1, y + height) - max(y0, y) > 0:
            return True
    return False

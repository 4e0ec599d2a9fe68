"""Cut a photographed sheet out of its table and flatten its perspective; a scan is left as it is.

A sheet is a bright four-cornered patch that the dark of a table surrounds. Anything less certain
is not cut: a lost margin is worse than a bit of table.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.sheet import Sheet
from pipeline.records import Pixels

LOOK = 500
"""Pixels of the longer side at which the sheet is looked for."""
_SMALLEST_SHARE = 0.25
_LARGEST_SHARE = 0.97
_FOUR_CORNERED = 0.94
"""Share of the patch's hull that its four corners hold, and of the four corners that the patch holds."""
_DARKER = 0.72
"""The table is at most this bright, against the sheet."""
_LEVELS = (1.0, 0.85, 0.7)
"""Shares of Otsu's level that are tried: a shadow on the sheet wants a lower one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    width: int
    height: int


def flatten(sheet: Sheet) -> Sheet:
    """The sheet without its table, seen from straight above; unchanged where no table is seen."""
    corners = sheet_corners(sheet.pixels)
    if corners is None:
        return sheet
    sides = _sides(corners)
    frame = np.array([[0, 0], [sides.width, 0], [sides.width, sides.height], [0, sides.height]], np.float32)
    back = cv2.getPerspectiveTransform(frame, corners)
    return sheet.warped(np.asarray(back, np.float64), sides.width, sides.height)


def sheet_corners(pixels: Pixels) -> NDArray[np.float32] | None:
    """Corners of a sheet on a dark table, clockwise from the top left, in pixels; None for a scan."""
    scale = LOOK / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Paper is bright in every colour; a wooden table is bright in red alone.
    grey = (small.min(axis=2) if small.ndim == 3 else small).astype(np.uint8)
    grey = cv2.medianBlur(grey, 5).astype(np.uint8)
    otsu, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for level in _LEVELS:
        corners = _four_corners(grey, otsu * level)
        if corners is not None:
            return (corners / np.float32(scale)).astype(np.float32)
    return None


def _four_corners(grey: Pixels, level: float) -> NDArray[np.float32] | None:
    bright = (grey > level).astype(np.uint8)
    bright = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    patch = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(patch)
    area = cv2.contourArea(hull)
    if not _SMALLEST_SHARE < area / grey.size < _LARGEST_SHARE or cv2.contourArea(patch) < _FOUR_CORNERED * area:
        return None
    corners = _simplest(hull)
    if corners is None or cv2.contourArea(corners) < _FOUR_CORNERED * area:
        return None
    inside = np.zeros_like(grey)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 1)
    outside = cv2.dilate(inside, np.ones((9, 9), np.uint8)) == 0
    if outside.mean() < 1 - _LARGEST_SHARE or np.median(grey[outside]) > _DARKER * np.median(grey[inside > 0]):
        return None
    return _clockwise(corners) if _lies_free(corners, grey.shape[1], grey.shape[0]) else None


def _simplest(hull: cv2.typing.MatLike) -> NDArray[np.float32] | None:
    outline = cv2.arcLength(hull, closed=True)
    for share in (0.01, 0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, share * outline, closed=True)
        if len(corners) <= 4:
            return corners.reshape(-1, 2).astype(np.float32) if len(corners) == 4 else None
    return None


def _lies_free(corners: NDArray[np.float32], width: int, height: int) -> bool:
    """At least three sides run inside the picture: a scan with one black edge is no photograph of a table."""
    margin = 0.012 * max(width, height)
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    free = (
        (middles[:, 0] > margin)
        & (middles[:, 1] > margin)
        & (middles[:, 0] < width - 1 - margin)
        & (middles[:, 1] < height - 1 - margin)
    )
    return int(free.sum()) >= 3


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    first = int(np.argmin(around.sum(axis=1)))
    ordered: NDArray[np.float32] = np.roll(around, -first, axis=0)
    return ordered


def _sides(corners: NDArray[np.float32]) -> _Sides:
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return _Sides(
        width=max(8, round(float(max(lengths[0], lengths[2])))),
        height=max(8, round(float(max(lengths[1], lengths[3])))),
    )

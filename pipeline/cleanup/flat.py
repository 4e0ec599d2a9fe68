"""Cut a photographed sheet out of its table and flatten its perspective; a scan is left as it is.

A sheet is a large four-cornered patch that is brighter, along all its sides, than what lies just beyond
them. A ruled line or a printed frame has paper on both its sides and is no such border. Anything less
certain, or with a side out of the picture, is not cut: a lost line is worse than a bit of table.
"""

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.borders import Straight, borders, meeting, outermost
from pipeline.cleanup.sheet import FindText, Sheet
from pipeline.records import Pixels

LOOK = 500
"""Pixels of the longer side at which the sheet is looked for."""
_SMALLEST_SHARE = 0.2
_SAMPLES = 40
_BESIDE = 5.0
"""Pixels from a border at which the sheet and the table are looked at; a ruled line and its blur are thinner."""
_STEP = 0.12
"""The table beside a border is darker than the sheet by this share, at least."""
_HELD = 0.7
"""Share of each side that must be such a border."""
_HELD_IN_ALL = 0.8
_LARGER = 0.25
"""How much a larger sheet is preferred: this power of its area."""
_NARROWEST = 45.0
_WIDEST = 135.0
"""Degrees of a corner as a camera may see it."""
_LOOK_FOR_TEXT = 1_280
_GROWN = 0.25
"""Text as found reaches beyond its letters at both ends by this much of its height."""

_SEEN = (400, 36)
"""Pixels at which a stretch of text is looked at."""
_STROKE = 0.1
"""Strokes are darker than their ground by this share, at least."""


def flatten(sheet: Sheet, find_text: FindText) -> Sheet:
    """The sheet without its table, seen from straight above; unchanged where no table is seen or text would be lost."""
    corners = sheet_corners(sheet.pixels)
    if corners is None:
        return sheet
    text = find_text(sheet.pixels, longest=_LOOK_FOR_TEXT)
    written = np.array([_written(sheet.pixels, quad) for quad in text], np.bool_)
    if not written.any() or not _holds(corners, text[written]):
        return sheet
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width = max(8, round(float(max(lengths[0], lengths[2]))))
    height = max(8, round(float(max(lengths[1], lengths[3]))))
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(frame, corners)
    return sheet.warped(np.asarray(back, np.float64), width, height)


def sheet_corners(pixels: Pixels) -> NDArray[np.float32] | None:
    """Corners of a sheet on a darker table, clockwise from the top left, in pixels; None for a scan."""
    scale = LOOK / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Paper is bright in every colour; a wooden table is bright in red alone.
    grey = (small.min(axis=2) if small.ndim == 3 else small).astype(np.uint8)
    # Writing is thinner than this and goes; a hand's breadth of table stays.
    grey = cv2.medianBlur(grey, 7).astype(np.uint8)
    if min(grey.shape) < 8 * _BESIDE:
        return None
    best, found = 0.0, None
    sides = borders(grey)
    for chosen in product(sides.top, sides.right, sides.bottom, sides.left):
        corners = _corners(chosen)
        if corners is None or cv2.contourArea(corners) < _SMALLEST_SHARE * grey.size:
            continue
        steps = _steps(grey, corners)
        held = (steps > _STEP).mean(axis=1)
        if held.min() < _HELD or held.mean() < _HELD_IN_ALL:
            continue
        # Planks of a table make borders, too, and larger ones; paper stands out more.
        value = float(np.median(steps, axis=1).mean()) * float(cv2.contourArea(corners)) ** _LARGER
        if value > best:
            best, found = value, corners
    if found is not None:
        along, outward = _along(found, 2 * _SAMPLES)
        top, right, bottom, left = (outermost(grey, *side) for side in zip(along, outward, strict=True))
        found = _corners((top, right, bottom, left))
    return None if found is None else (found / np.float32(scale)).astype(np.float32)


def _written(pixels: Pixels, quad: NDArray[np.float32]) -> bool:
    """Whether what looks like text has dark strokes: a card or a ruler on the table is plain."""
    frame = np.array([[0, 0], [_SEEN[0], 0], [0, _SEEN[1]]], np.float32)
    to_seen = cv2.getAffineTransform(quad[[0, 1, 3]].astype(np.float32), frame)
    seen = cv2.warpAffine(pixels, to_seen, _SEEN, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = seen.min(axis=2) if seen.ndim == 3 else seen
    height, width = grey.shape
    middle = grey[height // 3 : height - height // 3, width // 4 : width - width // 4]
    dark, ground = np.percentile(middle, (2, 50))
    return bool(dark < (1.0 - _STROKE) * ground)


def _holds(corners: NDArray[np.float32], text: NDArray[np.float32]) -> bool:
    """Whether both ends of each stretch of text lie in the convex sheet, and so all of it."""
    first, second, third, fourth = np.moveaxis(text, 1, 0)
    across = np.linalg.norm(second - first, axis=1, keepdims=True)
    down = np.linalg.norm(fourth - first, axis=1, keepdims=True)
    start = np.where(across > down, first + fourth, first + second) / 2
    end = np.where(across > down, second + third, fourth + third) / 2
    grown = (end - start) * (_GROWN * np.minimum(across, down) / np.maximum(np.maximum(across, down), 1e-6))
    ends = np.concatenate([start + grown, end - grown])
    ahead = np.roll(corners, -1, axis=0) - corners
    aside = np.stack([-ahead[:, 1], ahead[:, 0]])  # into the sheet
    return bool((ends @ aside >= (corners * aside.T).sum(axis=1)).all())


def _corners(chosen: tuple[Straight, Straight, Straight, Straight]) -> NDArray[np.float32] | None:
    """Where top, right, bottom and left meet, clockwise from the top left; None where that is no sheet."""
    top, right, bottom, left = chosen
    meets = [meeting(top, left), meeting(top, right)]
    meets += [meeting(bottom, right), meeting(bottom, left)]
    corners = np.array(meets, np.float32)
    if not np.isfinite(corners).all() or not cv2.isContourConvex(corners):
        return None
    ahead = np.roll(corners, -1, axis=0) - corners
    back = np.roll(corners, 1, axis=0) - corners
    lengths = np.linalg.norm(ahead, axis=1) * np.linalg.norm(back, axis=1)
    angles = np.degrees(np.arccos(np.clip((ahead * back).sum(axis=1) / np.maximum(lengths, 1e-6), -1, 1)))
    return corners if angles.min() > _NARROWEST and angles.max() < _WIDEST else None


def _steps(grey: Pixels, corners: NDArray[np.float32]) -> NDArray[np.float64]:
    """4 x n: by which share what lies beyond each side is darker than the sheet there; 0 beyond the picture."""
    along, outward = _along(corners, _SAMPLES)
    height, width = grey.shape

    def at(distance: float) -> NDArray[np.float64]:
        points = np.rint(along + distance * outward[:, np.newaxis]).astype(int)
        seen: NDArray[np.float64] = grey[
            np.clip(points[..., 1], 0, height - 1), np.clip(points[..., 0], 0, width - 1)
        ].astype(np.float64)
        return seen

    beyond = along + _BESIDE * outward[:, np.newaxis]
    inside = (beyond >= 0).all(axis=2) & (beyond[..., 0] < width) & (beyond[..., 1] < height)
    steps: NDArray[np.float64] = np.where(inside, 1.0 - at(_BESIDE) / np.maximum(at(-_BESIDE), 1.0), 0.0)
    return steps


def _along(corners: NDArray[np.float32], samples: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """4 x n x 2 points along the sides, and the four directions that lead out of the sheet."""
    share = np.linspace(0.02, 0.98, samples)[:, np.newaxis]
    ahead = (np.roll(corners, -1, axis=0) - corners).astype(np.float64)
    along = corners[:, np.newaxis].astype(np.float64) + share * ahead[:, np.newaxis]
    outward = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1) / np.linalg.norm(ahead, axis=1, keepdims=True)
    return along, outward

"""Fit a stretch of text to its own ink, and part it where a gap is too wide for one line.

The detector's rectangles are looser than the ink, take in ruled lines and what the lines above and below hang into
them, and bridge the gap or the leader (`Name ........ Smith`) from a label to its value.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Pixels

_DARK = 215
"""A pixel of a cleaned page darker than this is ink, faint ink too: broken letters would open gaps."""
_RULE = 1 / 28
"""A level run of ink longer than this share of the page's width is a ruled line."""
_REACH = 0.15
"""So many heights above and below a rectangle its letters may reach."""
_INSIDE = 0.5
"""A patch of ink belongs to a rectangle that holds this share of its height, or that it fills so far."""
_LEAST = 0.5
"""The writing counts as at least this share of its rectangle's height: a rectangle may hold dots alone."""
_LOW = 0.3
"""A patch lower than this share of the writing is a dot or a dash; three of them in a row are a leader."""
_LEADER = 3
_LEVEL = 0.25
"""The middles of a leader's dots or dashes differ by less than this share of the writing."""
_SPECK = 0.06
"""A patch smaller than this share of the writing's height, both ways, is dust."""
_GAP = 1.45
"""A gap of so many heights of the writing parts two lines of one row."""
_ABOVE = 0.1
"""Room left above and below the ink, in heights of the writing, or widths where it is higher than wide: set upright."""
_BESIDE = 0.15
"""Room left before and behind it."""


def without_rules(pixels: Pixels) -> NDArray[np.uint8]:
    """Ink (1) of a cleaned grey page, its ruled lines taken away."""
    dark = (pixels < _DARK).astype(np.uint8)
    run = cv2.getStructuringElement(cv2.MORPH_RECT, (max(3, round(pixels.shape[1] * _RULE)), 1))
    rules = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, run), np.ones((3, 3), np.uint8))
    dark[rules > 0] = 0
    return dark


def fit(ink: NDArray[np.uint8], corners: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The rectangles that a rectangle of text falls into.

    Args:
        ink: of the page, 1 for ink.
        corners: 4 x 2, clockwise from the text's top left.

    Returns:
        Corners in the same order, left to right; none where there is no writing.
    """
    width = max(2, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(2, round(float(np.linalg.norm(corners[3] - corners[0]))))
    reach = round(_REACH * height)
    frame = np.array([[0, reach], [width, reach], [0, reach + height]], np.float32)
    back = cv2.getAffineTransform(frame, np.ascontiguousarray(corners[[0, 1, 3]], np.float32))
    size = (width, height + 2 * reach)
    crop = cv2.warpAffine(ink, back, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    _, _, stats, _ = cv2.connectedComponentsWithStats(crop, connectivity=8)
    patches = _own(np.asarray(stats[1:], np.int32), reach, height)
    if not len(patches):
        return []
    found = []
    for part in _parts(patches, _LEAST * height):
        left, top, right, bottom = _extent(part)
        side = min(bottom - top, right - left)
        across, along = _ABOVE * side, _BESIDE * side
        left, top, right, bottom = left - along, top - across, right + along, bottom + across
        box = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]])
        found.append((box @ back.T).astype(np.float32))
    return found


def _own(patches: NDArray[np.int32], reach: int, height: int) -> NDArray[np.int32]:
    """The patches that are writing of this rectangle; what hangs in from other lines, dust and leaders left out."""
    top = patches[:, cv2.CC_STAT_TOP]
    bottom = top + patches[:, cv2.CC_STAT_HEIGHT]
    inside = np.minimum(bottom, reach + height) - np.maximum(top, reach)
    # A patch that the crop cuts off belongs to two lines, or is no letter: it reaches no further than the rectangle.
    cut = (top == 0) | (bottom == height + 2 * reach)
    own = patches.copy()
    own[:, cv2.CC_STAT_TOP] = np.where(cut, np.maximum(top, reach), top)
    own[:, cv2.CC_STAT_HEIGHT] = np.where(cut, inside, bottom - top)
    own = own[inside > _INSIDE * np.minimum(bottom - top, height)]
    tall = max(float(own[:, cv2.CC_STAT_HEIGHT].max(initial=0)), _LEAST * height)
    dust = np.maximum(own[:, cv2.CC_STAT_HEIGHT], own[:, cv2.CC_STAT_WIDTH]) < _SPECK * tall
    return _without_leaders(own[~dust], tall)


def _without_leaders(patches: NDArray[np.int32], tall: float) -> NDArray[np.int32]:
    """Patches without runs of dots or dashes; from left to right."""
    patches = patches[np.argsort(patches[:, cv2.CC_STAT_LEFT])]
    low = patches[:, cv2.CC_STAT_HEIGHT] < _LOW * tall
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8)))
    kept = np.ones(len(patches), bool)
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        run = patches[start:end]
        middles = run[:, cv2.CC_STAT_TOP] + run[:, cv2.CC_STAT_HEIGHT] / 2
        if end - start >= _LEADER and float(np.ptp(middles)) < _LEVEL * tall:
            kept[start:end] = False
    return patches[kept]


def _parts(patches: NDArray[np.int32], least: float) -> list[NDArray[np.int32]]:
    """Cut where the gap is wide for writing that is so high, but at least `least`."""
    _, top, _, bottom = _extent(patches)
    high = max(bottom - top, least)
    starts = patches[:, cv2.CC_STAT_LEFT]
    ends = np.maximum.accumulate(starts + patches[:, cv2.CC_STAT_WIDTH])
    cuts = (np.flatnonzero(starts[1:] - ends[:-1] > _GAP * high) + 1).tolist()
    return [patches[start:end] for start, end in pairwise([0, *cuts, len(patches)])]


def _extent(patches: NDArray[np.int32]) -> tuple[float, float, float, float]:
    left, top = patches[:, cv2.CC_STAT_LEFT], patches[:, cv2.CC_STAT_TOP]
    right, bottom = left + patches[:, cv2.CC_STAT_WIDTH], top + patches[:, cv2.CC_STAT_HEIGHT]
    return float(left.min()), float(top.min()), float(right.max()), float(bottom.max())

"""Take out the skew: the angle at which the rows of ink are sharpest.

Ink is projected along many directions; where a direction follows the lines, the profile falls into
dense rows and empty gaps. A coarse search over the whole range is refined twice.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.sheet import Sheet
from pipeline.records import Matrix, Pixels

LOOK = 1_000
"""Pixels of the longer side at which the skew is measured."""
_MOST_POINTS = 60_000
_STEPS = ((0.5, 0.0), (0.1, 0.6), (0.02, 0.12))
"""Step and reach of each search, degrees; the first reaches as far as the settings say."""
_LEAST = 0.04
"""A smaller skew is left: turning blurs."""
_FEWEST_POINTS = 200


def straighten(sheet: Sheet, *, max_skew_degrees: float) -> Sheet:
    """Turn the sheet by its skew, so that lines run level; the frame grows to hold the whole page."""
    skew = skew_degrees(sheet.pixels, max_skew_degrees=max_skew_degrees)
    if abs(skew) < _LEAST:
        return sheet
    height, width = sheet.pixels.shape[:2]
    radians = np.deg2rad(skew)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    new_width = round(width * abs(cos) + height * abs(sin))
    new_height = round(height * abs(cos) + width * abs(sin))
    # A point of the level page, about its centre, turned counter-clockwise by the skew stands where it stood.
    back: Matrix = (
        _shift((width - 1) / 2, (height - 1) / 2)
        @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        @ _shift(-(new_width - 1) / 2, -(new_height - 1) / 2)
    )
    return replace(sheet.warped(back, new_width, new_height), skew_degrees=sheet.skew_degrees + skew)


def skew_degrees(grey: Pixels, *, max_skew_degrees: float) -> float:
    """Degrees counter-clockwise by which the lines of an upright page climb; 0 where there is no ink."""
    scale = min(1.0, LOOK / max(grey.shape[:2]))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    points = _ink_points(small.astype(np.uint8))
    if len(points) < _FEWEST_POINTS:
        return 0.0
    best, reach = 0.0, max_skew_degrees
    for step, fine_reach in _STEPS:
        reach = fine_reach or reach
        angles = best + np.arange(-round(reach / step), round(reach / step) + 1) * step
        # The profile's rows must be as fine as the angle: coarse rows first, so that no narrow peak is missed.
        rows = 3.0 if step > 0.2 else 1.5
        best = float(angles[int(np.argmax([_sharpness(points, angle, rows) for angle in angles]))])
    return float(np.clip(best, -max_skew_degrees, max_skew_degrees))


def _ink_points(grey: Pixels) -> NDArray[np.float64]:
    """x, y of ink about the page's middle, at most `_MOST_POINTS`; blots and black edges left out."""
    blurred = cv2.GaussianBlur(grey, (3, 3), 0)
    dark = cv2.adaptiveThreshold(blurred, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    height, width = grey.shape[:2]
    tall = stats[:, cv2.CC_STAT_HEIGHT] > height * 0.12
    wide_block = (stats[:, cv2.CC_STAT_HEIGHT] > height * 0.05) & (
        stats[:, cv2.CC_STAT_AREA] > 0.5 * stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]
    )
    speck = stats[:, cv2.CC_STAT_AREA] < 4
    kept = ~(tall | wide_block | speck)
    kept[0] = False
    y, x = np.nonzero(kept[labels])
    if len(x) > _MOST_POINTS:
        every = len(x) // _MOST_POINTS + 1
        x, y = x[::every], y[::every]
    # Pixels stand on whole rows, which would make the angle 0 look sharpest; spread each over its own square.
    spread = np.random.default_rng(0).uniform(-0.5, 0.5, (len(x), 2))
    points: NDArray[np.float64] = np.stack([x - width / 2, y - height / 2], axis=1) + spread
    return points


def _sharpness(points: NDArray[np.float64], degrees: float, rows: float) -> float:
    radians = np.deg2rad(degrees)
    level = (points[:, 0] * np.sin(radians) + points[:, 1] * np.cos(radians)) / rows
    profile = np.bincount(np.floor(level - level.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])

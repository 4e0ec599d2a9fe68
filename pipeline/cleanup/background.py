"""Make the paper white: shadows, yellowing and uneven light are divided out."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.sheet import WHITE, Sheet
from pipeline.records import Pixels

_LOOK = 400
"""Pixels of the longer side at which the paper's brightness is estimated."""
_STROKE = 9
"""Strokes are thinner than this there."""
_DARKEST_PAPER = 0.35
"""Nothing darker than this share of the page's paper is taken for paper in shadow."""
_GRAINS = 1.5
"""Paper varies by this many times its own spread."""


def grey(sheet: Sheet) -> Sheet:
    """The sheet without colour."""
    if sheet.pixels.ndim == 2:
        return sheet
    return replace(sheet, pixels=cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8))


def whiten(sheet: Sheet) -> Sheet:
    """The grey sheet divided by the brightness of its paper."""
    paper = paper_brightness(sheet.pixels)
    flat = cv2.divide(sheet.pixels.astype(np.float32), np.maximum(paper, 1.0)).astype(np.float32)
    level = _grain(flat)
    return replace(sheet, pixels=np.clip(flat * (WHITE / level), 0, WHITE).astype(np.uint8))


def _grain(flat: NDArray[np.float32]) -> float:
    """The level from which the grain of the paper counts as white, as a share of the paper's brightness."""
    sample = flat[::4, ::4]
    middle = float(np.median(sample))
    # The lower quartile lies in the paper, unless more than a quarter is ink; on paper without grain it is the middle.
    spread = 1.48 * (middle - float(np.percentile(sample, 25)))
    return float(np.clip(middle - _GRAINS * spread, 0.8, 1.0))


def paper_brightness(pixels: Pixels) -> NDArray[np.float32]:
    """Brightness of the paper under each pixel of a grey page, ink taken away."""
    height, width = pixels.shape
    scale = min(1.0, _LOOK / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_STROKE, _STROKE)))
    smooth = cv2.GaussianBlur(cv2.medianBlur(closed, 15), (0, 0), 5).astype(np.float32)
    floor = _DARKEST_PAPER * float(np.percentile(smooth, 90))
    large = cv2.resize(np.maximum(smooth, floor), (width, height), interpolation=cv2.INTER_LINEAR)
    return large.astype(np.float32)

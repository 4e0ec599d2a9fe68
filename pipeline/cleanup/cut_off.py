"""Writing that the edge of a scan cuts: letters that touch the edge and have neighbours in their line."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Pixels

_TOUCH = 2
"""Pixels from the edge within which ink touches it."""
_LEAST = 0.4
_MOST = 4.0
"""Heights of what may be part of a letter, in heights of a usual letter; torn edges and shadows are longer."""
_WIDEST = 12.0
_SOLID = 0.75
"""A mark that fills more of its rectangle is a hole, a clip or a corner of shadow."""
_NEIGHBOUR = 3.0
"""The next letter of the line begins within so many heights of a letter."""


def cut_letters(white: Pixels, level: float, letter: float) -> int:
    """How many letters the edge cuts, at the side where it cuts most.

    Args:
        white: the upright page before it was straightened, grey, its paper white.
        level: ink is darker.
        letter: height of a usual letter, pixels of `white`.
    """
    dark = (white < level).astype(np.uint8)
    height, width = white.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    x, y, w, h, area = stats[1:].T
    like = (h > _LEAST * letter) & (h < _MOST * letter) & (w < _WIDEST * letter) & (area < _SOLID * w * h)
    like &= w > _LEAST / 2 * letter
    rows = np.stack([x, y, x + w, y + h], axis=1)
    reach = round(_NEIGHBOUR * letter)
    counts = []
    for touching, inward in ((x <= _TOUCH, 1), (x + w >= width - _TOUCH, -1)):
        cut = rows[like & touching]
        counts.append(sum(_goes_on(dark, box, inward, reach) for box in cut))
    for touching in (y <= _TOUCH, y + h >= height - _TOUCH):
        cut = rows[like & touching]
        counts.append(_in_company(np.sort((cut[:, 0] + cut[:, 2]) / 2), reach) // 2)  # two letters tell less here
    return max(counts)


def _goes_on(dark: Pixels, box: NDArray[np.int32], inward: int, reach: int) -> bool:
    """Whether a line goes on beside a letter that a side cuts."""
    x0, y0, x1, y1 = (int(side) for side in box)
    beside = dark[y0:y1, x1 : x1 + reach] if inward > 0 else dark[y0:y1, max(0, x0 - reach) : x0]
    return bool(beside.any(axis=0).sum() > reach / 4)


def _in_company(places: NDArray[np.float64], reach: int) -> int:
    """How many letters along the top or bottom stand beside another one that is cut, too."""
    near = np.diff(places) < reach
    return int((np.concatenate([near, [False]]) | np.concatenate([[False], near])).sum()) if len(places) > 1 else 0

"""Whether an outline on the page may be a letter: by what stands to its left and right."""

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.outlines import CRISP, Frame

_NEAR = 0.5
"""Ink on both sides as near as this share of the side: a letter within a word."""
_CLOSE, _CLOSE_SMALL = 0.45, 0.8
"""Letters as near as this share of the height: one word with it, or a label hard by a box."""
_LETTERED = 0.4
"""Ink over this share of the height may be a letter."""
_TIGHT, _TIGHT_SMALL, _SPACED = 0.3, 0.42, 2.0
"""A letter is as near as this share of its height, or not much farther than the next one from the one after."""


def is_lettered(dark: NDArray[np.uint8], frame: Frame) -> bool:
    """Whether it stands next to a letter as one letter to the next: no farther than that one from the one behind it."""
    side = frame.side
    reach, far = round((_CLOSE_SMALL if side < CRISP else _CLOSE) * side), 4 * side
    above = max(0, frame.y0 - side // 2)
    left = _letters(dark[above : frame.y1 + side // 2, max(0, frame.x0 - far) : max(0, frame.x0 - 1)])[::-1]
    right = _letters(dark[above : frame.y1 + side // 2, frame.x1 + 1 : frame.x1 + far])
    for ink in (left, right):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], ink.astype(np.int8), [0]])))
        if not len(edges) or edges[0] > reach:
            continue
        behind = edges[2] - edges[1] if len(edges) > 2 else far
        if edges[0] + 1 <= max((_TIGHT if side >= CRISP else _TIGHT_SMALL) * side, _SPACED * behind):
            return True
    return False


def _letters(strip: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The columns of a strip, twice as high as a frame, where letters stand; a form's upright line is no letter."""
    quarter = len(strip) // 4
    letters: NDArray[np.bool_] = strip[quarter : len(strip) - quarter].any(axis=0) & (strip.mean(axis=0) < 0.95)
    return letters


def in_word(dark: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> bool:
    """Whether ink as high as letters stands close by on the left and on the right."""
    return min(beside(dark, x0, y0, x1, y1, _NEAR)) > _LETTERED


def beside(dark: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int, share: float) -> tuple[float, ...]:
    """Shares of the height at which ink stands on the left and on the right, as near as a share of the height."""
    near = max(2, round(share * (y1 - y0)))
    left = dark[y0:y1, max(0, x0 - near) : max(0, x0 - 1)]
    right = dark[y0:y1, x1 + 1 : x1 + near]
    return tuple(float(piece.any(axis=1).mean()) if piece.size else 0.0 for piece in (left, right))

"""Marks of a form: boxes and bubbles with what a pen left in them, and words that a pen circled.

A box is ticked where a stroke of some length stands in it. What may be a slip of the pen, a line through the whole
row, something crossed out or too faint to be meant is doubtful: a person decides.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.layout.circles import find_circles, without_ring
from pipeline.layout.frames import find_frames
from pipeline.layout.outlines import SOLID, Frame, inside
from pipeline.records import MarkRegion, MarkState, Pixels

_INK_DARK = 165
_PALE = 215
_FAINT = 0.1
"""Share of a box that is paler than ink and darker than paper where a pen hardly wrote."""
_BLANK_BELOW = 0.03
_DISC = 0.22
"""A square that begins at this share of a bubble's diameter holds most of it, and a little of a thick outline."""
_SPECK = 0.55
"""What is smaller than this share of a box, across and down, is no tick."""
_SCRIBBLED = 0.7
"""Share of ink from which a box that ink leaves on several sides was crossed out."""
_LEG, _LONG_LEG = 0.15, 0.45
"""Ink leaves a box where it reaches this far beyond it, as a share of the side."""
_OPPOSITE = -0.5
"""Cosine between two legs of a line that runs through a box."""


def find_marks(pixels: Pixels) -> tuple[MarkRegion, ...]:
    """The marks of a cleaned page, from the top."""
    frames = find_frames(pixels)
    ink, pale = (pixels < _INK_DARK).astype(np.uint8), (pixels < _PALE).astype(np.uint8)
    solid = [frame for frame in frames if not frame.covered and _share(ink, frame) > SOLID]
    outlined = [frame for frame in frames if frame not in solid]
    # Solid squares among nothing but their like are bullets.
    if len(solid) > 1 and not outlined:
        solid = []
    states = {frame: _state(ink, pale, frame) for frame in outlined}
    states |= {frame: MarkState.TICKED if _is_among(frame, outlined) else MarkState.DOUBTFUL for frame in solid}
    bubbles = [frame for frame in states if frame.round]
    if not any(states[frame] is MarkState.TICKED for frame in bubbles):
        # Circles of which none is marked may be bullets of a list: what they say is left to a person.
        states |= dict.fromkeys(bubbles, MarkState.DOUBTFUL)
    marks = [MarkRegion(corners=_corners(frame), state=state) for frame, state in states.items()]
    marks += find_circles(ink, marks)
    return tuple(sorted(marks, key=lambda mark: (mark.corners[0][1], mark.corners[0][0])))


def without_marks(pixels: Pixels, marks: Sequence[MarkRegion]) -> Pixels:
    """The page without its boxes and what stands in them, and without the circles about words."""
    if not marks:
        return pixels
    cleared = pixels.copy()
    for mark in marks:
        (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
        if mark.around:
            without_ring(cleared, mark)
            continue
        rim = max(2, round(0.1 * (x1 - x0)))
        cleared[max(0, int(y0) - rim) : int(y1) + rim, max(0, int(x0) - rim) : int(x1) + rim] = 255
    return cleared


def _corners(frame: Frame) -> tuple[tuple[float, float], ...]:
    x0, y0, x1, y1 = (float(value) for value in (frame.x0, frame.y0, frame.x1, frame.y1))
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _share(ink: NDArray[np.uint8], frame: Frame) -> float:
    within = inside(ink, frame)
    return float(within.mean()) if within.size else 1.0


def _is_among(frame: Frame, outlined: Sequence[Frame]) -> bool:
    """Whether outlines of its size and kind are on the page."""
    return any(one.round == frame.round and abs(one.side - frame.side) <= 0.2 * frame.side for one in outlined)


def _state(ink: NDArray[np.uint8], pale: NDArray[np.uint8], frame: Frame) -> MarkState:
    if frame.covered:
        return MarkState.DOUBTFUL
    within = inside(ink, frame)
    share = float(within.mean())
    if frame.round and share < _BLANK_BELOW and float(inside(ink, frame, cut=_DISC).mean()) > _FAINT:
        return MarkState.DOUBTFUL
    if share < _BLANK_BELOW:
        return MarkState.DOUBTFUL if float(inside(pale, frame).mean()) > _FAINT else MarkState.BLANK
    rows, columns = np.flatnonzero(within.any(axis=1)), np.flatnonzero(within.any(axis=0))
    extent = max((rows[-1] + 1 - rows[0]) / within.shape[0], (columns[-1] + 1 - columns[0]) / within.shape[1])
    if extent < _SPECK:
        return MarkState.DOUBTFUL
    legs = _legs(ink, frame)
    if share > _SCRIBBLED and len(legs) > 1:
        return MarkState.DOUBTFUL
    long = [direction for reach, direction in legs if reach > _LONG_LEG]
    through = any(float(one @ other) < _OPPOSITE for one in long for other in long)
    return MarkState.DOUBTFUL if through else MarkState.TICKED


def _legs(ink: NDArray[np.uint8], frame: Frame) -> list[tuple[float, NDArray[np.float64]]]:
    """Strokes that leave an outline: how far, in sides of it, and where to."""
    side, rim = frame.side, 2
    top, left = max(0, frame.y0 - side), max(0, frame.x0 - side)
    around = ink[top : frame.y1 + side, left : frame.x1 + side].copy()
    y0, y1, x0, x1 = frame.y0 - top, frame.y1 - top, frame.x0 - left, frame.x1 - left
    around[max(0, y0 - rim) : y1 + rim, max(0, x0 - rim) : x1 + rim] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(around, connectivity=8)
    edge = np.zeros_like(around)
    edge[max(0, y0 - rim - 1) : y1 + rim + 1, max(0, x0 - rim - 1) : x1 + rim + 1] = 1
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    legs = []
    for label in set(np.unique(labels[edge > 0]).tolist()) - {0}:
        x, y, width, height, _ = stats[label].tolist()
        thin = max(4, round(0.15 * side))
        level = height <= thin and min(abs(y - y0), abs(y + height - y1)) <= thin
        upright = width <= thin and min(abs(x - x0), abs(x + width - x1)) <= thin
        if level or upright:
            continue  # a form's line that the outline stands on
        points = np.stack(np.nonzero(labels == label)[::-1], axis=1).astype(np.float64)
        beyond = np.maximum(np.maximum([x0, y0] - points, points - [x1 - 1, y1 - 1]), 0).max(axis=1)
        if float(beyond.max()) >= _LEG * side:
            away = points[int(beyond.argmax())] - middle
            legs.append((float(beyond.max()) / side, away / max(float(np.hypot(*away)), 1e-6)))
    return legs if count > 1 else []

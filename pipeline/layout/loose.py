"""Ink that is no line of text: the strokes of a signature, of which nobody can read a letter.

Ruled lines, frames, checkboxes, specks and the ink of the lines that were found are left out; strokes that stand
close together are one piece.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import MarkRegion

_LETTER_SIDE = 3_300.0
"""Pixels of the longer side of a letter page at 300 dpi; sizes below are for it."""
_SPECK, _THIN = 10.0, 6.0
"""A patch of ink that is at most this wide and high is a speck or the dot of a leader; one that is so narrow or low all
over is the rest of a rule or of a fax's streak."""
_LEAST_WIDE, _LEAST_HIGH = 20.0, 20.0
"""What is narrower or lower is no piece: a dash, a slip of the pen."""
_UPRIGHT = 110.0
"""An upright run of ink of this length is the side of a frame or the edge of the sheet, no stroke."""
_APART = (36.0, 14.0)
"""Strokes that are no farther apart, across and down, are one piece."""
_COARSE = 4
"""What is near is seen on a picture of the page that is so many times smaller."""
_OWN = 0.5
"""From this share of its ink within lines on, a patch belongs to them."""
_AROUND_MARK = 0.5
"""A tick reaches beyond its box by this share of its side."""


def loose_ink(
    ink: NDArray[np.uint8], lines: Sequence[NDArray[np.float32]], marks: Sequence[MarkRegion]
) -> list[NDArray[np.float32]]:
    """The pieces of ink outside lines and marks, from the top.

    Args:
        ink: of the cleaned page, 1 for ink, without its ruled lines.
        lines: 4 x 2 corners of each line.
        marks: what was found of boxes and circles.

    Returns:
        4 x 2 corners of each piece, clockwise from its top left.
    """
    unit = max(ink.shape) / _LETTER_SIDE
    run = cv2.getStructuringElement(cv2.MORPH_RECT, (1, max(3, round(_UPRIGHT * unit))))
    upright = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, run), np.ones((3, 3), np.uint8))
    strokes = np.where(upright > 0, np.uint8(0), ink)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8, ltype=cv2.CV_32S)
    taken = _taken(ink.shape, lines, marks)
    within = np.bincount(labels[(taken & strokes) > 0], minlength=count)
    loose = within < _OWN * stats[:, cv2.CC_STAT_AREA]
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    loose &= (sizes.max(axis=1) > _SPECK * unit) & (sizes.min(axis=1) > _THIN * unit)
    loose[0] = False
    return _joined(stats[loose, :4].astype(np.int32), ink.shape, unit)


def _taken(
    shape: tuple[int, ...], lines: Sequence[NDArray[np.float32]], marks: Sequence[MarkRegion]
) -> NDArray[np.uint8]:
    """1 where lines and marks stand."""
    taken = np.zeros(shape, np.uint8)
    for corners in lines:
        cv2.fillConvexPoly(taken, np.rint(corners).astype(np.int32), 1)
    for mark in marks:
        (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
        rim = _AROUND_MARK * (x1 - x0) if not mark.around else 0
        taken[max(0, round(y0 - rim)) : round(y1 + rim), max(0, round(x0 - rim)) : round(x1 + rim)] = 1
    return taken


def _joined(patches: NDArray[np.int32], shape: tuple[int, ...], unit: float) -> list[NDArray[np.float32]]:
    """Patches (n x 4: left, top, width, height) as the rectangles of what they make together, if it is large enough."""
    across, down = (reach * unit / 2 for reach in _APART)
    boxes = np.concatenate([patches[:, :2], patches[:, :2] + patches[:, 2:]], axis=1).astype(np.float64)
    reached = np.rint((boxes + np.array([-across, -down, across, down])) / _COARSE).astype(int)
    near = np.zeros((shape[0] // _COARSE + 1, shape[1] // _COARSE + 1), np.uint8)
    for x0, y0, x1, y1 in reached.tolist():
        cv2.rectangle(near, (x0, y0), (x1, y1), 1, cv2.FILLED)
    count, groups = cv2.connectedComponents(near, connectivity=8)
    middle = ((boxes[:, :2] + boxes[:, 2:]) / (2 * _COARSE)).astype(int)
    group = groups[middle[:, 1], middle[:, 0]]
    pieces = []
    for own in (boxes[group == number] for number in range(1, count)):
        (x0, y0), (x1, y1) = own[:, :2].min(axis=0), own[:, 2:].max(axis=0)
        if x1 - x0 >= _LEAST_WIDE * unit and y1 - y0 >= _LEAST_HIGH * unit:
            pieces.append(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))
    return sorted(pieces, key=lambda piece: (float(piece[0, 1]), float(piece[0, 0])))

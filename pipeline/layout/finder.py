"""Layout: where the lines of a cleaned page are, who wrote them, in which order they are read, and its checkboxes."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.detector import TextDetector
from pipeline.layout.fit import fit, without_rules
from pipeline.layout.kind import KindClassifier
from pipeline.layout.loose import loose_ink
from pipeline.layout.marks import find_marks, without_marks
from pipeline.layout.rows import Stretch, in_reading_order, join
from pipeline.layout.split import split_by_kind
from pipeline.records import CleanImage, Layout, LineKind, MarkRegion, Region

_PRINT_GAP = 0.95
"""Print that was parted at a wide gap between its ink is not joined again: so many heights of its looser rectangle."""
_OVER_MARK = 0.6
"""A stretch of which this share lies on a checkbox is its tick, no text."""
_TICK_WIDE = 1.8
_TICK_REACH = 0.4


class LineFinder:
    """Finds the lines and checkboxes of one page at a time."""

    def __init__(self, detector: TextDetector, kind: KindClassifier) -> None:
        self._detector = detector
        self._kind = kind

    def __call__(self, clean: CleanImage) -> Layout:
        """Find lines; those of a page with a text layer come from its words, without a look at its pixels."""
        if clean.page.text_layer is not None:
            stretches = _of_text_layer(clean)
            lines = in_reading_order(join(stretches), clean.pixels.shape[1])
            return Layout(lines=tuple(_region(line) for line in lines))
        marks = find_marks(clean.pixels)
        # Boxes and their ticks would be taken for letters, and for handwriting beside print.
        pixels = without_marks(clean.pixels, marks)
        ink = without_rules(pixels)
        stretches = [
            part
            for corners in self._detector(pixels)
            if not _is_tick(corners, marks)
            for stretch in split_by_kind(pixels, corners, self._kind)
            for part in _fitted(ink, stretch)
        ]
        lines = in_reading_order(join(stretches, print_gap=_PRINT_GAP), clean.pixels.shape[1])
        loose = loose_ink(ink, [line.corners for line in lines], marks)
        return Layout(lines=tuple(_region(line) for line in lines), marks=marks, loose=tuple(map(_points, loose)))


def _of_text_layer(clean: CleanImage) -> list[Stretch]:
    to_clean = np.linalg.inv(clean.to_page)
    found = []
    for word in clean.page.text_layer or ():
        x0, y0, x1, y1 = word.box
        if x1 <= x0 or y1 <= y0:
            continue
        points = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], np.float64) @ to_clean.T
        corners = (points[:, :2] / points[:, 2:]).astype(np.float32)
        found.append(Stretch(corners=corners, kind=LineKind.PRINT, hand=0.0))
    return found


def _fitted(ink: NDArray[np.uint8], stretch: Stretch) -> list[Stretch]:
    """Print, fitted to its ink; handwriting as it was found, as gaps in it may be wider than its letters are high."""
    if stretch.kind is LineKind.HAND:
        return [stretch]
    return [replace(stretch, corners=corners) for corners in fit(ink, stretch.corners)]


def _is_tick(corners: NDArray[np.float32], marks: tuple[MarkRegion, ...]) -> bool:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    area = max(1.0, float((right - left) * (bottom - top)))
    for mark in marks:
        (x0, y0), (x1, y1) = mark.corners[0], mark.corners[2]
        if right - left > _TICK_WIDE * (x1 - x0):
            continue
        # A tick reaches beyond its box: a part of a side on every side still counts as the box.
        x_reach, y_reach = (x1 - x0) * _TICK_REACH, (y1 - y0) * _TICK_REACH
        across = min(right, x1 + x_reach) - max(left, x0 - x_reach)
        down = min(bottom, y1 + y_reach) - max(top, y0 - y_reach)
        if across > 0 and down > 0 and float(across * down) > _OVER_MARK * area:
            return True
    return False


def _points(corners: NDArray[np.float32]) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in corners)


def _region(line: Stretch) -> Region:
    return Region(
        corners=_points(line.corners),
        kind=line.kind,
        kind_confidence=max(0.5, line.hand, 1 - line.hand),
    )

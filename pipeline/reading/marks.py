"""Which line a checkbox marks: the one to its right, or the nearest beside it."""

from collections.abc import Sequence

import numpy as np

from pipeline.reading.crops import box_on_page
from pipeline.records import Box, CleanImage, Line, Mark, MarkRegion, Region

_REACH = 6.0
"""A line stands at most this many box widths away."""
_LEFT_COSTS = 2.5
"""A line to the left counts as this many times as far: forms put the box before its text."""
_INSIDE = 0.5


def tie_marks(
    marks: Sequence[MarkRegion], regions: Sequence[Region], lines: Sequence[Line], clean: CleanImage
) -> tuple[Mark, ...]:
    """The marks on the page as rendered, each with its line.

    Args:
        marks: on the cleaned page.
        regions: of the lines, on the cleaned page.
        lines: that were read, one for each region.
        clean: the cleaned page.
    """
    return tuple(
        Mark(
            box=box_on_page(np.array(mark.corners), clean),
            state=mark.state,
            line=_line_beside(mark, regions, lines),
        )
        for mark in marks
    )


def _line_beside(mark: MarkRegion, regions: Sequence[Region], lines: Sequence[Line]) -> str | None:
    box = _bounds(mark.corners)
    middle = (box.y0 + box.y1) / 2
    size = max(1, box.x1 - box.x0)
    best, best_cost = None, _REACH * size
    for region, line in zip(regions, lines, strict=True):
        stretch = _bounds(region.corners)
        low = stretch.y0 - 0.25 * size
        if not line.text or not low <= middle <= stretch.y1 + 0.25 * size:
            continue
        if stretch.x0 < box.x0 + _INSIDE * size and stretch.x1 > box.x1 + _INSIDE * size:
            cost = 0.0
        elif stretch.x0 >= box.x0:
            cost = max(0, stretch.x0 - box.x1)
        else:
            cost = max(0, box.x0 - stretch.x1) * _LEFT_COSTS + 1
        if cost < best_cost:
            best, best_cost = line.id, cost
    return best


def _bounds(corners: Sequence[tuple[float, float]]) -> Box:
    x, y = [point[0] for point in corners], [point[1] for point in corners]
    return Box(int(min(x)), int(min(y)), int(max(x)), int(max(y)))

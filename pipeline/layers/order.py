"""Where a new line goes among those that stand in reading order."""

from collections.abc import Sequence

from pipeline.layers.places import same_row
from pipeline.records import Box


def place_of(box: Box, lines: Sequence[Box | None]) -> int:
    """The index before which a line is put in.

    It follows the line on its left, else precedes the line on its right; else it follows the nearest line above it
    in its column, else precedes the nearest below.

    Args:
        box: of the new line, on the upright page.
        lines: of the others, in reading order, on the upright page; None for one without a box.
    """
    there = [(n, other) for n, other in enumerate(lines) if other is not None]
    beside = [(n, other) for n, other in there if same_row(box, other)]
    on_left = [(n, other) for n, other in beside if other.x0 <= box.x0]
    if on_left:
        return 1 + max(on_left, key=lambda each: (each[1].x1, each[0]))[0]
    if beside:
        return min(beside, key=lambda each: (each[1].x0, each[0]))[0]
    column = [(n, other) for n, other in there if min(box.x1, other.x1) > max(box.x0, other.x0)] or there
    above = [(n, other) for n, other in column if _middle(other) <= _middle(box)]
    if above:
        return 1 + max(above, key=lambda each: (_middle(each[1]), each[0]))[0]
    return min(column, key=lambda each: (_middle(each[1]), each[0]))[0] if column else len(lines)


def _middle(box: Box) -> float:
    return (box.y0 + box.y1) / 2

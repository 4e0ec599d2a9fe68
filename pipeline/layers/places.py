"""Where things stand on a page, and how much of one lies in another."""

from pipeline.entities.text.upright import turned
from pipeline.records import Box, Page


def area(box: Box) -> int:
    """In pixels; 0 for a box without extent."""
    return max(0, box.x1 - box.x0) * max(0, box.y1 - box.y0)


def shared(one: Box, other: Box) -> int:
    """Area that two boxes have in common."""
    return area(Box(max(one.x0, other.x0), max(one.y0, other.y0), min(one.x1, other.x1), min(one.y1, other.y1)))


def within(inner: Box, outer: Box) -> float:
    """Share of `inner` that lies in `outer`, 0 to 1."""
    return shared(inner, outer) / area(inner) if area(inner) else 0.0


def likeness(one: Box, other: Box) -> float:
    """Area in common over the area of both, 0 to 1."""
    both = area(one) + area(other) - shared(one, other)
    return shared(one, other) / both if both else float(one == other)


def around(boxes: list[Box]) -> Box:
    """The smallest box that holds all of them; at least one."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def upright(box: Box, page: Page) -> Box:
    """A box of the page as rendered, in pixels of the page as it is read."""
    return turned(box, page)


def as_rendered(box: Box, page: Page) -> Box:
    """The way back from `upright`."""
    match page.turn:
        case 90:
            return Box(box.y0, page.height - box.x1, box.y1, page.height - box.x0)
        case 180:
            return turned(box, page)
        case 270:
            return Box(page.width - box.y1, box.x0, page.width - box.y0, box.x1)
    return box


def same_row(one: Box, other: Box) -> bool:
    """Whether two boxes of an upright page stand side by side: half of the lower one's height in common."""
    common = min(one.y1, other.y1) - max(one.y0, other.y0)
    return common * 2 >= min(one.y1 - one.y0, other.y1 - other.y0) and common > 0

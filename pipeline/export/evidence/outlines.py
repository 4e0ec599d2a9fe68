"""Where outlines and their numbers go on a page: thin around the ink, the numbers beside it on bare paper."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.records import Box

AROUND = 2.0
"""From the ink to its outline, in points."""
BESIDE = 1.5
"""From an outline to its number."""
STEP = 3.0
"""By which a number that finds no bare paper is moved."""
FAR = 30.0
"""From an outline to its number at most, unless that goes to the edge."""
NEAR = 2.0
"""Heights of a word that the next one on its line may stand apart."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, in points from the top left of the sheet."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: "Rect") -> bool:
        """Whether two have points in common."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def within(self, other: "Rect") -> bool:
        """Whether it lies in another one."""
        return self.x0 >= other.x0 and self.y0 >= other.y0 and self.x1 <= other.x1 and self.y1 <= other.y1


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline and the numbers of the codes that rest on its ink."""

    rect: Rect
    numbers: tuple[int, ...]


def stretches(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes of words as boxes of what stands together on one line, left to right on the upright page."""
    joined: list[Box] = []
    for box in sorted(boxes):
        place = next((n for n, other in enumerate(joined) if _goes_on(other, box)), None)
        if place is None:
            joined.append(box)
        else:
            other = joined[place]
            joined[place] = Box(
                min(other.x0, box.x0), min(other.y0, box.y0), max(other.x1, box.x1), max(other.y1, box.y1)
            )
    return tuple(joined)


def shared(inks: Sequence[tuple[int, Rect]]) -> tuple[Outline, ...]:
    """One outline for all codes that rest on the same ink.

    Args:
        inks: number of a code and where its ink is.
    """
    found: dict[Rect, list[int]] = {}
    for number, rect in inks:
        found.setdefault(rect, []).append(number)
    return tuple(Outline(_around(rect), tuple(dict.fromkeys(numbers))) for rect, numbers in found.items())


def label_places(
    outlines: Sequence[Outline],
    sizes: Sequence[tuple[float, float]],
    picture: Rect,
    sheet: Rect,
    is_bare: Callable[[Rect], bool],
) -> tuple[Rect, ...]:
    """Where the numbers of each outline go: beside it on bare paper, else on the sheet's edge at its height.

    Args:
        outlines: of one page.
        sizes: width and height of the label of each, in points.
        picture: where the page is drawn.
        sheet: where labels may stand, with an edge on both sides of the picture.
        is_bare: whether a part of the picture has nothing written on it.
    """
    taken = [outline.rect for outline in outlines]
    places = []
    for outline, (width, height) in zip(outlines, sizes, strict=True):
        beside = (
            place
            for place in _beside(outline.rect, width, height)
            if place.within(sheet) and not any(place.meets(other) for other in taken)
        )
        free = (place for place in beside if not place.meets(picture) or is_bare(place))
        place = next(free, None) or _on_edge(outline.rect, width, height, picture, sheet, taken)
        taken.append(place)
        places.append(place)
    return tuple(places)


def _beside(rect: Rect, width: float, height: float) -> Iterator[Rect]:
    """Places for a label, the best first: left and right of an outline, along its upper and lower edge, farther off."""
    middle = (rect.y0 + rect.y1 - height) / 2
    yield _at(rect.x0 - BESIDE - width, middle, width, height)
    yield _at(rect.x1 + BESIDE, middle, width, height)
    for along in range(int((rect.x1 - rect.x0) / STEP) + 1):
        for y in (rect.y0 - BESIDE - height, rect.y1 + BESIDE):
            yield _at(rect.x0 + along * STEP, y, width, height)
    for away in range(1, int(FAR / STEP) + 1):
        yield _at(rect.x0 - BESIDE - width - away * STEP, middle, width, height)
        yield _at(rect.x1 + BESIDE + away * STEP, middle, width, height)


def _on_edge(rect: Rect, width: float, height: float, picture: Rect, sheet: Rect, taken: Sequence[Rect]) -> Rect:
    """Outside the picture, at the nearer side, as close to the height of the outline as others leave room."""
    left = rect.x0 - picture.x0 <= picture.x1 - rect.x1
    sides = (picture.x0 - BESIDE - width, picture.x1 + BESIDE)
    middle = (rect.y0 + rect.y1 - height) / 2
    rooms = int((sheet.y1 - sheet.y0) / STEP)
    for x in sides if left else sides[::-1]:
        for away in sorted(range(-rooms, rooms + 1), key=abs):
            place = _at(x, middle + away * STEP, width, height)
            if place.y0 >= sheet.y0 and place.y1 <= sheet.y1 and not any(place.meets(other) for other in taken):
                return place
    return _at(sides[not left], middle, width, height)  # both edges are full of numbers


def _at(x: float, y: float, width: float, height: float) -> Rect:
    return Rect(x, y, x + width, y + height)


def _around(rect: Rect) -> Rect:
    return Rect(rect.x0 - AROUND, rect.y0 - AROUND, rect.x1 + AROUND, rect.y1 + AROUND)


def _goes_on(one: Box, other: Box) -> bool:
    """Whether a box stands behind another on its line."""
    height = min(one.y1 - one.y0, other.y1 - other.y0)
    common = min(one.y1, other.y1) - max(one.y0, other.y0)
    return common * 2 >= height and other.x0 - one.x1 <= NEAR * max(one.y1 - one.y0, other.y1 - other.y0)

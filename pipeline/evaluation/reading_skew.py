"""Turned and skewed pages: how level and how upright does cleanup set them?

What is measured is the direction in which the cleaned page's rows run on the page as rendered, against the
direction in which its lines do.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import UsageError
from pipeline.evaluation import shares
from pipeline.evaluation.comparison import Comparison, by_collection, compared
from pipeline.evaluation.reading_data import Row, by_writer, open_picture
from pipeline.evaluation.reading_pages import PageReaders
from pipeline.evaluation.shares import Share
from pipeline.records import CleanImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Straightened:
    """What cleanup left of a page's turn and skew."""

    row: Row
    skew: float
    """Degrees between the rows and the lines, 0 to 45, however often the page stands turned by a quarter."""
    upright: bool


def straighten(rows: Sequence[Row], readers: PageReaders, on_row: Callable[[int], None]) -> Iterator[Straightened]:
    """Clean every page.

    Raises:
        UsageError: a page cannot be opened or its angles are no numbers.
    """
    for place, row in enumerate(rows):
        on_row(place)
        try:
            true = float(row.values["skew_ccw_deg"]) + float(row.values["quarter_turn"])
        except ValueError as error:
            raise UsageError(f"The angles of {row.file.name} are not numbers.") from error
        off = (row_angle(readers.clean(open_picture(row.file))) - true + 180) % 360 - 180
        yield Straightened(row=row, skew=abs((off + 45) % 90 - 45), upright=abs(off) < 45)


def row_angle(clean: CleanImage) -> float:
    """Degrees counter-clockwise by which the cleaned page's rows climb on the page as rendered, at its middle."""
    height, width = clean.pixels.shape[:2]
    points = np.array([[width / 2, height / 2, 1.0], [width / 2 + 1, height / 2, 1.0]]) @ clean.to_page.T
    (ax, ay), (bx, by) = points[:, :2] / points[:, 2:]
    return math.degrees(math.atan2(ay - by, bx - ax))


def compare(pages: Sequence[Straightened]) -> tuple[Comparison, ...]:
    """All figures of pages, collection by collection."""
    return by_collection(pages, lambda page: page.row.collection, _collection)


def _collection(name: str, pages: Sequence[Straightened]) -> Iterator[Comparison]:
    writers = [[pages[place] for place in places] for places in by_writer([page.row for page in pages]).values()]
    skews = [[page.skew for page in writer] for writer in writers]
    for label, share in (("skew left, median degrees", 50), ("skew left, 95th percentile", 95)):

        def rate(parts: Sequence[Sequence[float]], share: int = share) -> float | None:
            return float(np.percentile(np.concatenate(parts), share)) if parts else None

        yield compared(name, label, "pages", rate, better="low", count=len(pages), inkchart=skews)
    upright = [Share(right=sum(page.upright for page in writer), of=len(writer)) for writer in writers]
    yield compared(name, "set upright", "pages", shares.rate, better="high", count=len(pages), inkchart=upright)

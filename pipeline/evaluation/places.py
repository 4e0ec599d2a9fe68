"""Which ink a reading is of: every word that was read finds the line of the truth that it stands in.

Words are placed one by one, so that it does not matter whether a reader took two lines for one or one
for two. A word belongs to the line whose corners hold the word's centre; a little is allowed around
them, because boxes of words are not exact. Words in ignored places (signatures) are left out, and
words in no line at all are extra.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.evaluation.truth import Corners, Truth, TruthArea, TruthLine, TruthPage
from pipeline.records import Box, LineKind, Page, PageRole, Reading, Word

ABOVE = 0.35
"""Of a line's height: how far above or below it a word's centre may lie."""
BESIDE = 0.8
"""Of a line's height: how far left or right of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWord:
    """A word that was read, with the kind of the line that it was read in."""

    word: Word
    kind: LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line of the truth with what was read in its place."""

    page: int
    truth: TruthLine
    words: tuple[PlacedWord, ...]
    """From left to right as the line runs; empty where nothing was read."""

    @property
    def text(self) -> str:
        """What was read there."""
        return " ".join(placed.word.text for placed in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedChart:
    """A reading laid over the truth."""

    truth: Truth
    reading: Reading
    lines: tuple[PlacedLine, ...]
    extra: tuple[PlacedWord, ...]
    """Words read where nothing is written."""


def place(truth: Truth, reading: Reading) -> PlacedChart:
    """Lay a reading over the truth; only pages with content hold lines, words on other pages are extra."""
    read = {page.number: page for page in reading.pages}
    lines: list[PlacedLine] = []
    extra: list[PlacedWord] = []
    for page in truth.pages:
        placed, beside = _place_page(page, read.get(page.number))
        lines += placed
        extra += beside
    return PlacedChart(truth=truth, reading=reading, lines=tuple(lines), extra=tuple(extra))


def line_at(page: TruthPage, read: Page, box: Box) -> int | None:
    """Place of the line that holds the centre of a box, in the page's lines; None where there is none."""
    x, y = _centre(box, page, read)
    near = [(abs(down - 0.5), place) for place, _, down in _holding(page.lines, x, y)]
    return min(near)[1] if near else None


def _place_page(page: TruthPage, read: Page | None) -> tuple[list[PlacedLine], list[PlacedWord]]:
    lines = page.lines if page.role is PageRole.CONTENT else ()
    runs: list[list[tuple[float, list[PlacedWord]]]] = [[] for _ in lines]
    extra: list[PlacedWord] = []
    for line in read.lines if read else ():
        before: int | None = None
        for word in line.words:
            placed = PlacedWord(word=word, kind=line.kind)
            box = word.box or line.box
            if box is None or read is None:
                extra.append(placed)
                continue
            x, y = _centre(box, page, read)
            near = [(abs(down - 0.5), place, along) for place, along, down in _holding(lines, x, y)]
            if near:
                _, place, along = min(near)
                if before == place:
                    runs[place][-1][1].append(placed)
                else:
                    runs[place].append((along, [placed]))
                before = place
            elif not any(_holding(page.ignored, x, y)):
                extra.append(placed)
    words = [tuple(word for _, run in sorted(found, key=lambda run: run[0]) for word in run) for found in runs]
    return [
        PlacedLine(page=page.number, truth=line, words=found) for line, found in zip(lines, words, strict=True)
    ], extra


def _centre(box: Box, page: TruthPage, read: Page) -> tuple[float, float]:
    """Centre of a box in the truth's pixels, whatever resolution the page was read at."""
    return (
        (box.x0 + box.x1) / 2 * page.width / read.width,
        (box.y0 + box.y1) / 2 * page.height / read.height,
    )


def _holding(areas: Sequence[TruthArea], x: float, y: float) -> Iterator[tuple[int, float, float]]:
    """Places of the areas that hold a point, with how far along (0 to 1) and down (0 to 1) it lies in each."""
    for place, area in enumerate(areas):
        along, down, length, height = _within(area.corners, x, y)
        beside = BESIDE * height / length
        if -ABOVE <= down <= 1 + ABOVE and -beside <= along <= 1 + beside:
            yield place, along, down


def _within(corners: Corners, x: float, y: float) -> tuple[float, float, float, float]:
    """A point in an area's own directions (along its text, down across it), and the area's length and height."""
    (ax, ay), (bx, by), _, (dx, dy) = corners
    right, fall = (bx - ax, by - ay), (dx - ax, dy - ay)
    cross = right[0] * fall[1] - right[1] * fall[0]
    px, py = x - ax, y - ay
    along = (px * fall[1] - py * fall[0]) / cross
    down = (right[0] * py - right[1] * px) / cross
    return along, down, (right[0] ** 2 + right[1] ** 2) ** 0.5, (fall[0] ** 2 + fall[1] ** 2) ** 0.5

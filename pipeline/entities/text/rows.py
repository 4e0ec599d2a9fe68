"""Lines that touch in a row, joined: a printed label and the handwriting behind it are one text."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.entities.text.chart_text import same_row
from pipeline.records import Line, LineKind, Page

EDGE = "\t"
"""Stands between the lines of a row, one code point as in the page's text."""
TOUCH = 0.6
"""Of the lower line's height: lines of a smaller gap touch."""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines of a page that follow and touch each other from left to right."""

    text: str
    lines: tuple[int, ...]
    """Indices of its lines on the page."""
    starts: tuple[int, ...]
    """Where each line begins in `text`."""
    entries: frozenset[int]
    """Edges at which print ends and handwriting begins: what was filled in."""

    def at(self, offset: int) -> tuple[int, int]:
        """Index of the line that holds a code point of the text, and its place in that line's text."""
        place = bisect_right(self.starts, offset) - 1
        return self.lines[place], offset - self.starts[place]

    def value(self, start: int, stop: int) -> str:
        """A stretch of the text; only what was filled in joins what stands before it."""
        chars = list(self.text[start:stop])
        for edge in self.entries:
            if start <= edge < stop:
                chars[edge - start] = " "
        return "".join(chars)


def rows_of(page: Page) -> Iterator[Row]:
    """The rows of an upright page, in reading order; every line is in one."""
    row: list[int] = []
    for index, line in enumerate(page.lines):
        if row and not _touch(page.lines[row[-1]], line):
            yield _row(page, row)
            row = []
        row.append(index)
    if row:
        yield _row(page, row)


def _touch(before: Line, line: Line) -> bool:
    if before.box is None or line.box is None or not same_row(before.box, line.box):
        return False
    height = max(1, min(before.box.y1 - before.box.y0, line.box.y1 - line.box.y0))
    return -height < line.box.x0 - before.box.x1 < TOUCH * height


def _row(page: Page, indices: list[int]) -> Row:
    starts: list[int] = []
    entries = set()
    length = 0
    for place, index in enumerate(indices):
        if place:
            kinds = page.lines[indices[place - 1]].kind, page.lines[index].kind
            if kinds == (LineKind.PRINT, LineKind.HAND):
                entries.add(length)
            length += 1
        starts.append(length)
        length += len(page.lines[index].text)
    text = EDGE.join(page.lines[index].text for index in indices)
    return Row(text, tuple(indices), tuple(starts), frozenset(entries))

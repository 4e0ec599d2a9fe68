"""Tables and paragraphs, laid out on sheets before anything is drawn: so each sheet knows how many there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.export.evidence.lettering import BOLD, PLAIN, wrapped

SIZE, LEADING = 8.0, 10.4
"""Of text and from line to line, in points."""
APART = 3.0
"""Between two rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a text of a row stands."""

    left: float
    lines: tuple[str, ...]
    font: str = PLAIN
    size: float = SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells side by side."""

    cells: tuple[Cell, ...]
    leading: float = LEADING
    ruled: bool = False
    """A thin line stands above it."""

    @property
    def depth(self) -> int:
        """How many lines its longest cell has."""
        return max(len(cell.lines) for cell in self.cells)

    @property
    def height(self) -> float:
        """With the gap to the next row."""
        return self.depth * self.leading + APART


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    heading: str
    width: float


Sheet = tuple[Row, ...]
"""Rows that fit on one sheet, from its top."""


def paragraph(text: str, room: float, *, bold: bool = False, size: float = SIZE) -> Row:
    """A text over the whole width."""
    font = BOLD if bold else PLAIN
    leading = size * LEADING / SIZE
    return Row(cells=(Cell(left=0, lines=wrapped(text, room, font, size), font=font, size=size),), leading=leading)


def pair(label: str, text: str, room: float, *, indent: float = 110) -> Row:
    """A label and what it is of."""
    return Row(
        cells=(
            Cell(left=0, lines=wrapped(label, indent - 6, BOLD, SIZE), font=BOLD),
            Cell(left=indent, lines=wrapped(text, room - indent, PLAIN, SIZE)),
        )
    )


def headings(columns: Sequence[Column]) -> Row:
    """The head of a table."""
    return _row(columns, [column.heading for column in columns], font=BOLD)


def rows(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> Iterator[Row]:
    """The rows of a table below its head."""
    for row in texts:
        yield replace(_row(columns, row, font=PLAIN), ruled=True)


def on_sheets(all_rows: Sequence[Row], room: float, head: Row | None = None) -> tuple[Sheet, ...]:
    """Rows put on sheets; one that is longer than a sheet goes on on the next.

    Args:
        all_rows: in order.
        room: height of a sheet, in points; enough for the head and a line.
        head: stands again on top of each sheet but the first.
    """
    above = () if head is None else (head,)
    fresh = room - sum(row.height for row in above)
    sheets: list[list[Row]] = [[]]
    left = room
    for row in all_rows:
        while row.height > left:
            fits = int((left - APART) // row.leading)
            if row.height > fresh and fits > 0:
                sheets[-1].append(_lines(row, 0, fits))
                row = replace(_lines(row, fits, row.depth), ruled=False)
            sheets.append([*above])
            left = fresh
        sheets[-1].append(row)
        left -= row.height
    return tuple(tuple(sheet) for sheet in sheets)


def _row(columns: Sequence[Column], texts: Sequence[str], *, font: str) -> Row:
    cells, left = [], 0.0
    for column, text in zip(columns, texts, strict=True):
        cells.append(Cell(left=left, lines=wrapped(text, column.width - 5, font, SIZE), font=font))
        left += column.width
    return Row(cells=tuple(cells))


def _lines(row: Row, start: int, stop: int) -> Row:
    return replace(row, cells=tuple(replace(cell, lines=cell.lines[start:stop]) for cell in row.cells))

"""What was entered by hand beside the office's files: a row that somebody entered wins over the file's, always."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.claims.office_files import COLUMNS
from pipeline.claims.office_rows import Row, row_faults

IDENTITY: dict[str, tuple[str, ...]] = {
    "practice": (),
    "providers": ("npi",),
    "payers": ("id",),
    "facilities": ("npi",),
    "patients": ("record_number",),
    "visits": ("record_number", "date_of_service"),
}
"""By which columns two rows are about the same."""


def with_entered(rows: Mapping[str, Sequence[Row]], entered: Iterable[tuple[str, Row]]) -> dict[str, tuple[Row, ...]]:
    """The rows of the files with what was entered.

    Args:
        rows: of the files, by kind.
        entered: kind and whole row, oldest first; of a column that is new since then it says nothing.
    """
    latest: dict[str, dict[tuple[str, ...], Row]] = {kind: {} for kind in COLUMNS}
    for kind, cells in entered:
        latest[kind][identity(kind, cells)] = whole(kind, cells)
    found = {}
    for kind, own in latest.items():
        untouched = (row for row in rows.get(kind, ()) if not own or identity(kind, row) not in own)
        if told := (*untouched, *own.values()):
            found[kind] = told
    return found


def whole(kind: str, cells: Row) -> dict[str, str]:
    """A row with all its columns, without blanks around what stands in them."""
    return {column: " ".join(cells.get(column, "").split()) for column in COLUMNS[kind]}


def identity(kind: str, row: Row) -> tuple[str, ...]:
    """What a row is about, however its number is written."""
    return tuple("".join(c for c in row.get(column, "").upper() if c.isalnum()) for column in IDENTITY[kind])


def unfit(kind: str, row: Row) -> dict[str, str]:
    """What is the matter with a row that somebody entered, by column; nothing where it may be kept."""
    found = {
        column: f"{column.replace('_', ' ').capitalize()}: {sentence}" for column, sentence in row_faults(kind, row)
    }
    for column in IDENTITY[kind]:
        if not row.get(column):
            found[column] = f"{column.replace('_', ' ').capitalize()}: it is empty."
    return found

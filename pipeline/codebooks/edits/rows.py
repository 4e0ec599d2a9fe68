"""The rows of a table that CMS publishes: text with tabs or commas, or Excel, in a zip or not, below a preamble."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.codebooks.importing import xlsx
from pipeline.errors import UsageError

_LARGEST = 400_000_000
_LONGEST_PREAMBLE = 40


def table_of(
    name: str, content: bytes, columns: Sequence[re.Pattern[str]], first: Sequence[re.Pattern[str]]
) -> tuple[str, list[tuple[int, list[str]]]]:
    """Name and numbered rows of the table whose head has these columns; no rows where there is none.

    CMS breaks the names of columns over several lines in some files: then the table begins with the first row
    that looks like one, and the lines before it must hold the names.

    Args:
        name: of the file.
        content: text with tabs or commas, an Excel file, or a zip that holds one of them.
        columns: what the name of each wanted column matches, in the order that CMS gives them.
        first: what the cells of a row match.

    Raises:
        UsageError: a zip or an Excel file is damaged, or far too large.
    """
    for member, raw in _tables(name, content):
        found = _found(_rows(member, raw), columns, first)
        if found:
            return member, found
    return name, []


def _found(
    rows: Iterable[tuple[int, list[str]]], columns: Sequence[re.Pattern[str]], first: Sequence[re.Pattern[str]]
) -> list[tuple[int, list[str]]]:
    places: list[int] | None = None
    told: list[str] = []
    found: list[tuple[int, list[str]]] = []
    for number, raw_cells in rows:
        cells = [" ".join(cell.split()) for cell in raw_cells]
        if places is None:
            places = _places(cells, columns)
            if places is not None:
                continue
            if len(cells) >= len(first) and all(p.fullmatch(c) for p, c in zip(first, cells, strict=False)):
                if not all(any(pattern.search(cell) for cell in told) for pattern in columns):
                    break
                places = list(range(len(columns)))
            told += cells
            if number > _LONGEST_PREAMBLE:
                break
        if places is not None and any(cells):
            found.append((number, [cells[place] if place < len(cells) else "" for place in places]))
    return found


def _rows(name: str, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows of a text or of the first sheet of an Excel file; none of anything else."""
    if name.lower().endswith(".xlsx"):
        yield from xlsx.rows(name, raw)
        return
    text = _decoded(raw)
    if "\0" in text:
        return
    head = text.split("\n", _LONGEST_PREAMBLE)[:_LONGEST_PREAMBLE]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in "".join(head) else ",")
    for cells in rows:
        yield rows.line_num, cells


def day_of(cell: str, place: str) -> date | None:
    """A day written as 20040401 or 4/1/2004; None from an empty cell or CMS's `*`.

    Raises:
        UsageError: it is neither.
    """
    if cell in ("", "*"):
        return None
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cell)
    try:
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
        if re.fullmatch(r"\d{8}", cell):
            return date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
    except ValueError as error:
        raise UsageError(f"{place} has {cell!r} where a day should be; nothing was imported.") from error
    raise UsageError(f"{place} has {cell!r} where a day should be; nothing was imported.")


def _places(cells: list[str], columns: Sequence[re.Pattern[str]]) -> list[int] | None:
    places = []
    for pattern in columns:
        place = next((n for n, cell in enumerate(cells) if n not in places and pattern.search(cell)), None)
        if place is None:
            return None
        places.append(place)
    return places


def _tables(name: str, content: bytes) -> list[tuple[str, bytes]]:
    if name.lower().endswith(".xlsx") or not content.startswith(b"PK"):
        return [(name, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [
                m for m in archive.infolist() if m.filename.lower().endswith((".txt", ".csv", ".tab", ".tsv", ".xlsx"))
            ]
            if sum(member.file_size for member in members) > _LARGEST:
                raise UsageError(f"{name} holds files far larger than a table of edits; nothing was imported.")
            members.sort(key=lambda member: member.filename.lower().endswith(".xlsx"))  # the same as text reads faster
            return [(member.filename, archive.read(member)) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UsageError(f"{name} is a damaged zip file; download it again.") from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")

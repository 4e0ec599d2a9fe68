"""What a file that was brought holds, whatever its format was."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from pipeline.codebooks.entries import Book, Entry, Note, Source, Volume, Wording

Row: TypeAlias = tuple[str, ...]
"""Cells of text; tabs and line ends in them become blanks when they are stored."""

CODES, WORDINGS, NOTES = "codes", "wordings", "notes"
"""The tables that the compiled code books are made of; other tables are for those who read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One part of one edition: tables of text under the edition's name and validity."""

    book: Book
    """The edition; `sha256` is of the file that was brought, `count` the codes in it."""
    part: str
    """Which part of the edition it is, such as `codes` or `index`: importing it again replaces it."""
    tables: Mapping[str, Sequence[Row]]
    """What it holds, by the name that is told to the user with the number of rows."""
    licence: str = ""
    """A sentence on the licence that it asks for; empty where it asks for none."""


def packed(volume: Volume) -> dict[str, list[Row]]:
    """The tables of a book; those without a row are left out."""
    tables: dict[str, list[Row]] = {
        CODES: [
            (e.code, e.kind, str(int(e.billable)), _written(e.valid_from), _written(e.valid_to), e.display)
            for e in volume.entries
        ],
        WORDINGS: [(w.code, w.source.name, w.text, w.canonical or "") for w in volume.wordings],
        NOTES: [(note.code, note.kind, note.text) for note in volume.notes],
    }
    return {name: rows for name, rows in tables.items() if rows}


def unpacked(imported: Imported) -> Volume:
    """The book that was packed.

    Raises:
        ValueError: the tables do not hold one.
        KeyError: a wording's source is unknown.
    """
    book, tables = imported.book, imported.tables
    return Volume(
        book=book,
        entries=[
            Entry(
                code=code,
                display=display,
                billable=billable == "1",
                kind=kind,
                valid_from=_day(begins),
                valid_to=_day(ends),
            )
            for code, kind, billable, begins, ends, display in tables.get(CODES, ())
        ],
        wordings=[
            Wording(text=text, system=book.system, code=code, source=Source[source], canonical=canonical or None)
            for code, source, text, canonical in tables.get(WORDINGS, ())
        ],
        notes=[Note(system=book.system, code=code, kind=kind, text=text) for code, kind, text in tables.get(NOTES, ())],
    )


def joined(parts: Sequence[Imported]) -> list[Volume]:
    """One book an edition, of all its parts; where two parts have a code, the one with the longer texts names it.

    Raises:
        ValueError: the tables of a part do not hold one.
        KeyError: a wording's source is unknown.
    """
    editions: dict[tuple[str, str], list[Imported]] = {}
    for part in parts:
        editions.setdefault((part.book.system, part.book.edition), []).append(part)
    return [_joined(sorted(held, key=_rank)) for held in editions.values()]


def _joined(parts: Sequence[Imported]) -> Volume:
    volumes = [unpacked(part) for part in parts]
    first = volumes[0].book
    entries = {entry.code: entry for volume in reversed(volumes) for entry in volume.entries}
    digests = sorted(volume.book.sha256 for volume in volumes)
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Volume(
        book=replace(first, sha256=whole, count=len(entries)),
        entries=list(entries.values()),
        wordings=list(dict.fromkeys(wording for volume in volumes for wording in volume.wordings)),
        notes=list(dict.fromkeys(note for volume in volumes for note in volume.notes)),
    )


def _rank(part: Imported) -> tuple[int, str]:
    lengths = ("long", "medium", "short")
    return (lengths.index(part.part) if part.part in lengths else 0, part.part)


def _written(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None

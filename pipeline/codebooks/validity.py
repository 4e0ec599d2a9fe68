"""When a code is in force, and what proves it.

A row of a book can bear days of its own: it was not in force before the first or after the last of them
(*refuted*). Within, a day is *proven* where the book, or a list that names the code, is of that day. Any
other day is neither: the coder is told. A number that was given up and re-used has a row for each meaning.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks.entries import Book, Entry, Volume, Wording
from pipeline.codebooks.tables import Tables

_NEVER = date.max.toordinal()


class InForce(IntEnum):
    """What the loaded books know about a code and a day; the lower, the better."""

    PROVEN = 0
    UNPROVEN = 1
    REFUTED = 2


def in_force(tables: Tables, rows: NDArray[np.int64], on: date) -> NDArray[np.uint8]:
    """An `InForce` for each row."""
    day = on.toordinal()
    ends = tables.row_to[rows]
    refuted = (tables.row_from[rows] > day) | ((ends > 0) & (ends < day))
    proven = (tables.row_proven_from[rows] <= day) & (day <= tables.row_proven_to[rows])
    return np.where(refuted, InForce.REFUTED, np.where(proven, InForce.PROVEN, InForce.UNPROVEN)).astype(np.uint8)


def same_meaning(tables: Tables, wordings: NDArray[np.integer], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each wording was used for its code while the row of the same place was in force."""
    books = tables.row_book[rows]
    first = np.array([book.valid_from.toordinal() if book.valid_from else 0 for book in tables.books])
    last = np.array([book.valid_to.toordinal() if book.valid_to else _NEVER for book in tables.books])
    begins = np.where(tables.row_from[rows] > 0, tables.row_from[rows], first[books])
    ends = np.where(tables.row_to[rows] > 0, tables.row_to[rows], last[books])
    until = np.where(tables.wording_to[wordings] > 0, tables.wording_to[wordings], _NEVER)
    return np.asarray((tables.wording_from[wordings] <= ends) & (begins <= until))


def may_overlap(one: Entry, other: Entry) -> bool:
    """Whether there can be a day on which both are in force."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
        one.valid_to or date.max
    )


def proven(book: Book, entry: Entry) -> tuple[int, int]:
    """First and last day (ordinals) on which an entry of a book was certainly in force; zeros where none is."""
    if entry.proven is not None:
        return entry.proven[0].toordinal(), entry.proven[1].toordinal()
    if book.valid_from is None and book.valid_to is None and (entry.valid_from is None or entry.valid_to is None):
        return 0, 0
    begins = entry.valid_from or book.valid_from or date.min
    return begins.toordinal(), min(entry.valid_to or date.max, book.valid_to or date.max).toordinal()


def dated(volume: Volume) -> Iterator[Wording]:
    """The wordings of a book, those of a code with days of its own bearing them."""
    entries: dict[str, list[Entry]] = {}
    for entry in volume.entries:
        if entry.valid_from is not None or entry.valid_to is not None:
            entries.setdefault(entry.code, []).append(entry)
    for wording in volume.wordings:
        meant = entries.get(wording.code, [])
        if len(meant) > 1:
            meant = [entry for entry in meant if entry.display == wording.text]
        if len(meant) == 1 and wording.valid_from is None and wording.valid_to is None:
            ends = meant[0].valid_to or volume.book.valid_to
            wording = replace(wording, valid_from=meant[0].valid_from, valid_to=ends)
        yield wording

"""What the tabular lists say at a code about other codes: excludes and "code first", their codes parsed once."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.entries import NOTE_KINDS
from pipeline.coding.rules.ranges import Ranges
from pipeline.records import CodeSystem

_CODES = {
    CodeSystem.ICD9CM: r"(?:\d{3}|V\d{2}|E\d{3})(?:\.\d{1,2})?",
    CodeSystem.ICD10CM: r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?",
}
_STRETCHES = {
    system: re.compile(rf"(?<![\w.])({code})(?:\s*-\s*({code}))?-?(?![\w.])") for system, code in _CODES.items()
}
_ASIDE = re.compile(r"\(([^()]*)\)")
"""Tabular lists write the codes that they mean in brackets."""
_CATEGORY = 3


@dataclass(frozen=True, slots=True)
class Instruction:
    """A note that names other codes, or asks for one that it does not name."""

    place: str
    """The code, block or chapter that it stands at; it holds for all below."""
    text: str
    codes: Ranges


class Instructions:
    """The notes of some kinds, by the code that they hold for."""

    def __init__(self, books: CodeBooks, kinds: frozenset[str]) -> None:
        self._books = books
        self._notes: dict[str, list[int]] = {}
        """`SYSTEM CODE` -> rows of the notes in the tables."""
        self._blocks: dict[CodeSystem, list[tuple[str, str, str]]] = {}
        self._over: dict[tuple[CodeSystem, str, int], tuple[Instruction, ...]] = {}
        self._books_of: dict[tuple[CodeSystem, date | None], int | None] = {}
        self._parsed: dict[tuple[str, int], tuple[Instruction, ...]] = {}
        tables = books.tables
        wanted = np.isin(tables.note_kind, [NOTE_KINDS.index(kind) for kind in kinds])
        for row in np.flatnonzero(wanted).tolist():
            self._notes.setdefault(tables.note_place[row], []).append(row)
        for place in self._notes:
            system, _, code = place.partition(" ")
            first, between, last = code.partition("-")
            if between:
                self._blocks.setdefault(CodeSystem(system), []).append((first, last, code))

    def over(self, system: CodeSystem, code: str, on: date | None) -> tuple[Instruction, ...]:
        """What holds for a code: its own notes, then those of all that stands above it."""
        if (system, on) not in self._books_of:
            self._books_of[system, on] = self._books.noted_by(system, on)
        book = self._books_of[system, on]
        if book is None:
            return ()
        if (system, code, book) not in self._over:
            self._over[system, code, book] = self._above(system, code, book)
        return self._over[system, code, book]

    def _above(self, system: CodeSystem, code: str, book: int) -> tuple[Instruction, ...]:
        head = _CATEGORY + (system is CodeSystem.ICD9CM and code.startswith("E"))
        places = [code[:end] for end in range(len(code), head - 1, -1) if code[end - 1] != "."]
        places += [place for first, last, place in self._blocks.get(system, ()) if first <= code[: len(last)] <= last]
        return tuple(told for place in places for told in self._at(system, place, book))

    def _at(self, system: CodeSystem, code: str, book: int) -> tuple[Instruction, ...]:
        place, tables = f"{system} {code}", self._books.tables
        if place not in self._notes:
            return ()
        if (place, book) not in self._parsed:
            self._parsed[place, book] = tuple(
                Instruction(code, tables.note_text[row], named(tables.note_text[row], system))
                for row in self._notes[place]
                if int(tables.note_book[row]) == book
            )
        return self._parsed[place, book]


def named(text: str, system: CodeSystem) -> Ranges:
    """The codes and stretches that a note names in brackets: `(E08-E13)`, `(G04.01)`, `(250.0, 401-405)`, `(M54.-)`."""
    pattern = _STRETCHES.get(system)
    if pattern is None:
        return Ranges(())
    return Ranges(
        tuple(
            (first.replace(".", ""), (last or first).replace(".", ""))
            for aside in _ASIDE.findall(text)
            for first, last in pattern.findall(aside)
            if not last or first <= last
        )
    )

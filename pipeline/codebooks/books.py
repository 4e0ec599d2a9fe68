"""The code books of this machine: which edition is in force when, what a code says, search by code or words."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import compiling, gems, hcpcs_facts, icd9, icd10, practice, starter
from pipeline.codebooks.entries import NOTE_KINDS, Book, Note, Source, Volume
from pipeline.codebooks.importing import read_stored, stored
from pipeline.codebooks.importing.imported import CODES, NOTES, WORDINGS, joined
from pipeline.codebooks.sources import TABLES, fingerprint
from pipeline.codebooks.tables import KINDS, LABELS, SYSTEMS, Tables, load, save
from pipeline.codebooks.validity import InForce, in_force, same_meaning
from pipeline.codebooks.wording import plain
from pipeline.errors import SetupError
from pipeline.records import CLAIMED, Code, CodeSystem, Label, Part


def load_books(cache: Path, *, data_dir: Path | None = None) -> "CodeBooks":
    """The books of the packages and, with a data folder, those that were imported into it.

    The first call takes seconds and leaves `books.npz` in `cache`; later ones read that file as long as it
    was made of the same sources, and make it anew where it was not, or is damaged.

    Raises:
        SetupError: a package or table is missing or does not fit, or the cache cannot be written.
    """
    own = (*sorted(TABLES.rglob("*.py")), *starter.files(), *hcpcs_facts.files())
    imported = stored(data_dir, (CODES, WORDINGS, NOTES)) if data_dir is not None else ()
    services = practice.load_practice(data_dir) if data_dir is not None else ()
    listed = (practice.kept(data_dir),) if data_dir is not None and services else ()
    key = fingerprint((*own, *icd9.files(), *icd10.files(), *gems.files(), *imported, *listed))
    path = cache / "books.npz"
    tables = load(path, key)
    if tables is None:
        tables = compiling.compile_books(key, _volumes(imported), practice.wordings(services))
        try:
            save(tables, path)
        except OSError as error:
            raise SetupError(f"The code books cannot be written to {path}: {error.strerror or error}.") from error
    return CodeBooks(tables=tables, cache=cache)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBooks:
    """All loaded books. A code is looked up with or without its dot."""

    tables: Tables
    cache: Path
    """The folder beside whose files others may keep what they compile from the books."""

    def books(self) -> tuple[Book, ...]:
        """Every loaded edition."""
        return self.tables.books

    def parts(self) -> tuple[Part, ...]:
        """Every loaded edition, as provenance names it."""
        all_of_them = (*self.books(), *self.tables.supplements)
        return tuple(Part(name=book.name, edition=book.edition, sha256=book.sha256) for book in all_of_them)

    def book_for(self, system: CodeSystem, on: date | None = None) -> Book | None:
        """The edition that answers for a day; None where the system has no book at all.

        That is the newest edition known to be in force; else the one nearest in time, an imported book
        before a starter set. Whether it really `covers` the day is the book's to say.
        """
        books = [book for book in self.books() if book.system is system]
        if on is not None:
            covering = [book for book in books if book.covers(on)]
            if covering:
                return max(covering, key=lambda book: book.valid_from or date.min)
        dated = [book for book in books if book.valid_from is not None or book.valid_to is not None]
        if not dated:
            return books[-1] if books else None
        if on is None:
            return max(dated, key=lambda book: book.valid_to or date.max)
        day = on
        return min(dated, key=lambda book: _distance(book, day))

    def get(self, system: CodeSystem, code: str, on: date | None = None) -> Code | None:
        """A code as it was on that day, else as another edition or another day has it; None where no book has it."""
        row = self.row(system, code, on)
        return None if row is None else self.code(row)

    def row(self, system: CodeSystem, code: str, on: date | None = None) -> int | None:
        """Where a code stands in the tables, as `get` finds it."""
        found = self.rows(system, code)
        if not found:
            return None
        book = self.book_for(system, on)
        return min(
            found,
            key=lambda row: (
                InForce.UNPROVEN if on is None else self.in_force(row, on),
                self.book_of(row) is not book,
                -int(self.tables.row_from[row]),
            ),
        )

    def rows(self, system: CodeSystem, code: str) -> tuple[int, ...]:
        """Every row of a code in the tables, all its books and meanings, the earliest first."""
        wanted = code.strip().upper()
        bare = wanted.replace(".", "")
        found = [
            row
            for row in self._between(bare, bare)
            if self.book_of(row).system is system
            and ("." not in wanted or self.tables.identity_code[int(self.tables.row_identity[row])] == wanted)
        ]
        return tuple(sorted(found, key=lambda row: (int(self.tables.row_from[row]), int(self.tables.row_book[row]))))

    def rows_on(self, system: CodeSystem, on: date | None) -> NDArray[np.int64]:
        """Of each identity the row that answers for a day; -1 where it has none, or none that can be in force.

        Where no loaded edition is of that day, codes of the system's other books complete the nearest one.
        """
        tables = self.tables
        chosen = self.book_for(system, on)
        found = np.full(len(tables.identity_code), -1, dtype=np.int64)
        alone = on is None or (chosen is not None and chosen.covers(on))
        asked = [n for n, book in enumerate(self.books()) if book is chosen or (book.system is system and not alone)]
        own = np.flatnonzero(np.isin(tables.row_book, asked))
        own = own[self._in_edition(own, chosen) if on is None else in_force(tables, own, on) != InForce.REFUTED]
        found[tables.row_identity[own]] = own
        beaten = own[found[tables.row_identity[own]] != own]
        if len(beaten):
            several = own[np.isin(tables.row_identity[own], tables.row_identity[beaten])]
            stands = in_force(tables, several, on) if on is not None else np.zeros(len(several), dtype=np.uint8)
            nearest = np.array([book is chosen for book in self.books()])[tables.row_book[several]]
            best_last = several[np.lexsort((tables.row_from[several], nearest, -stands.astype(np.int8)))]
            found[tables.row_identity[best_last]] = best_last
        return found

    def _in_edition(self, rows: NDArray[np.int64], book: Book | None) -> NDArray[np.bool_]:
        """Whether each row is of a code that had not ended before the edition began."""
        begins = book.valid_from.toordinal() if book is not None and book.valid_from is not None else 0
        ends = self.tables.row_to[rows]
        return np.asarray((ends == 0) | (ends >= begins))

    def in_force(self, row: int, on: date) -> InForce:
        """What is known of a row of the tables and a day."""
        return InForce(int(in_force(self.tables, np.array([row]), on)[0]))

    def code(self, row: int) -> Code:
        """The code that stands there in the tables."""
        return Code(
            system=self.book_of(row).system,
            code=self.tables.identity_code[int(self.tables.row_identity[row])],
            display=self.tables.row_display[row],
            billable=bool(self.tables.row_billable[row]),
            kind=KINDS[int(self.tables.row_kind[row])],
        )

    def book_of(self, row: int) -> Book:
        """The book that a row of the tables belongs to."""
        return self.tables.books[int(self.tables.row_book[row])]

    def validity(self, row: int) -> tuple[date | None, date | None]:
        """First and last day of the code itself, where its book says them."""
        return _day(self.tables.row_from[row]), _day(self.tables.row_to[row])

    def proven(self, row: int) -> tuple[date | None, date | None]:
        """First and last day on which the code certainly was in force; None where no loaded book proves any."""
        return _day(self.tables.row_proven_from[row]), _day(self.tables.row_proven_to[row])

    def notes(self, system: CodeSystem, code: str, on: date | None = None) -> tuple[Note, ...]:
        """What a tabular list says at a code itself, in its order; what stands above it is asked for by its code.

        Args:
            system: of the code.
            code: with its dot, or a chapter or block such as `001-139`.
            on: the day whose edition answers; of the editions with notes, the nearest does.
        """
        place = f"{system} {code.strip().upper()}"
        places = self.tables.note_place
        found = range(bisect_left(places, place), bisect_right(places, place))
        chosen = self.noted_by(system, on)
        if chosen is None:
            return ()
        return tuple(
            Note(
                system=system,
                code=code.strip().upper(),
                kind=NOTE_KINDS[int(self.tables.note_kind[row])],
                text=self.tables.note_text[row],
            )
            for row in found
            if int(self.tables.note_book[row]) == chosen
        )

    def noted_by(self, system: CodeSystem, on: date | None = None) -> int | None:
        """Place in `books()` of the edition whose tabular list answers for a day; None where none was loaded."""
        noted = [book for book in map(int, np.unique(self.tables.note_book)) if self.books()[book].system is system]
        day = on or date.max
        return min(noted, key=lambda book: (_distance(self.books()[book], day), -book), default=None)

    def search(
        self, text: str, *, system: CodeSystem | None = None, on: date | None = None, limit: int = 20
    ) -> list[Code]:
        """Codes that begin with the text, then codes whose description or synonyms hold all its words.

        Args:
            text: a code or the beginning of one, or words, each of which may be cut short.
            system: only this system; without one, those of a professional claim.
            on: the day whose editions are searched, without the codes that were not yet, or no longer, in force;
                without one, the newest.
            limit: how many at most.
        """
        searched = np.zeros(len(self.tables.row_book), dtype=np.bool_)
        for each in CLAIMED if system is None else (system,):
            rows_on = self.rows_on(each, on)
            searched[rows_on[rows_on >= 0]] = True
        found = self._beginning_with(text, searched, limit)
        words = sorted(plain(text).split(), key=len, reverse=True)
        if words and len(found) < limit:
            rows = np.flatnonzero(searched).tolist()
            texts = self.tables.row_search
            for word in words:
                rows = [row for row in rows if word in texts[row]]
            start = plain(text)
            rows = [row for row in rows if all(f" {word}" in f" {texts[row]}" for word in words)]
            rows.sort(key=lambda row: self._closeness(row, start))
            taken = set(found)
            found += [row for row in rows if row not in taken]
        return [self.code(row) for row in found[:limit]]

    def beginning_with(self, system: CodeSystem, code: str, on: date | None = None) -> list[int]:
        """Rows, as they answer for a day, of all codes that begin so."""
        bare = code.replace(".", "")
        chosen = self.book_for(system, on)
        alone = on is None or (chosen is not None and chosen.covers(on))
        rows = [row for row in self._between(bare, bare + "~") if self.book_of(row).system is system]
        if alone:
            rows = [row for row in rows if self.book_of(row) is chosen]
        known = (
            in_force(self.tables, np.array(rows, dtype=np.int64), on).tolist() if on is not None else [0] * len(rows)
        )
        stands = dict(zip(rows, known, strict=True))
        best: dict[int, int] = {}
        for row in (row for row in rows if stands[row] != InForce.REFUTED):
            other = best.setdefault(int(self.tables.row_identity[row]), row)
            rival = [(-stands[r], self.book_of(r) is chosen, int(self.tables.row_from[r])) for r in (row, other)]
            if rival[0] > rival[1]:
                best[int(self.tables.row_identity[row])] = row
        return list(best.values())

    def synonym_counts(self) -> dict[CodeSystem, int]:
        """How many names of the project and the practice each system's codes have."""
        own = self.tables.wording_identity[self.tables.wording_source == Source.SYNONYM]
        counts = np.bincount(self.tables.identity_system[own], minlength=len(SYSTEMS))
        return dict(zip(SYSTEMS, counts.tolist(), strict=True))

    def codes(self) -> Iterator[tuple[CodeSystem, str]]:
        """Every code that a loaded book has."""
        for system, code in zip(self.tables.identity_system.tolist(), self.tables.identity_code, strict=True):
            yield SYSTEMS[system], code

    def wordings(self, row: int, source: Source) -> tuple[str, ...]:
        """The texts of one source that stand for the code of a row, in the meaning that it has there."""
        identity = int(self.tables.row_identity[row])
        own = np.flatnonzero((self.tables.wording_identity == identity) & (self.tables.wording_source == source))
        meant = own[same_meaning(self.tables, own, np.full(len(own), row))].tolist()
        return tuple(dict.fromkeys(self.tables.wording_text[wording] for wording in meant))

    def terms(self) -> Iterator[tuple[str, Label, str]]:
        """Wordings that a note may hold: plain text, label, and plain text of what it is short for."""
        columns = self.tables
        for text, label, normalized in zip(
            columns.term_text, columns.term_label.tolist(), columns.term_normalized, strict=True
        ):
            yield text, LABELS[label], normalized

    def _beginning_with(self, text: str, searched: NDArray[np.bool_], limit: int) -> list[int]:
        wanted = text.strip().upper()
        bare = wanted.replace(".", "")
        if not bare.isalnum() or not any(c.isdigit() for c in bare):
            return []
        found = []
        for row in self._between(bare, bare + "~"):
            code = self.tables.identity_code[int(self.tables.row_identity[row])]
            if searched[row] and ("." not in wanted or code.startswith(wanted)):
                found.append(row)
        return found[:limit]

    def _between(self, first: str, last: str) -> list[int]:
        """Rows whose codes, without their dots, stand between two, both included."""
        codes = self.tables.sorted_code
        rows: list[int] = self.tables.sorted_row[bisect_left(codes, first) : bisect_right(codes, last)].tolist()
        return rows

    def _closeness(self, row: int, start: str) -> tuple[bool, bool, float, int]:
        text = self.tables.row_search[row]
        prior = float(self.tables.identity_prior[int(self.tables.row_identity[row])])
        return (start not in text.split(" | "), not self.tables.row_billable[row], -prior, len(text))


def _day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if ordinal else None


def _volumes(files: Sequence[Path]) -> list[Volume]:
    try:
        return joined([read_stored(file) for file in files])
    except (ValueError, KeyError) as error:
        raise SetupError(f"An imported code book in {files[0].parent} is damaged; import its file again.") from error


def _distance(book: Book, day: date) -> int:
    if book.valid_from is not None and day < book.valid_from:
        return (book.valid_from - day).days
    if book.valid_to is not None and day > book.valid_to:
        return (day - book.valid_to).days
    return 0

"""What every source of codes is turned into before it is compiled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from pipeline.records import CodeSystem


class Source(IntEnum):
    """How a wording came to stand for a code; the lower, the more it says."""

    SYNONYM = 0
    """The project's own synonym table."""
    DESCRIPTION = 1
    """The book's own description."""
    INCLUSION = 2
    """An inclusion term of the book."""
    SHORT = 3
    """The book's own shortened description."""
    MAP = 4
    """A wording of the other ICD edition, mapped one to one."""
    INDEX = 6
    """A path of the alphabetic index; `canonical` is the path as the index has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A code as one edition of a book has it."""

    code: str
    """With its dot."""
    display: str
    billable: bool
    kind: str
    """`diagnosis`, `procedure` or `supply`."""
    valid_from: date | None = None
    """First day on which it can have been in force; None where the book says nothing beyond its own validity."""
    valid_to: date | None = None
    """Last such day."""
    proven: tuple[date, date] | None = None
    """First and last day on which it certainly was in force; None where that follows from the other days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text that stands for a code."""

    text: str
    """As its source has it."""
    system: CodeSystem
    code: str
    source: Source
    canonical: str | None = None
    """What a shorthand is short for; None where the text speaks for itself."""
    valid_from: date | None = None
    """First day on which the text means this code: numbers are re-used. None where that is not known."""
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One edition of a code system, as it is loaded."""

    system: CodeSystem
    name: str
    edition: str
    valid_from: date | None
    """First day it is in force; None where that is not known."""
    valid_to: date | None
    """Last day it is in force; None where it still is, or that is not known."""
    sha256: str
    """Of the file or files that it was made of."""
    count: int
    """Codes in it, headings included."""

    @property
    def starter(self) -> bool:
        """Whether it is a set of the project's own that proves no validity, not the whole book."""
        return self.valid_from is None and self.valid_to is None

    def covers(self, on: date) -> bool:
        """Whether it is known to be in force that day."""
        if self.valid_from is None and self.valid_to is None:
            return False
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An instruction that a book gives at a code, for it and for the codes below it."""

    system: CodeSystem
    code: str
    """With its dot; the heading of a chapter or block has its first and last category, such as `001-139`."""
    kind: str
    """One of `NOTE_KINDS`."""
    text: str


NOTE_KINDS = ("includes", "excludes", "excludes1", "excludes2", "code_first", "use_additional", "inclusion", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book with its content, before it is compiled."""

    book: Book
    entries: Sequence[Entry]
    wordings: Sequence[Wording]
    notes: Sequence[Note] = ()

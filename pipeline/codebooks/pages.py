"""All that the loaded books know about one code: what a coder sees who looks it up."""

from dataclasses import dataclass
from datetime import date

from pipeline.codebooks import gems
from pipeline.codebooks.books import CodeBooks
from pipeline.codebooks.entries import Note, Source
from pipeline.records import Code, CodeSystem

_HEAD = {CodeSystem.ICD9CM: 3, CodeSystem.ICD10CM: 3, CodeSystem.ICD9PCS: 2}
"""Characters of a category; other systems have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One meaning of a code in one book, and when it had it."""

    book: str
    display: str
    billable: bool
    valid_from: date | None
    """First and last day on which it can have been in force, where known."""
    valid_to: date | None
    proven_from: date | None
    """First and last day on which it certainly was; None where no loaded book proves any."""
    proven_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A row of the general equivalence maps from this code."""

    code: str
    """Of the other ICD edition."""
    display: str
    """Empty where no loaded book has it."""
    approximate: bool
    scenario: int
    """Of a combination: one code of each choice of one scenario belong together; else 0."""
    choice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """A code with what stands around it."""

    code: Code
    spans: tuple[Span, ...]
    """The earliest first."""
    parents: tuple[Code, ...]
    """The outermost first."""
    children: tuple[Code, ...]
    """Just below it."""
    notes: tuple[Note, ...]
    """Its own and those of its parents, which hold for it too."""
    synonyms: tuple[str, ...]
    """The project's and the practice's names for it."""
    maps: tuple[Mapped, ...]


def page_of(
    books: CodeBooks, system: CodeSystem, code: str, on: date | None = None, *, maps: bool = True
) -> CodePage | None:
    """The page of a code; None where no book has it.

    Args:
        books: the loaded books.
        system: of the code.
        code: with or without its dot.
        on: the day that is looked at; without one, the newest meaning.
        maps: with the general equivalence maps, which take seconds to read.
    """
    row = books.row(system, code, on)
    if row is None:
        return None
    found = books.code(row)
    parents = tuple(_parents(books, found, on))
    notes = [
        note
        for each in (found, *reversed(parents))
        for note in books.notes(system, each.code, on)
        if each is found or _inherited(note)
    ]
    return CodePage(
        code=found,
        spans=tuple(_span(books, each) for each in books.rows(system, found.code)),
        parents=parents,
        children=tuple(_children(books, found, on)),
        notes=tuple(notes),
        synonyms=books.wordings(row, Source.SYNONYM),
        maps=tuple(_maps(books, found)) if maps else (),
    )


def _inherited(note: Note) -> bool:
    """A name that a category lists stands for the category, not for each code below."""
    return note.kind != "inclusion"


def _span(books: CodeBooks, row: int) -> Span:
    book, code = books.book_of(row), books.code(row)
    valid, proven = books.validity(row), books.proven(row)
    return Span(
        book=f"{book.name}, {book.edition}",
        display=code.display,
        billable=code.billable,
        valid_from=valid[0],
        valid_to=valid[1],
        proven_from=proven[0],
        proven_to=proven[1],
    )


def _parents(books: CodeBooks, code: Code, on: date | None) -> list[Code]:
    bare = code.code.replace(".", "")
    head = _HEAD.get(code.system, len(bare)) + (code.system is CodeSystem.ICD9CM and bare[0] == "E")
    found: dict[str, Code] = {}
    for end in range(head, len(bare)):
        dot = head if code.system is not CodeSystem.ICD9PCS else 2
        above = bare[:end] if end <= dot else f"{bare[:dot]}.{bare[dot:end]}"
        parent = books.get(code.system, above.rstrip("X"), on)
        if parent is not None and parent.code != code.code:
            found.setdefault(parent.code, parent)
    return list(found.values())


def _children(books: CodeBooks, code: Code, on: date | None) -> list[Code]:
    if code.system not in _HEAD:
        return []
    rows = books.beginning_with(code.system, code.code, on)
    below = sorted((c for c in map(books.code, rows) if c.code != code.code), key=lambda c: c.code)
    known = {c.code.replace(".", "") for c in below}
    own = len(code.code.replace(".", ""))
    direct = []
    for child in below:
        bare = child.code.replace(".", "")
        if not any(
            bare[:end].rstrip("X") in known for end in range(own + 1, len(bare)) if len(bare[:end].rstrip("X")) > own
        ):
            direct.append(child)
    return direct


def _maps(books: CodeBooks, code: Code) -> list[Mapped]:
    forward = code.system is CodeSystem.ICD9CM
    other = CodeSystem.ICD10CM if forward else CodeSystem.ICD9CM
    found = []
    for row in gems.targets(code.system, code.code):
        target = row.icd10 if forward else row.icd9
        known = books.get(other, target)
        found.append(
            Mapped(
                code=target,
                display=known.display if known else "",
                approximate=row.approximate,
                scenario=row.scenario,
                choice=row.choice,
            )
        )
    return found

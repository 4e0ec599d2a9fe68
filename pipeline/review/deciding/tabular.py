"""A code's place in its book, as the tabular list shows it: what stands above, beside and below it, and its notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pipeline.codebooks.pages import CodePage, Span
from pipeline.records import CLAIMED, SYSTEM_NAMES, Code, CodeSystem

SAYS = {
    "includes": "Includes",
    "excludes": "Excludes",
    "excludes1": "Excludes 1: never together",
    "excludes2": "Excludes 2: not included here",
    "code_first": "Code first",
    "use_additional": "Use an additional code",
    "inclusion": "Stands for",
    "note": "Note",
}
"""The kinds of a book's notes in words."""
PLACES = {4: "fourth digit", 5: "fifth digit", 6: "sixth character", 7: "seventh character"}
_SEVENTH = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A code of the list."""

    system: CodeSystem
    code: str
    display: str
    billable: bool
    here: bool = False
    """It is the one that the table is about."""
    taken: bool = False
    """It is accepted already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Notes of one kind at one place."""

    says: str
    at: str | None
    """The code above that they stand at; None for the code's own."""
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabular:
    """The table of one code."""

    system: CodeSystem
    system_name: str
    edition: str | None
    code: Row
    above: tuple[Row, ...]
    """The outermost first."""
    beside: tuple[Row, ...]
    """Codes below the same heading, this one among them; empty where it stands at the top."""
    below: tuple[Row, ...]
    asks: str | None
    """What is missing: `Choose the fifth digit`."""
    notes: tuple[Notes, ...]
    valid: tuple[str, ...]
    """When it is in force, a sentence a meaning."""
    synonyms: tuple[str, ...]


def tabular(
    page: CodePage, parent: CodePage | None, *, edition: str | None, taken: Mapping[tuple[CodeSystem, str], object]
) -> Tabular:
    """A code's table.

    Args:
        page: the code's.
        parent: of the heading that it stands under; None at the top.
        edition: of the book that answers for the day.
        taken: the accepted codes.
    """

    def row(code: Code) -> Row:
        return Row(
            system=code.system,
            code=code.code,
            display=code.display,
            billable=code.billable and code.system in CLAIMED,
            here=code.code == page.code.code,
            taken=(code.system, code.code) in taken,
        )

    below = tuple(row(code) for code in page.children)
    return Tabular(
        system=page.code.system,
        system_name=SYSTEM_NAMES[page.code.system],
        edition=edition,
        code=row(page.code),
        above=tuple(row(code) for code in page.parents),
        beside=tuple(row(code) for code in parent.children) if parent is not None else (),
        below=below,
        asks=_asks(page.code, page.children),
        notes=tuple(
            Notes(
                says=SAYS.get(kind, kind), at=None if at == page.code.code else at, texts=tuple(n.text for n in notes)
            )
            for (kind, at), notes in groupby(page.notes, key=lambda note: (note.kind, note.code))
        ),
        valid=tuple(_valid(span, several=len(page.spans) > 1) for span in page.spans),
        synonyms=page.synonyms,
    )


def _asks(code: Code, children: tuple[Code, ...]) -> str | None:
    if code.billable or not children:
        return None
    lengths = {len(child.code.replace(".", "")) for child in children}
    # A placeholder X fills up to the seventh character, which is what is really asked for.
    at = _SEVENTH if lengths == {_SEVENTH} else min(lengths)
    own = len(code.code.replace(".", ""))
    if at in PLACES and (at == own + 1 or at == _SEVENTH):
        return f"{code.code} is not billable. Choose the {PLACES[at]}:"
    return f"{code.code} is not billable. Choose one of:"


def _valid(span: Span, *, several: bool) -> str:
    meaning = f"{span.display}: " if several else ""
    proven = _days(span.proven_from, span.proven_to)
    possible = _days(span.valid_from, span.valid_to)
    known = f"in force {proven}" if proven else "no loaded book proves when it is in force"
    limits = f", at most {possible}" if possible and possible != proven else ""
    return f"{meaning}{known}{limits} ({span.book})"


def _days(begins: date | None, ends: date | None) -> str:
    first = f"from {begins}" if begins is not None else ""
    last = f"to {ends}" if ends is not None else ""
    return f"{first} {last}".strip()

"""Why a code stands among the candidates, in sentences for the coder."""

from datetime import date

from pipeline.codebooks import CodeBooks, Source
from pipeline.codebooks.validity import InForce
from pipeline.coding.search.features import Side
from pipeline.coding.search.finding import Found
from pipeline.records import CodeSystem, Evidence

_OTHER_EDITION = {CodeSystem.ICD9CM: "ICD-10-CM", CodeSystem.ICD10CM: "ICD-9-CM"}
_SIDES = {Side.LEFT: "left side", Side.RIGHT: "right side", Side.BOTH: "both sides"}


def reasons(books: CodeBooks, found: Found, side: Side, named: Side, on: date | None) -> tuple[Evidence, ...]:
    """The evidence of one code.

    Args:
        books: where it is from.
        found: the code and the wording that speaks for it.
        side: the side that the note names.
        named: the side that the code names.
        on: date of service.
    """
    evidence = [_wording(books, found)]
    if found.descended:
        detail = "The category's code for when nothing more is said."
        evidence.append(Evidence(source="category", detail=detail))
    if side is not Side.NONE and side is named:
        evidence.append(Evidence(source="note", detail=f"The note names the {_SIDES[side]}."))
    if on is not None:
        evidence += edition(books, found.row, on)
    return tuple(evidence)


def edition(books: CodeBooks, row: int, on: date) -> list[Evidence]:
    """A sentence where no loaded book proves that the code was in force that day."""
    known = books.in_force(row, on)
    if known is InForce.PROVEN:
        return []
    book = books.book_of(row)
    if known is InForce.REFUTED:
        detail = f"It was not in force on {on}: {span(*books.validity(row))}."
    elif book.valid_from is None and book.valid_to is None:
        detail = f"From the {book.name}, which does not prove that the code was in force on {on}."
    else:
        shown = span(*books.proven(row))
        detail = f"As of {book.name}, {book.edition}, proven {shown}; no loaded book proves it for {on}."
    return [Evidence(source="edition", detail=detail)]


def span(begins: date | None, ends: date | None) -> str:
    """Some days in words: `from 2003-10-01 to 2015-09-30`."""
    first = "" if begins is None else f"from {begins}"
    last = "" if ends is None else f"to {ends}"
    return f"{first} {last}".strip() or "on days not known"


def _wording(books: CodeBooks, found: Found) -> Evidence:
    tables = books.tables
    text = tables.wording_text[found.wording]
    system = books.book_of(found.row).system
    source = Source(int(tables.wording_source[found.wording]))
    likely = "" if found.exact else ", which the note's words come near"
    if source is Source.SYNONYM:
        return Evidence(source="synonym", detail=f"“{text}” is a known name for it{likely}.")
    if source is Source.INCLUSION:
        return Evidence(source="inclusion", detail=f"The book lists “{text}” under it{likely}.")
    if source is Source.INDEX:
        return Evidence(source="index", detail=f"The index has “{tables.wording_path[found.wording]}”{likely}.")
    if source is Source.MAP:
        other = _OTHER_EDITION.get(system, "the other edition")
        return Evidence(source="map", detail=f"{other} has “{text}”, mapped one to one{likely}.")
    return Evidence(source="description", detail=f"Described as “{text}”{likely}.")

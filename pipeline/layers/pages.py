"""The pages of an encounter, also those that a person brought from other files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.records import Encounter, Line, LineSpan, Mark, Page, PageSource, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What an encounter is understood from."""

    pages: tuple[Page, ...]
    """In the order in which they are read."""
    missing: tuple[int, ...]
    """Numbers of pages that the latest reading of their file does not have."""


def as_proposed(encounter: Encounter, own: Reading) -> Gathered:
    """Pages of its part of the file up to its last: what stands before it is needed to understand it."""
    last = max(encounter.pages, default=0)
    parts = {page.part for page in own.pages if page.number in encounter.pages}
    return Gathered(pages=tuple(page for page in own.pages if page.part in parts and page.number <= last), missing=())


def as_set(
    sources: tuple[PageSource, ...], encounter: Encounter, own: Reading, others: Mapping[str, Reading]
) -> Gathered:
    """The pages that a person chose, with the numbers that they have in the encounter.

    Args:
        sources: all of them.
        encounter: brought pages become pages of its part of the file.
        own: reading of the encounter's own file.
        others: latest reading of each other file, by document id.
    """
    pages, missing = [], []
    for source in sources:
        reading = own if source.document == own.document else others.get(source.document)
        found = next((page for page in reading.pages if page.number == source.page), None) if reading else None
        if found is None:
            missing.append(source.number)
        else:
            pages.append(_numbered(found, source.number, encounter.part))
    return Gathered(pages=tuple(pages), missing=tuple(missing))


def _numbered(page: Page, number: int, part: int) -> Page:
    """A page under another number; ids of its lines follow, as they are unique in what is understood together."""
    if page.number == number:
        return replace(page, part=part)
    ids = {line.id: f"p{number}:{line.id}" for line in page.lines}
    return replace(
        page,
        number=number,
        part=part,
        lines=tuple(_line(line, ids) for line in page.lines),
        marks=tuple(_mark(mark, number, ids) for mark in page.marks),
    )


def _line(line: Line, ids: Mapping[str, str]) -> Line:
    return replace(line, id=ids[line.id])


def _mark(mark: Mark, number: int, ids: Mapping[str, str]) -> Mark:
    label = tuple(_span(span, number, ids) for span in mark.label)
    return replace(mark, line=None if mark.line is None else ids.get(mark.line, mark.line), label=label)


def _span(span: LineSpan, number: int, ids: Mapping[str, str]) -> LineSpan:
    return replace(span, page=number, line=ids.get(span.line, span.line))

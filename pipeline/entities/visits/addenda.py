"""Addenda: what was added to a note on a later day, which is no second date of service."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.visits.dates import WrittenDate, dates_in
from pipeline.entities.visits.facts import LABELLED, fact_at
from pipeline.lexicon import Field
from pipeline.records import Addendum, Finding, Page

OPENS = re.compile(
    r"[\W_]*(?:(?:\d{1,4}[-/.]){2}\d{2,4}\W*)?(?:\d{1,2}:\d\d\s*(?:[ap]m)?\W*)?"
    r"(?:addendum|addend(?:a|ums?)?\b|adendum|addendurn|addendun|late entry|amendment|amended)(?!\w)\W*"
    r"(?:to (?:the )?(?:note|visit|chart|record)\w*\W*)?",
    re.I,
)
REFERS = re.compile(
    r"\b(?:to|of|from|for|visit|note)\W*(?:the\s+)?(?:(?:note|visit|encounter|progress note)\s+)?"
    r"(?:(?:of|from|on|dated)\s+)?$",
    re.I,
)
NONE = re.compile(r"\W*(?:none|n/?a)?\W*$", re.I)
DATE_LINE = re.compile(r"[\W_]*(?:(?:addendum )?date|dated|on|time)?[\W_]*[\dOIl]", re.I)
SIGNATURE = re.compile(r"\s*(?:electronically|digitally|e-?signed|signed|signature|sig\b|/s/|provider)", re.I)


@dataclass(frozen=True, slots=True)
class AddedNote:
    """An addendum on a page, and the lines whose dates are its own."""

    addendum: Addendum
    first: int
    """Index of its first line."""
    last: int
    """One past the index of its last line."""
    refers_to: str | None
    """Date of the visit that it names, as YYYY-MM-DD."""


def addenda_of(text: PageText, page: Page) -> Iterator[AddedNote]:
    """The addenda of a page, in reading order."""
    done = 0
    for index, line in enumerate(page.lines):
        opening = OPENS.match(line.text) if index >= done else None
        if opening is None or (index == 0 and page.number == 1):
            continue
        dates = dates_in(line.text)
        refers = next((d for d in dates if d.start > 0 and REFERS.search(line.text[: d.start])), None)
        own = next((d for d in dates if d is not refers), None)
        rest_at = max(opening.end(), *(d.end for d in dates if d.start <= opening.end() + 40), 0)
        last = index + 1
        dated_on = index
        if NONE.match(line.text[rest_at:]):
            # a heading: its date and its words stand on the next lines
            while last < len(page.lines) and own is None and DATE_LINE.match(page.lines[last].text):
                found = dates_in(page.lines[last].text)
                if not found:
                    break
                own, dated_on, last = found[0], last, last + 1
            last += last < len(page.lines) and not SIGNATURE.match(page.lines[last].text)
        while last < len(page.lines) and _goes_on(text, page, last):
            last += 1
        start, end = text.starts[index], text.starts[last - 1] + len(page.lines[last - 1].text)
        note = fact_at(text, Field.OTHER, text.text[start:end].replace("\n", " ").strip(), start, end, LABELLED).finding
        done = last
        if own is None and last == index + 1 and NONE.match(line.text[rest_at:]):
            continue
        yield AddedNote(
            Addendum(written=None if own is None else _day(text, own, dated_on), note=note),
            index,
            last,
            refers.of_service().isoformat() if refers else None,
        )


def _goes_on(text: PageText, page: Page, index: int) -> bool:
    """Whether a line goes on with the paragraph before it."""
    return text.text[text.starts[index] - 1] == " " and not SIGNATURE.match(page.lines[index].text)


def _day(text: PageText, written: WrittenDate, index: int) -> Finding:
    origin = text.starts[index]
    day = written.of_service().isoformat()
    return fact_at(text, Field.OTHER_DATE, day, origin + written.start, origin + written.end, LABELLED).finding


def dates_added(found: Sequence[AddedNote]) -> frozenset[int]:
    """Indices of the lines whose dates are those of addenda."""
    return frozenset(index for note in found for index in range(note.first, note.last))

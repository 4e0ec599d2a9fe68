"""What a page says of patient, visit and provider, each fact with its ink; and where a visit begins on it."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipeline.entities.text.chart_text import PageText, page_text, same_row
from pipeline.entities.text.upright import upright
from pipeline.entities.visits.addenda import AddedNote, addenda_of, dates_added
from pipeline.entities.visits.dated_entries import dated_entries
from pipeline.entities.visits.dates import WrittenDate, dates_in
from pipeline.entities.visits.facts import BARE, COMMON, LABELLED, Fact, doubted, fact_at, fact_in, unlabelled
from pipeline.entities.visits.fields import FieldFinder, FieldValue
from pipeline.entities.visits.misread_dates import date_meant
from pipeline.entities.visits.names import NameReader
from pipeline.entities.visits.payers import PayerReader
from pipeline.entities.visits.record_numbers import record_number_in
from pipeline.entities.visits.sexes import SaidAge, said_age, sex_facts, sex_of
from pipeline.entities.visits.signatures import signature_facts
from pipeline.entities.visits.visit_wordings import VisitReader, settled
from pipeline.lexicon import Field, Lexicon
from pipeline.records import Finding, LineKind, MarkState, Page

TRANSPORT = re.compile(
    r"\b(?:fax(?:ed)?|print(?:ed)?|scan(?:ned)?|received|rec'?d|page\s?\d+|pg\.?\s?\d+|p\.\s?\d+)\b", re.I
)
SIGNING = re.compile(r"\b(?:sign(?:ed|ature)?|electronically|authenticated|dictated|transcribed|reviewed)\b", re.I)
VISIT_WORDS = re.compile(
    r"(?:\b(?:office|clinic|follow|up|new|patient|established|visit|progress|notes?|encounter|acute|walk|in|urgent|care|"
    r"seen|on|date|time|soap|am|pm|mon|tues?|wed|thurs?|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|nurse|recheck|annual|physical|exam)\b|\d{1,2}:\d\d|[\W_])*$",
    re.I,
)
VISIT_TITLE = re.compile(r"\b(?:visit|progress note|encounter|recheck|clinic note|office note|soap note)\b", re.I)
NOTE_BEGINS = re.compile(r"\s*(?:cc|c/c|hpi|s|subjective|chief complaint|bp|wt|vs|vitals|t|pt|reason)\b", re.I)
SEX = re.compile(r"\s*(?:[\[(]?\s*)(male|female|man|woman|m|f)\b(?!\s*/)", re.I)
SEX_BOX = re.compile(r"\W*(male|female|m|f)\W*", re.I)
BIRTH_BEFORE = re.compile(r"(?:dob|d\.?o\.?b\.?|birth\s?date|date of birth|born)\W*$", re.I)
NAMED = re.compile(r"\s*(?:pt|patient|name)\b[ .,]+(?=[A-Z])", re.I)
"""Opens a line with the patient's name, where other identity beside it shows that."""
DEGREE_ROOM = 24
"""Code points behind a signature's name that its degrees may take."""
HEADER_LINES = 8
ACCOUNT = re.compile(r"acc", re.I)
"""Begins the label of a number that need not be the record's: one patient may have both."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a page that belong to one visit."""

    page: Page
    first: int
    """Index of its first line."""
    last: int
    """One past the index of its last line."""
    facts: tuple[Fact, ...]
    """Firmest first for each field, then in reading order."""
    added: tuple[AddedNote, ...] = ()
    age: SaidAge | None = None


class FactFinder:
    """Reads identity and visit from a page."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._fields = FieldFinder(lexicon)
        self._read_name = NameReader(lexicon)
        self._read_visit = VisitReader(lexicon)
        self._read_payers = PayerReader(lexicon)

    def __call__(self, page: Page) -> tuple[Stretch, ...]:
        """The visits of a page, at least one, from top to bottom."""
        text, seen = page_text(page), upright(page)
        fields = self._fields(seen)
        added = tuple(addenda_of(text, seen))
        facts = [*self._labelled(text, seen, fields), *self._bare(text, seen, fields)]
        facts = _without_added(facts, added, seen)
        facts += _entries(text, seen, facts, dates_added(added))
        facts += sex_facts(text, seen, [fact.finding.value for fact in facts if fact.field is Field.NAME])
        facts += self._read_visit(text, seen, fields)
        facts += self._read_payers(text, seen)
        facts += signature_facts(text, seen, fields, self._signed_lines(seen, fields))
        edges = [0, *_cuts(page, facts), len(page.lines)]
        return tuple(_stretch(seen, page, first, last, facts, added) for first, last in pairwise(edges))

    def _signed_lines(self, page: Page, fields: Sequence[FieldValue]) -> list[int]:
        """Lines below the head of a page that hold a handwritten name with the degree of who treats, and no more."""
        used = {index for value in fields for index in (value.line, value.labelled_on)}
        found = []
        for index, line in enumerate(page.lines):
            if line.kind is not LineKind.HAND or line.box is None or index in used or line.box.y1 < 0.3 * page.height:
                continue
            name = self._read_name(line.text, any_case=True)
            if name is not None and name.provider and name.start < 6 and len(line.text) - name.end < DEGREE_ROOM:
                found.append(index)
        return found

    def _labelled(self, text: PageText, page: Page, fields: Sequence[FieldValue]) -> Iterator[Fact]:
        firm_date = any(v.label.field is Field.SERVICE_DATE and not v.label.weak and dates_in(v.text) for v in fields)
        for value in fields:
            field = value.label.field
            firmness = COMMON if value.label.weak and field in (Field.SERVICE_DATE, Field.PROVIDER) else LABELLED
            if field in (Field.BIRTH_DATE, Field.SERVICE_DATE):
                if field is Field.SERVICE_DATE and value.label.weak and (firm_date or _signs(page, value)):
                    continue
                origin = text.starts[value.line] + value.start
                words = text.words_in(origin, origin + len(value.text))
                meant = date_meant(value.text, words, visit=field is Field.SERVICE_DATE)
                if meant is not None:
                    written, sureness = meant
                    day = written.of_service() if field is Field.SERVICE_DATE else written.of_birth(None)
                    fact = fact_in(text, value, field, day.isoformat(), written.start, written.end, firmness, written)
                    yield fact if sureness is None else doubted(fact, sureness)
            elif field in (Field.NAME, Field.PROVIDER):
                hand = page.lines[value.line].kind is LineKind.HAND
                name = self._read_name(
                    value.text, any_case=hand or value.text.islower(), provider=field is Field.PROVIDER
                )
                fits = name is not None and not (name.staff if field is Field.PROVIDER else name.provider)
                if name is not None and fits:
                    yield fact_in(text, value, field, name.value, name.start, name.end, firmness)
            elif field is Field.RECORD_NUMBER:
                number = record_number_in(value.text)
                if number is not None:
                    kind = COMMON if ACCOUNT.match(value.label.text) else LABELLED
                    yield fact_in(text, value, field, number.value, number.start, number.end, kind)
            elif field is Field.SEX:
                sex = SEX.match(value.text)
                if sex:
                    yield fact_in(text, value, field, sex_of(sex[1]), sex.start(1), sex.end(1), firmness)

    def _bare(self, text: PageText, page: Page, fields: Sequence[FieldValue]) -> Iterator[Fact]:
        """Facts that no label announces: a name before the birth date, a date alone at the top, `54 y/o F`."""
        used = {index for value in fields for index in (value.line, value.labelled_on)}
        named = any(value.label.field is Field.NAME for value in fields)
        for index, line in enumerate(page.lines):
            header = index < HEADER_LINES or (line.box is not None and line.box.y1 < 0.25 * page.height)
            moved = TRANSPORT.search(line.text) or SIGNING.search(line.text)
            if not moved and (found := _lone_date(page, index, header, index in used)) and found[0].dates_a_visit():
                written, firmness = found
                day = written.of_service().isoformat()
                yield fact_in(
                    text,
                    unlabelled(page, index),
                    Field.SERVICE_DATE,
                    day,
                    written.start,
                    written.end,
                    firmness,
                    written,
                )
            opening = NAMED.match(line.text) if header else None
            value = unlabelled(page, index, opening.end() if opening else 0)
            name = self._read_name(value.text)
            if name is not None and index not in used and name.provider and len(value.text) - name.end < DEGREE_ROOM:
                yield fact_in(text, value, Field.PROVIDER, name.value, name.start, name.end, BARE)
            elif name is not None and header and not named and not name.staff and 1 < name.words < 5:
                rest = value.text[name.end :].strip(" ,")
                if _identified(page, fields, index, value.start + name.start) and (not rest or index in used):
                    yield fact_in(text, value, Field.NAME, name.value, name.start, name.end, COMMON)
            ticked = any(mark.line == line.id and mark.state is MarkState.TICKED for mark in page.marks)
            if ticked and (boxed := SEX_BOX.fullmatch(line.text)):
                yield fact_in(text, unlabelled(page, index), Field.SEX, sex_of(boxed[1]), *boxed.span(1), COMMON)


def _stretch(
    seen: Page, page: Page, first: int, last: int, facts: Sequence[Fact], added: Sequence[AddedNote]
) -> Stretch:
    """The lines of one visit with what they say."""
    own = [fact for fact in facts if first <= fact.line < last or (fact.line >= last == len(page.lines))]
    return Stretch(
        page,
        first,
        last,
        tuple(sorted(settled(own, seen), key=lambda fact: (-fact.firmness, fact.line))),
        tuple(note for note in added if first <= note.first < last),
        said_age(seen, first, last),
    )


def _without_added(facts: Sequence[Fact], added: Sequence[AddedNote], page: Page) -> list[Fact]:
    """The facts without the dates that addenda bear, also at the head of a page that holds nothing else."""
    dates = dates_added(added)
    whole = bool(added) and page.number > 1 and added[0].first < HEADER_LINES
    above = range(added[0].first) if whole and not _note_begins(page, added[0].first) else range(0)
    return [
        fact
        for fact in facts
        if fact.field is not Field.SERVICE_DATE
        or not (fact.line in dates or (fact.line in above and fact.firmness < LABELLED))
    ]


def _note_begins(page: Page, before: int) -> bool:
    return any(NOTE_BEGINS.match(line.text) for line in page.lines[:before])


def _entries(text: PageText, page: Page, facts: Sequence[Fact], skipped: AbstractSet[int]) -> Iterator[Fact]:
    """The dates of a sheet's entries, where its head names no other day."""
    used = skipped | {fact.line for fact in facts if fact.field in (Field.BIRTH_DATE, Field.SERVICE_DATE)}
    found = list(dated_entries(text, page, used))
    days = [fact.finding.value for fact in facts if fact.field is Field.SERVICE_DATE and fact.firmness > BARE]
    if found and days and found[0][1].of_service().isoformat() not in days:
        return
    for index, written, firmness in found:
        day, origin = written.of_service().isoformat(), text.starts[index]
        start, end = origin + written.start, origin + written.end
        yield fact_at(text, Field.SERVICE_DATE, day, start, end, firmness, written=written)


def _lone_date(page: Page, index: int, header: bool, used: bool) -> tuple[WrittenDate, int] | None:
    """A date that stands on its line alone or with words of a visit, and how firmly it dates the visit."""
    text = page.lines[index].text
    written = dates_in(text)
    if used:
        # "DOB 9-30-2006   2-5-2018": behind the birth date, the visit's
        behind = BIRTH_BEFORE.search(text[: written[0].start]) if len(written) == 2 else None
        if (
            behind
            and header
            and not text[written[0].end : written[1].start].strip()
            and not text[written[1].end :].strip()
        ):
            return written[1], BARE
        return None
    if len(written) != 1:
        return None
    rest = text[: written[0].start] + text[written[0].end :]
    titled = VISIT_TITLE.search(rest) is not None
    begins = index + 1 < len(page.lines) and NOTE_BEGINS.match(page.lines[index + 1].text) is not None
    if VISIT_WORDS.match(rest) and (header or titled or begins):
        return written[0], COMMON if titled or begins else BARE
    return None


def _identified(page: Page, fields: Sequence[FieldValue], index: int, start: int) -> bool:
    """Whether a birth date or record number stands on the same line behind a name, or right of it."""
    for value in fields:
        if value.label.field not in (Field.BIRTH_DATE, Field.RECORD_NUMBER):
            continue
        if value.labelled_on == index and value.start > start:
            return True
        own, other = page.lines[index].box, page.lines[value.labelled_on].box
        if value.labelled_on != index and same_row(own, other) and own and other and other.x0 > own.x1:
            return True
    return False


def _cuts(page: Page, facts: Sequence[Fact]) -> list[int]:
    """Indices of the lines at which a second, third... visit of another date begins."""
    cuts: list[int] = []
    current: str | None = None
    for fact in sorted(facts, key=lambda fact: fact.line):
        if fact.field is not Field.SERVICE_DATE or fact.firmness < COMMON:
            continue
        if current is not None and fact.finding.value != current and fact.line > 0:
            cuts.append(fact.line)
        current = fact.finding.value
    return cuts


def _signs(page: Page, value: FieldValue) -> bool:
    """Whether a date stands beside a signature."""
    label = page.lines[value.labelled_on]
    if SIGNING.search(label.text):
        return True
    for index, line in enumerate(page.lines):
        if index == value.labelled_on or not SIGNING.search(line.text):
            continue
        if line.box is None or label.box is None:
            if abs(index - value.labelled_on) == 1:
                return True
            continue
        height = max(1, label.box.y1 - label.box.y0)
        if abs(line.box.y0 - label.box.y0) < 1.5 * height:
            return True
    return False


def birth_date(fact: Fact, visit: date | None) -> Finding:
    """The birth date with its century chosen by the visit."""
    assert fact.written is not None
    born = fact.written.of_birth(visit)
    old = fact.finding
    return Finding(value=born.isoformat(), text=old.text, confidence=old.confidence, spans=old.spans)

"""What a page says of patient, visit and provider, each fact with its ink; and where a visit begins on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pipeline.entities.chart_text import PageText, page_text, same_row
from pipeline.entities.dates import WrittenDate, dates_in
from pipeline.entities.fields import FieldFinder, FieldValue
from pipeline.entities.misread_dates import date_meant
from pipeline.entities.names import NameReader
from pipeline.entities.record_numbers import record_number_in
from pipeline.entities.upright import upright
from pipeline.lexicon import Field, FieldLabel, Lexicon
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
AGE_SEX = re.compile(
    r"\b\d{1,3}\s?-?\s?(?:y\.?/?o\.?|yr?s?\.?(?:\s?old)?|year[\s-]+old|mo|month[\s-]+old)\s+"
    r"(?:\w+\s+){0,2}?(male|female|man|woman|boy|girl|gentleman|lady|m|f|wm|wf|bm|bf)\b",
    re.I,
)
SEX = re.compile(r"\s*(?:[\[(]?\s*)(male|female|man|woman|m|f)\b(?!\s*/)", re.I)
_NO_LABEL = FieldLabel(text="", field=Field.OTHER, weak=True)
SEX_BOX = re.compile(r"\W*(male|female|m|f)\W*", re.I)
BIRTH_BEFORE = re.compile(r"(?:dob|d\.?o\.?b\.?|birth\s?date|date of birth|born)\W*$", re.I)
NAMED = re.compile(r"\s*(?:pt|patient|name)\b[ .,]+(?=[A-Z])", re.I)
"""Opens a line with the patient's name, where other identity beside it shows that."""
DEGREE_ROOM = 24
"""Code points behind a signature's name that its degrees may take."""
HEADER_LINES = 8
LABELLED, COMMON, BARE = 3, 2, 1
"""How firmly a fact is bound to its meaning: by its own label, by a word like `Date:`, by its place alone."""
TRUST = {LABELLED: 1.0, COMMON: 0.95, BARE: 0.8}
"""By how much the reading's confidence is lowered for it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact and where it stands."""

    field: Field
    finding: Finding
    line: int
    """Index of its line on the page."""
    firmness: int
    written: WrittenDate | None = None
    """The date as written, where it is one."""


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


class FactFinder:
    """Reads identity and visit from a page."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._fields = FieldFinder(lexicon)
        self._read_name = NameReader(lexicon)

    def __call__(self, page: Page) -> tuple[Stretch, ...]:
        """The visits of a page, at least one, from top to bottom."""
        text, seen = page_text(page), upright(page)
        fields = self._fields(seen)
        facts = [*self._labelled(text, seen, fields), *self._bare(text, seen, fields)]
        cuts = _cuts(page, facts)
        edges = [0, *cuts, len(page.lines)]
        return tuple(
            Stretch(
                page,
                first,
                last,
                tuple(
                    sorted(
                        (fact for fact in facts if first <= fact.line < last or (fact.line >= last == len(page.lines))),
                        key=lambda fact: (-fact.firmness, fact.line),
                    )
                ),
            )
            for first, last in pairwise(edges)
        )

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
                    fact = _fact(text, value, field, day.isoformat(), written.start, written.end, firmness, written)
                    yield fact if sureness is None else _doubted(fact, sureness)
            elif field in (Field.NAME, Field.PROVIDER):
                hand = page.lines[value.line].kind is LineKind.HAND
                name = self._read_name(
                    value.text, any_case=hand or value.text.islower(), provider=field is Field.PROVIDER
                )
                fits = name is not None and not (name.staff if field is Field.PROVIDER else name.provider)
                if name is not None and fits:
                    yield _fact(text, value, field, name.value, name.start, name.end, firmness)
            elif field is Field.RECORD_NUMBER:
                number = record_number_in(value.text)
                if number is not None:
                    yield _fact(text, value, field, number.value, number.start, number.end, firmness)
            elif field is Field.SEX:
                sex = SEX.match(value.text)
                if sex:
                    yield _fact(text, value, field, _sex(sex[1]), sex.start(1), sex.end(1), firmness)

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
                yield _fact(
                    text,
                    _unlabelled(page, index),
                    Field.SERVICE_DATE,
                    day,
                    written.start,
                    written.end,
                    firmness,
                    written,
                )
            opening = NAMED.match(line.text) if header else None
            value = _unlabelled(page, index, opening.end() if opening else 0)
            name = self._read_name(value.text)
            if name is not None and index not in used and name.provider and len(value.text) - name.end < DEGREE_ROOM:
                yield _fact(text, value, Field.PROVIDER, name.value, name.start, name.end, BARE)
            elif name is not None and header and not named and not name.staff and 1 < name.words < 5:
                rest = value.text[name.end :].strip(" ,")
                if _identified(page, fields, index, value.start + name.start) and (not rest or index in used):
                    yield _fact(text, value, Field.NAME, name.value, name.start, name.end, COMMON)
            said = AGE_SEX.search(line.text)
            if said:
                yield _fact(text, _unlabelled(page, index), Field.SEX, _sex(said[1]), said.start(), said.end(), BARE)
            ticked = any(mark.line == line.id and mark.state is MarkState.TICKED for mark in page.marks)
            if ticked and (boxed := SEX_BOX.fullmatch(line.text)):
                yield _fact(text, _unlabelled(page, index), Field.SEX, _sex(boxed[1]), *boxed.span(1), COMMON)


def _unlabelled(page: Page, index: int, start: int = 0) -> FieldValue:
    return FieldValue(_NO_LABEL, index, index, start, page.lines[index].text[start:], True)


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


def _fact(
    text: PageText,
    value: FieldValue,
    field: Field,
    normal: str,
    start: int,
    end: int,
    firmness: int,
    written: WrittenDate | None = None,
) -> Fact:
    origin = text.starts[value.line] + value.start
    words = text.words_in(origin + start, origin + end)
    known = [word.confidence for word in words if word.confidence is not None]
    trust = TRUST[firmness] * (1.0 if value.exact else 0.9)
    return Fact(
        field,
        Finding(
            value=normal,
            text=text.text[origin + start : origin + end],
            confidence=min(known) * trust if known else None,
            spans=text.spans(origin + start, origin + end),
        ),
        value.line,
        firmness,
        written,
    )


def _doubted(fact: Fact, sureness: float) -> Fact:
    """The fact of a word that says it in another reading only."""
    return replace(fact, finding=replace(fact.finding, confidence=sureness * TRUST[fact.firmness]))


def birth_date(fact: Fact, visit: date | None) -> Finding:
    """The birth date with its century chosen by the visit."""
    assert fact.written is not None
    born = fact.written.of_birth(visit)
    old = fact.finding
    return Finding(value=born.isoformat(), text=old.text, confidence=old.confidence, spans=old.spans)


def _sex(text: str) -> str:
    word = text.casefold()
    return "F" if word in {"female", "f", "woman", "girl", "lady", "wf", "bf"} else "M"

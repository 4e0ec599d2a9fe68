"""Whether the patient is new, the level of the visit that the provider wrote, and the time that it took."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.marks import TYPED, MarkReader
from pipeline.entities.visits.facts import BARE, COMMON, LABELLED, Fact, fact_at
from pipeline.entities.visits.fields import FieldValue
from pipeline.lexicon import NUMBER_PLACE, Field, Lexicon, Place, VisitWording
from pipeline.records import LineKind, MarkState, Page

FIELDS = (Field.PATIENT_STATUS, Field.VISIT_LEVEL, Field.TIME_SPENT)
LEVELS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"} | {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"
}  # fmt: skip
LEVEL = r"(?:[1-5]|iii|ii|iv|i|v|one|two|three|four|five)"
_MODIFIER = r"\s?[-/,]?\s?-?(?:mod(?:ifier)?\.?\s?)?(?:2[2456]|5[0-79])\b"
_AFTER_LEVEL = r"(?!\w|\s?[/%](?!\s?25\b)|\s?-\s?\d(?!\d\b)|\.\d)"
_GAP = r"(?:[^\S\n]|[.,:\-–#]){1,3}"
_H = r"(?P<hours>\d|one|two|an)\s?(?:hours?|hrs?|h)\b\.?"
_M = r"(?P<minutes>\d{1,3})\s?(?:(?:-|–|to)\s?\d{1,3}\s?)?\+?\s?-?(?:minutes?|mins?|m)\b\.?"
DURATION = re.compile(rf"(?<![\w./:-])(?:{_H}(?:,?\s?(?:and\s)?{_M.replace('minutes>', 'more>')})?|{_M})", re.I)
BARE_MINUTES = re.compile(r"\W*(?P<minutes>\d{1,3})(?![\w/:%.-])")
_BEFORE_TIME = (
    r"[^\S\n]*[:=~>≥_-]*[^\S\n]*(?:(?:was|is|of|for|an?|about|approx(?:imately)?|at least|over|more than|greater than|"
    r"total|the|this|roughly|around|today|i|we|has been)\b[.:]?[^\S\n]*[~>≥]?[^\S\n]*){0,3}$"
)
_AFTER_TIME = r"[^\S\n]*,?[^\S\n]*\(?(?:(?:of|in|was|were|today|total|time|direct|my|our|the|this)\b[^\S\n]*){0,2}"
LONGEST_DAY = 480
"""Minutes; no visit of an office takes longer."""
SOMEBODY_ELSE = re.compile(
    r"\b(?:patient|pt|she|he|they|mother|father|mom|dad|who|child|wife|husband)\s+(?:has\s|had\s)?(?:\w+ly\s)?$", re.I
)
ANOTHER_DAY = re.compile(
    r"\b(?:not an?|no longer an?|refer\w*|schedul\w*|appt|appointment|set up|will need|needs|book\w*|next)\b"
    r"[^.;\n]{0,25}$",
    re.I,
)
NOT_THE_VISIT = re.compile(
    r"\s?[:?]\s*(?:no?\b|[\[(☐]\s*[\])]?\s*y(?:es)?\b)|\W{0,2}(?:appt|appointment|referral|packet|paperwork|slot|forms?\b|registration|orientation|questionnaire|intake|complain\w*|"
    r"problem|rx|referrals?)|\s*visit (?:on|in)\s+\d|[^.;\n]{0,25}\bago\b",
    re.I,
)
OTHER_TIME = re.compile(
    r"[^.;\n]{0,25}\b(?:smok\w*|tobacco|cessation|ago|treadmill|bike|sun|waiting|walk\w*|exercis\w*|"
    r"per day|daily|a day|each day|slot|in (?:the )?(?:er|ed|bed|car)|nebuliz\w*|observ\w*)\b",
    re.I,
)
OTHER_WORK = re.compile(
    r"\W*(?:was\s|were\s)?(?:spent\s)?(?!counsel|discuss|review|coordinat|explain|educat|talk|evaluat|examin|going|answer|"
    r"document|obtain|seeing|provid|listen|teach|instruct|assess|interview|during|morning|evening)\w+ing\b",
    re.I,
)
"""Behind a time: spent on one thing, as an operation is, and not on the visit."""
CLAUSE_BEFORE = re.compile(r"(?:[\n.;:,|\[\]>\t☐☑☒✓_+]|[^\S\n]{2}|[-–—]\s)\s*$")
CLAUSE_AFTER = re.compile(rf"\s*(?:$|[\n.;:,|\[\t☐☑☒_+]|\((?:992)?[01]\d\)|\((?:99)?2\d\d\)|{_MODIFIER})|[^\S\n]{{2}}")
STATE = re.compile(r"(?<![A-Za-z])[A-Z]{2}\s*$")
"""Of an address: the number behind it is its zip code."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A wording in a page's text."""

    wording: VisitWording
    start: int
    end: int
    value: str


class VisitReader:
    """Reads what the visit was from a page's text, by the lexicon's wordings."""

    def __init__(self, lexicon: Lexicon) -> None:
        by_first: defaultdict[str, list[tuple[VisitWording, re.Pattern[str]]]] = defaultdict(list)
        before: list[VisitWording] = []
        after: list[VisitWording] = []
        self._boxed: dict[Field, dict[str, str]] = {field: {} for field in FIELDS}
        self._alone_times = frozenset(
            w.text for w in lexicon.visit_wordings if w.field is Field.TIME_SPENT and w.place is Place.ALONE
        )
        for wording in sorted(lexicon.visit_wordings, key=lambda w: -len(w.text)):
            if wording.place is Place.BOXED:
                self._boxed[wording.field][wording.text] = wording.value
            elif wording.field is Field.TIME_SPENT:
                (before if wording.text.endswith(NUMBER_PLACE) else after).append(wording)
            else:
                by_first[re.split(f" |{NUMBER_PLACE}", wording.text)[0]].append((wording, _pattern(wording)))
        self._by_first = dict(by_first)
        first = "|".join(re.escape(word) for word in sorted(by_first, key=len, reverse=True))
        self._first = re.compile(rf"(?<![\w#/-])(?:{first})(?=[^a-z]|$)", re.I)
        self._before = [
            (w, re.compile(rf"(?<!\w){_words(w.text.removesuffix(NUMBER_PLACE))}{_BEFORE_TIME}", re.I)) for w in before
        ]
        self._after = [
            (w, re.compile(rf"{_AFTER_TIME}{_words(w.text.removeprefix(NUMBER_PLACE))}(?!\w)", re.I)) for w in after
        ]

    def __call__(self, text: PageText, page: Page, fields: Sequence[FieldValue]) -> Iterator[Fact]:
        """The facts of an upright page, in no order; what a box left blank names is none."""
        marked = MarkReader(text.page)
        taken = [
            (text.starts[value.line] + value.start, text.starts[value.line] + value.start + len(value.text))
            for value in fields
            if value.label.field in (Field.NAME, Field.PROVIDER, Field.RECORD_NUMBER, Field.BIRTH_DATE)
        ]
        for hit in (*self._phrases(text), *self._times(text)):
            if any(start <= hit.start < end for start, end in taken):
                continue
            state = marked(text.spans(hit.start, hit.end))
            if state in (None, MarkState.TICKED):
                firmness = LABELLED if state is MarkState.TICKED else _firmness(hit)
                yield fact_at(text, hit.wording.field, hit.value, hit.start, hit.end, firmness)
        yield from self._labelled(text, fields)
        yield from self._boxes(text, page)

    def _phrases(self, text: PageText) -> Iterator[_Hit]:
        """New or established, and levels, wherever their words stand."""
        for first in self._first.finditer(text.text):
            found: set[Field] = set()
            for wording, pattern in self._by_first.get(first.group().lower(), ()):
                match = pattern.match(text.text, first.start()) if wording.field not in found else None
                if match is None or not _fits(text, wording, match.start(), match.end()):
                    continue
                value = wording.value or _level(match["level"])
                yield _Hit(wording, match.start(), match.end(), value)
                found.add(wording.field)

    def _times(self, text: PageText) -> Iterator[_Hit]:
        """Durations that are said to be the visit's."""
        for match in DURATION.finditer(text.text):
            minutes = _minutes(match)
            before, after = text.text[max(0, match.start() - 70) : match.start()], text.text[match.end() :][:60]
            before = before[before.rfind("\n") + 1 :]
            if not 0 < minutes <= LONGEST_DAY or OTHER_TIME.match(after) or OTHER_WORK.match(after):
                continue
            if ANOTHER_DAY.search(before):
                continue
            for wording, pattern in self._before:
                said = pattern.search(before)
                if said and not SOMEBODY_ELSE.search(before[: said.start()]):
                    start = match.start() - len(before) + said.start()
                    if wording.text not in self._alone_times or _alone(text, start, match.end()):
                        yield _Hit(wording, start, match.end(), str(minutes))
                        break
            else:
                for wording, pattern in self._after:
                    said = pattern.match(after)
                    if said is None or SOMEBODY_ELSE.search(before):
                        continue
                    end = match.end() + said.end()
                    if wording.text not in self._alone_times or _alone(text, match.start(), end):
                        yield _Hit(wording, match.start(), end, str(minutes))
                        break

    def _labelled(self, text: PageText, fields: Sequence[FieldValue]) -> Iterator[Fact]:
        """What stands behind `Visit type:`, `Level of service:`, `Total time:`."""
        for value in fields:
            field = value.label.field
            if field not in FIELDS:
                continue
            origin = text.starts[value.line] + value.start
            marks = list(TYPED.finditer(value.text))
            edges = [*((m.end(), m["ticked"]) for m in marks), (len(value.text), None)] if marks else []
            parts = [(a, b) for (a, ticked), (b, _) in pairwise(edges) if ticked] if marks else [(0, len(value.text))]
            for start, end in parts:
                piece = value.text[start:end]
                said = self._choice(field, piece)
                if said is not None:
                    normal, first, last = said
                    at = origin + start
                    yield fact_at(text, field, normal, at + first, at + last, LABELLED, exact=value.exact)

    def _choice(self, field: Field, piece: str) -> tuple[str, int, int] | None:
        """Value, first and one past the last code point of what a labelled field's text begins with."""
        if field is Field.TIME_SPENT:
            match = DURATION.search(piece) or BARE_MINUTES.match(piece)
            minutes = _minutes(match) if match else 0
            return (str(minutes), *match.span()) if match and 0 < minutes <= LONGEST_DAY else None
        if field is Field.VISIT_LEVEL:
            match = re.match(rf"\W*(?:level\W*|992[01])?(?P<level>{LEVEL}){_AFTER_LEVEL}", piece, re.I)
            return (_level(match["level"]), *match.span("level")) if match else None
        match = re.match(r"\W*([a-z]+)\b(?!\W*(?:problem|complaint))", piece, re.I)
        value = self._boxed[field].get(match[1].lower()) if match else None
        return (value, *match.span(1)) if match and value else None

    def _boxes(self, text: PageText, page: Page) -> Iterator[Fact]:
        """`[x] New  [ ] Established`, typed or drawn: a choice of both, of which one is ticked."""
        choices = self._boxed[Field.PATIENT_STATUS]
        for index, line in enumerate(page.lines):
            found = []
            for match in TYPED.finditer(line.text):
                label = re.match(r"\s*([A-Za-z]+)\b\W*(?=$|[\[(☐☑☒✓]|\s{2})", line.text[match.end() :])
                if label and label[1].lower() in choices:
                    start = match.end() + label.start(1)
                    found.append((label[1].lower(), bool(match["ticked"]), index, start, start + len(label[1])))
            yield from self._ticked(text, found)
        places = {line.id: index for index, line in enumerate(page.lines)}
        drawn = []
        for mark in page.marks:
            for span in mark.label[:1]:
                label_text = page.lines[places[span.line]].text[span.start : span.end] if span.line in places else ""
                word = label_text.strip(" .:").lower()
                if word in choices:
                    ticked = mark.state is MarkState.TICKED
                    drawn.append((word, ticked, places[span.line], span.start, span.end))
            if not mark.label and mark.line in places:
                words = page.lines[places[mark.line]].text
                if words.strip(" .:").lower() in choices:
                    ticked = mark.state is MarkState.TICKED
                    drawn.append((words.strip(" .:").lower(), ticked, places[mark.line], 0, len(words)))
        yield from self._ticked(text, drawn)

    def _ticked(self, text: PageText, found: Sequence[tuple[str, bool, int, int, int]]) -> Iterator[Fact]:
        """The ticked ones of boxes that offer both choices."""
        choices = self._boxed[Field.PATIENT_STATUS]
        if len({choices[word] for word, *_ in found}) < 2:
            return
        for word, ticked, index, start, end in found:
            if ticked:
                origin = text.starts[index]
                yield fact_at(text, Field.PATIENT_STATUS, choices[word], origin + start, origin + end, LABELLED)


def settled(facts: Sequence[Fact], page: Page) -> list[Fact]:
    """The facts of one visit without those of a printed list from which nothing was chosen."""
    dropped: set[int] = set()
    for field in (Field.PATIENT_STATUS, Field.VISIT_LEVEL):
        own = [fact for fact in facts if fact.field is field]
        chosen = any(fact.firmness == LABELLED for fact in own)
        printed = [f for f in own if f.firmness < LABELLED and page.lines[f.line].kind is LineKind.PRINT]
        offered = len({fact.finding.value for fact in printed})
        scanned = bool(printed) and page.lines[printed[0].line].box is not None
        # two levels in a typed note contradict each other; more are a list there too
        listed = printed if offered > (1 if scanned else 2) or (chosen and scanned) else []
        if listed and field is Field.VISIT_LEVEL and not chosen:
            # what the numbers of the list say of the patient was not chosen either
            listed = [*listed, *(f for f in facts if f.field is Field.PATIENT_STATUS and f.firmness == BARE)]
        dropped.update(map(id, listed))
    return [fact for fact in facts if id(fact) not in dropped]


def _fits(text: PageText, wording: VisitWording, start: int, end: int) -> bool:
    """Whether the words mean this visit here."""
    if wording.place is Place.ALONE:
        return _alone(text, start, end)
    before, after = text.text[max(0, start - 40) : start], text.text[end : end + 40]
    if wording.text[0].isdigit():
        return not STATE.search(before) and not re.match(r"-\d{3}", after)
    return not ANOTHER_DAY.search(before) and not NOT_THE_VISIT.match(after)


def _alone(text: PageText, start: int, end: int) -> bool:
    """Whether a stretch stands between signs or line ends."""
    index = text.line_at(start)
    line_end = text.starts[index] + len(text.page.lines[index].text)
    before, after = text.text[text.starts[index] : start], text.text[end : max(end, line_end)]
    return (not before.strip() or CLAUSE_BEFORE.search(before) is not None) and CLAUSE_AFTER.match(after) is not None


def _pattern(wording: VisitWording) -> re.Pattern[str]:
    head, number, tail = wording.text.partition(NUMBER_PLACE)
    if not number:
        return re.compile(_words(head) + r"(?![^\W_]|-\w)", re.I)
    if head and head[-1].isdigit():
        return re.compile(_words(head) + r"(?P<level>[1-5])(?!\d)", re.I)
    words = _words(head) + f"(?P<level>{LEVEL})"
    return re.compile(words + (_GAP + _words(tail) + r"(?!\w)" if tail.strip() else _AFTER_LEVEL), re.I)


def _words(phrase: str) -> str:
    """A phrase with any signs between its words, and behind them where a number follows."""
    words = [re.escape(word) for word in phrase.split()]
    return _GAP.join(words) + (_GAP if phrase.endswith(" ") and len(phrase) > 1 else "")


def _firmness(hit: _Hit) -> int:
    status_of_code = hit.wording.field is Field.PATIENT_STATUS and hit.wording.text[0].isdigit()
    return BARE if status_of_code or hit.wording.value == "part" else COMMON


def _level(word: str) -> str:
    return LEVELS.get(word.lower(), word)


def _minutes(match: re.Match[str]) -> int:
    found = match.groupdict()
    hours = {"one": 1, "an": 1, "two": 2}.get((found.get("hours") or "0").lower()) or int(found.get("hours") or 0)
    return 60 * hours + int(found.get("minutes") or found.get("more") or 0)

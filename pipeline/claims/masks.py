"""What of a page is other patients': their names, birth dates and record numbers wherever a line has them.

Names are compared as runs of letters, so that case, punctuation, order and words that were read as one or as two do
not matter, and long ones may be misread a little. Whatever is as much the patient's own name stays. So does what is
said of others without naming them, as in a family history.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.entities.visits.dates import WrittenDate, dates_in
from pipeline.entities.visits.names import same_person
from pipeline.export.evidence import Mask, MaskReason
from pipeline.records import Box, Line, Patient, Word

ALIKE = 86
"""Percent of likeness from which a run of letters is a name."""
HALF_ALIKE = 66
"""Percent from which a word, or two that were parted, may be or hold the first or last name of somebody."""
JOINED, AROUND_MIDDLE = 2, 3
"""Words that may be one name which was parted; words of a first and a last name with one between that nobody knows."""
FUZZY_FROM, LETTERS_OFF = 9, 2
"""Letters from which a name may be misread, and how many more or fewer it may have then."""
WINDOW = 5
"""Words of the longest run that is compared."""
TITLES = ("mr", "mrs", "ms", "miss", "mx", "master")
TREATS = frozenset({"dr", "doctor", "md"})
"""Words beside the name of somebody who treats, whose initial and family name may be a patient's too."""
DEGREES = frozenset({"DO", "NP", "PA", "RN", "DPM", "DDS", "PHD", "FNP"})
"""The same, but only in capitals: they are words otherwise."""
SHORTEST_TITLED, SHORTEST_INITIALLED = 3, 5
"""Letters of a family name that is told with a title, or with an initial: "I may" is no name."""
SHORTEST_NUMBER = 5
"""Characters of a record number that is told without its label."""
LABELLED_WITHIN = 20
"""Characters before a birth date in which its label stands."""
BIRTH = re.compile(r"\b(?:dob|d\.o\.b|birth|born|bd)\b", re.IGNORECASE)
NAMES_KEPT = 50_000
"""First and last names whose letters are remembered: each page is held against all patients anew."""
_PIECE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Token:
    """Letters of a word."""

    text: str
    """Small, without accents."""
    capitals: bool
    word: int
    """Its word's place among all words of the page."""


@dataclass(frozen=True, slots=True)
class _Forms:
    """Ways in which names are written, as runs of letters."""

    whole: frozenset[str]
    """First and last names: they may be misread where they are long."""
    short: frozenset[str]
    """A title or an initial with a family name: they must be read right."""


def masks(
    lines: Sequence[Line], patient: Patient, others: Iterable[Patient], *, provider: str | None = None
) -> tuple[Mask, ...]:
    """The places of a page that name other patients.

    Args:
        lines: of one page, in reading order.
        patient: as confirmed.
        others: identities that are known, confirmed or read; such as may be the patient's own are left aside.
        provider: `Last, First`; who treats stays, even where they are somebody's patient themselves.

    Returns:
        Boxes around words, in pixels of the page as rendered; around the line where its words have none.
    """
    foreign = tuple(
        dict.fromkeys(other for other in others if not may_be(other, patient) and not _is_named(other.name, provider))
    )
    words = [(line, word) for line in lines for word in line.words]
    places = [word.box or line.box for line, word in words]
    found: dict[Box, MaskReason] = {}
    for start, stop in _named([word.text for _, word in words], patient, foreign):
        found.update((box, MaskReason.NAME) for box in places[start:stop] if box is not None)
    numbers = {plain(other.record_number) for other in foreign} - {plain(patient.record_number)}
    born = {other.birth_date for other in foreign if other.birth_date is not None} - {patient.birth_date}
    for line in lines:
        named = any(word.box in found for word in line.words)
        found.update((box, MaskReason.RECORD_NUMBER) for box in _numbered(line, numbers))
        found.update((box, MaskReason.BIRTH_DATE) for box in _dated(line, born, named))
    return tuple(Mask(box=box, reason=reason) for box, reason in found.items())


def may_be(other: Patient, patient: Patient) -> bool:
    """Whether an identity may be the patient's own: the same number, or a name like theirs that nothing contradicts."""
    numbers = [plain(each.record_number) for each in (other, patient)]
    births = [each.birth_date for each in (other, patient)]
    alike = same_person(other.name, patient.name) if other.name and patient.name else None
    other_birth = None not in births and births[0] != births[1]
    if all(numbers) and numbers[0] == numbers[1]:
        return not (other_birth and alike is False)
    if alike is True:
        return not (all(numbers) and other_birth)
    return alike is None and not all(numbers) and not other_birth


def _is_named(name: str, provider: str | None) -> bool:
    """Whether a name is the provider's, first and last name spelled out in both."""
    last, _, given = name.partition(",")
    other_last, _, other_given = (provider or "").partition(",")
    first, other_first = "".join(_letters(given)[:1]), "".join(_letters(other_given)[:1])
    return len(first) > 1 and first == other_first and _letters(last) == _letters(other_last)


def plain(number: str | None) -> str:
    """A record number without blanks and hyphens, in capitals."""
    return "".join(char for char in (number or "").upper() if char.isalnum())


def _named(words: Sequence[str], patient: Patient, foreign: Sequence[Patient]) -> Iterator[tuple[int, int]]:
    """Stretches of words that are other patients' names: the first word's place and one past the last one's."""
    tokens = [_Token(_small(piece), piece.isupper(), n) for n, word in enumerate(words) for piece in _pieces(word)]
    forms = [_forms((other,)) for other in foreign]
    theirs, own = _Forms(_all(f.whole for f in forms), _all(f.short for f in forms)), _forms((patient,))
    near = _near(tokens, foreign)
    found: list[tuple[float, int, int]] = []
    for start in range(len(tokens) if theirs.whole or theirs.short else 0):
        for stop in range(start + 1, min(start + WINDOW, len(tokens)) + 1):
            run = "".join(token.text for token in tokens[start:stop])
            around = tokens[start].text + tokens[stop - 1].text if stop - start == AROUND_MIDDLE else run
            likely = {form for n in set().union(*near[start:stop]) for form in forms[n].whole}
            likeness = _exactly(run, theirs, tokens, start, stop) or max(_nearly(run, likely), _nearly(around, likely))
            if likeness and not _is_own(run, likeness, own):
                found.append((likeness, start, stop))
    taken: set[int] = set()
    # Of runs that share words the likest is the name: the others have a word more or less.
    for _, start, stop in sorted(found, key=lambda each: (-each[0], each[2] - each[1])):
        if not taken & {*range(start, stop)}:
            taken.update(range(start, stop))
            yield tokens[start].word, tokens[stop - 1].word + 1


def _exactly(run: str, theirs: _Forms, tokens: Sequence[_Token], start: int, stop: int) -> float:
    """100 for a run of letters that is a name, else 0."""
    words = stop - start
    whole = run in theirs.whole and (words > 1 or len(run) >= FUZZY_FROM)
    return 100.0 if whole or (words > 1 and run in theirs.short and not _treats(tokens, start, stop)) else 0.0


def _nearly(run: str, forms: Collection[str]) -> float:
    """Percent by which a run of letters is the likest long name; 0 where it is none."""
    long = [form for form in forms if len(form) >= FUZZY_FROM and abs(len(form) - len(run)) <= LETTERS_OFF]
    if len(run) < FUZZY_FROM - 1 or not long:
        return 0.0
    best = process.extractOne(run, long, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return 0.0 if best is None else float(best[1])


def _near(tokens: Sequence[_Token], people: Sequence[Patient]) -> list[set[int]]:
    """For each token, whose first or last name it may be or hold: thousands of people are not held against all of it.

    A name that is so much misread that neither half is like itself is not found.
    """
    halves: dict[str, list[int]] = {}
    for n, person in enumerate(people):
        last, _, given = person.name.partition(",")
        for half in {"".join(_letters(last)), *_letters(given)[:1]} - {""}:
            halves.setdefault(half, []).append(n)
    found: list[set[int]] = [set() for _ in tokens]
    runs: dict[str, list[int]] = {}
    for start in range(len(tokens)):
        for stop in range(start + 1, min(start + JOINED, len(tokens)) + 1):
            runs.setdefault("".join(token.text for token in tokens[start:stop]), []).append(start)
    if not halves or not runs:
        return found
    names = list(halves)
    scores = process.cdist(list(runs), names, scorer=fuzz.ratio, score_cutoff=HALF_ALIKE, dtype=np.uint8)
    starts = list(runs.values())
    for run, half in zip(*np.nonzero(scores), strict=True):
        for start in starts[run]:
            found[start].update(halves[names[half]])
    return found


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _is_own(run: str, likeness: float, own: _Forms) -> bool:
    """Whether a run of letters is at least as much the patient's own name."""
    if run in own.whole or run in own.short:
        return True
    return any(fuzz.ratio(run, form) >= max(likeness, ALIKE) for form in own.whole)


def _treats(tokens: Sequence[_Token], start: int, stop: int) -> bool:
    beside = (*tokens[max(0, start - 1) : start], *tokens[stop : stop + 2])
    return any(token.text in TREATS or (token.capitals and token.text.upper() in DEGREES) for token in beside)


def _forms(people: Iterable[Patient]) -> _Forms:
    whole: set[str] = set()
    short: set[str] = set()
    for person in people:
        last, _, given = person.name.partition(",")
        family, names = "".join(_letters(last)), _letters(given)
        if len(family) < 2:
            continue
        if len(family) >= SHORTEST_TITLED:
            short.update(f"{title}{family}" for title in TITLES)
        if not names:
            continue
        first, middle = names[0], names[1:]
        for inner in {"", "".join(middle), "".join(name[0] for name in middle)}:
            whole.update((f"{first}{inner}{family}", f"{family}{first}{inner}", f"{first}{family}{inner}"))
        if len(family) >= SHORTEST_INITIALLED and len(first) > 1:
            short.update((f"{first[0]}{family}", f"{family}{first[0]}"))
    return _Forms(frozenset(whole), frozenset(short))


@lru_cache(maxsize=NAMES_KEPT)
def _letters(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without accents."""
    return tuple(_small(piece) for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    """The words of a text as they are written; an apostrophe parts nothing."""
    return _PIECE.findall(unicodedata.normalize("NFC", text).replace("'", "").replace("’", ""))


def _small(piece: str) -> str:
    simple = unicodedata.normalize("NFKD", piece.casefold())
    return "".join(char for char in simple if not unicodedata.combining(char))


def _numbered(line: Line, numbers: set[str]) -> Iterator[Box]:
    wanted = {number for number in numbers if len(number) >= SHORTEST_NUMBER}
    for size in (1, 2):
        for start in range(len(line.words) - size + 1):
            words = line.words[start : start + size]
            # A label may be read as one word with its number: "MRN:W-3187".
            text = plain("".join(word.text.rpartition(":")[2].lstrip("#") for word in words))
            if text in wanted:
                yield from _boxes(line, words)


def _dated(line: Line, born: set[date], named: bool) -> Iterator[Box]:
    """The birth dates of others: such as a label announces, and any on a line that names one of them."""
    for written in dates_in(line.text) if born else ():
        told = named or BIRTH.search(line.text[max(0, written.start - LABELLED_WITHIN) : written.start])
        if told and any(_is_day(written, day) for day in born):
            at = 0
            for word in line.words:
                if at < written.end and at + len(word.text) > written.start:
                    yield from _boxes(line, (word,))
                at += len(word.text) + 1


def _is_day(written: WrittenDate, day: date) -> bool:
    same_year = written.year == day.year if written.year >= 100 else written.year == day.year % 100
    return same_year and (written.month, written.day) == (day.month, day.day)


def _boxes(line: Line, words: Iterable[Word]) -> Iterator[Box]:
    for word in words:
        box = word.box or line.box
        if box is not None:
            yield box

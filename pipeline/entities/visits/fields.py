"""Labelled fields of a page: which label, and the value beside or below it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.entities.text.rows import EDGE, Row, rows_of
from pipeline.entities.visits.dates import dates_in
from pipeline.entities.visits.label_places import LabelHit, label_places, value_elsewhere
from pipeline.lexicon import Field, FieldLabel, Lexicon
from pipeline.records import Page

CHUNK = re.compile(r"[^\W\d_]+|\d+|#")
LETTERS = str.maketrans("0158|", "oisbl")
AFTER_LABEL = re.compile(r"\s*\.?\s*[:;#=]+[\s#:.]*|\s*[-–—]\s+|[\s._]*")
COLON = re.compile(r"\s*\.?\s*(?:\((?:[^)]{1,20})\)\s*)?[:;=#]")
VALUE_SOON = re.compile(r"[^:;=#\t\d]{0,40}[:;=#\t\d]")
VALUE_NEAR = re.compile(r"[^\n]{0,9}\d")
DATE_LIKE = re.compile(r"[\dOIl|]{1,2}[\d/.\-\\OIl|]{4,9}(?!\w)")
NUMBER_LIKE = re.compile(r"#?\s*[A-Z]{0,4}[\s-]?\d{3,}|\d[\d-]{3,}")
SIGNS = re.compile(r"\b(?:e-?)?sign|\w sig\b|authenticated", re.I)
"""A label with this in it asks for a signature, be it ink without letters; `Sig:` alone is how to take a drug."""
LONGEST = 6
"""Pieces of the longest label."""
FUZZY_FROM = 5
VALUES_TELL = frozenset({Field.BIRTH_DATE, Field.SERVICE_DATE, Field.OTHER_DATE, Field.RECORD_NUMBER})
"""Fields whose value shows that a misread word before it was their label."""
DATES = frozenset({Field.BIRTH_DATE, Field.SERVICE_DATE, Field.OTHER_DATE})


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What stands beside a label."""

    label: FieldLabel
    labelled_on: int
    """Index of the label's line."""
    line: int
    """Index of the value's line."""
    start: int
    """First code point of the value in its line's text."""
    text: str
    exact: bool


class FieldFinder:
    """Finds the labelled fields of a page."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._labels: dict[str, FieldLabel] = {}
        for label in lexicon.labels:
            self._labels.setdefault(_squash(label.text), label)
        self._openings: dict[str, int] = {}
        """First word of a label, and how many the longest label has that begins with it."""
        for label in lexicon.labels:
            parts = CHUNK.findall(label.text.casefold())
            self._openings[parts[0]] = max(len(parts), self._openings.get(parts[0], 0))
        self._near = {colon: self._by_length(colon) for colon in (False, True)}
        """Labels that a misread one of a length may have been, without a colon behind it and with one."""

    def __call__(self, page: Page) -> tuple[FieldValue, ...]:
        """The fields of an upright page, in reading order; a label without a value only where it asks to sign."""
        rows = tuple(rows_of(page))
        found = [tuple(self._labels_on(row)) for row in rows]
        on_lines = label_places(page, rows, found)
        values = []
        for row, in_row in zip(rows, found, strict=True):
            for hit, following in zip_longest(in_row, in_row[1:]):
                if hit is None:
                    continue
                labelled_on = row.at(hit.start)[0]
                text = row.value(hit.end, following.start if following else len(row.text))
                if text.strip(" _.:-–—|\t"):
                    line, start = row.at(hit.end)
                    values.append(FieldValue(hit.label, labelled_on, line, start, text, hit.exact))
                    continue
                if following is not None and following.label.field is hit.label.field:
                    continue  # "Provider: Dr. Keller"
                elsewhere = value_elsewhere(page, on_lines, row, hit, following)
                if elsewhere is not None:
                    line, start, value = elsewhere
                    values.append(FieldValue(hit.label, labelled_on, line, start, value, hit.exact))
                elif SIGNS.search(hit.label.text):
                    line, start = row.at(hit.end)
                    values.append(FieldValue(hit.label, labelled_on, line, start, "", hit.exact))
        return tuple(values)

    def _labels_on(self, row: Row) -> Iterator[LabelHit]:
        """The labels of a row, from left to right, without overlap."""
        chunks = list(CHUNK.finditer(row.text))
        place = 0
        while place < len(chunks):
            hit = self._label_at(row, chunks, place)
            if hit is None:
                place += 1
                continue
            yield hit
            place += 1
            while place < len(chunks) and chunks[place].start() < hit.end:
                place += 1

    def _label_at(self, row: Row, chunks: Sequence[re.Match[str]], place: int) -> LabelHit | None:
        text, start = row.text, chunks[place].start()
        # most words of a note begin no label, and nothing is near that could be the value of a misread one
        most = self._openings.get(chunks[place].group().casefold(), 0)
        soon = VALUE_SOON.match(text, start)
        if not most and not soon:
            return None
        begins = not text[:start].strip(" *•-–|_[]()")
        apart = begins or text[:start].endswith(("  ", EDGE, ": ", "; ", "| ", ", ", ". ", "_ "))
        sizes = range(min(LONGEST if soon else most, len(chunks) - place), 0, -1)
        phrases = [(size, text[start : chunks[place + size - 1].end()]) for size in sizes]
        phrases = [(size, phrase) for size, phrase in phrases if ":" not in phrase and "  " not in phrase]
        exact = [(False, *phrase) for phrase in phrases if phrase[0] <= most]
        for misread, size, phrase in (*exact, *((True, *phrase) for phrase in phrases if soon)):
            end = start + len(phrase)
            if misread and not apart and not phrase.isupper():
                continue
            squashed = _squash(phrase)
            if not misread and squashed not in self._labels:
                continue
            written = COLON.match(text, end)
            # where handwriting begins behind print, somebody filled in what the print asks for
            colon = written is not None or end in row.entries
            if misread and not colon and not VALUE_NEAR.match(text, end):
                continue
            label = self._misread(squashed, colon) if misread else self._labels.get(squashed)
            glued = place + size < len(chunks) and chunks[place + size].start() == end
            if label is None or (glued and not colon and not _number_glued(text, end)):
                continue
            after = AFTER_LABEL.match(text, written.end() if written else end)
            stop = after.end() if after else end
            if self._holds(label, squashed, text, start, end, stop, colon, begins, apart):
                return LabelHit(label, start, end - 1, stop, not misread)
        return None

    def _by_length(self, colon: bool) -> dict[int, tuple[str, ...]]:
        """The longer labels by the lengths a misread one may have; without a colon those whose value shows them."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for squashed, label in self._labels.items():
            if len(squashed) >= FUZZY_FROM and (colon or label.field in VALUES_TELL):
                for length in range(len(squashed) - 2, len(squashed) + 3):
                    found[length].append(squashed)
        return {length: tuple(labels) for length, labels in found.items()}

    def _misread(self, squashed: str, colon: bool) -> FieldLabel | None:
        """The label that a word was, if letters of it were misread; without a colon, its value must show it."""
        label = None
        for plain in (squashed.translate(LETTERS), squashed.replace("10", "d", 1).translate(LETTERS)):
            label = label or self._labels.get(plain)
        if label is None and len(squashed) >= FUZZY_FROM:
            limit = 1 if len(squashed) < 9 else 2
            near = self._near[colon].get(len(squashed), ())
            best = process.extractOne(squashed, near, scorer=OSA.distance, score_cutoff=limit)
            label = self._labels[best[0]] if best is not None else None
        return label if label is not None and (colon or label.field in VALUES_TELL) else None

    def _holds(
        self,
        label: FieldLabel,
        squashed: str,
        text: str,
        start: int,
        end: int,
        stop: int,
        colon: bool,
        begins: bool,
        apart: bool,
    ) -> bool:
        """Whether the words are a label here, and not part of a sentence."""
        if colon:
            # "mother: ..." in a sentence is none; labels begin a line, follow a value, or are capitals
            return begins or apart or text[start].isupper() or len(squashed) > 3
        alone = begins and not text[end:].strip(" _.-")
        if alone:
            return True
        if len(squashed) == 1:
            return False
        value = text[stop:]
        if label.field in DATES:
            written = dates_in(value)
            if squashed.startswith("seen") and not begins and _within_sentence(text, start):
                return False  # "was last seen on ..."
            dated = written[0].start <= 2 if written else not label.weak and DATE_LIKE.match(value) is not None
            return dated and (begins or not label.weak)
        if label.weak:
            return False
        if label.field is Field.RECORD_NUMBER:
            return text[start].isupper() and NUMBER_LIKE.match(value) is not None
        if label.field is Field.SEX:
            return re.match(r"(?:[MF]|Male|Female)\b", value) is not None and text[start].isupper()
        if label.field is Field.NAME:
            return begins and len(squashed) > 6 and value[:1].isupper()
        if label.field is Field.PROVIDER:
            # "Dr" also within a line, where nothing but the name follows
            placed = (
                begins or apart or (squashed == "dr" and text[start].isupper() and not _within_sentence(text, start))
            )
            return placed and value[:1].isupper() and len(value.split()) <= 5
        return False


def _within_sentence(text: str, start: int) -> bool:
    """Whether a word in small letters stands before a label, and is not what such a label follows."""
    before = re.search(r"(\w+)[\s.]*$", text[:start])
    return before is not None and before[1].islower() and before[1] not in {"by", "pt", "patient", "provider"}


def _number_glued(text: str, end: int) -> bool:
    """A number right behind a label in capitals, as in `MRN448213`."""
    return text[end : end + 1].isdigit()


def _squash(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum() or char == "#")

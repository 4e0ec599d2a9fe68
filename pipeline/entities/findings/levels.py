"""The level of the visit where the provider wrote it in words: `Level 4 est`. It is a service of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.text.upright import upright
from pipeline.entities.visits.facts import Fact
from pipeline.entities.visits.visit_wordings import VisitReader, settled
from pipeline.lexicon import Field, Lexicon

STATUS = re.compile(r"\b(?:(?P<new>new|np)|est\w*|ep|f/?u|follow)\b", re.IGNORECASE)
"""What a level itself says of the patient, ahead of the rest of the note."""
MODIFIER = re.compile(r"\s?(?:[-/,]\s?-?|,?\s?mod(?:ifier)?\.?\s?-?)(?:2[2456]|57|59)\b", re.IGNORECASE)
"""Behind a level, and of it."""
NOT_BILLED = re.compile(
    r"\b(?:e/?m|visit)\s(?:is\s)?not\s(?:supported|billed|charged|separate)|\bno (?:e/?m|charge)\b", re.I
)
"""Behind a level: it is named and not reported."""


@dataclass(frozen=True, slots=True)
class WrittenLevel:
    """A level of a visit in the text of a page."""

    level: str
    """`1` to `5`."""
    new: bool
    start: int
    end: int


class LevelReader:
    """Knows how charts write the level of a visit."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._read_visit = VisitReader(lexicon)

    def __call__(self, text: PageText, taken: Sequence[tuple[int, int]]) -> tuple[WrittenLevel, ...]:
        """The levels of a page, in order; none where a code or a finding stands already.

        Args:
            text: of the page.
            taken: first and one past the last code point of what was found.
        """
        page = upright(text.page)
        facts = settled([*self._read_visit(text, page, ())], page)
        new = any(fact.field is Field.PATIENT_STATUS and fact.finding.value == "new" for fact in facts)
        levels = []
        for fact in facts:
            if fact.field is not Field.VISIT_LEVEL:
                continue
            start, end = _place(text, fact)
            if NOT_BILLED.search(text.text[end : end + 60].partition("\n")[0]):
                continue
            own = STATUS.search(text.text, start, end)
            # a number is for those who read code numbers
            appended = MODIFIER.match(text.text, end)
            end = appended.end() if appended else end
            if not text.text[start].isdigit() and not any(a < end and start < b for a, b in taken):
                levels.append(WrittenLevel(fact.finding.value, own["new"] is not None if own else new, start, end))
        levels.sort(key=lambda level: (level.start, -level.end))
        # "established visit, level 4" holds "visit, level 4"
        return tuple(each for n, each in enumerate(levels) if not any(each.start < before.end for before in levels[:n]))


def _place(text: PageText, fact: Fact) -> tuple[int, int]:
    first, last = fact.finding.spans[0], fact.finding.spans[-1]
    lines = {line.id: start for line, start in zip(text.page.lines, text.starts, strict=True)}
    return lines[first.line] + first.start, lines[last.line] + last.end

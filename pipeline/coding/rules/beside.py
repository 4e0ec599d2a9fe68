"""Services in the words of other findings: advice against tobacco with its minutes, blood drawn for tests."""

import re
from dataclasses import replace

from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.ranges import ranges_of
from pipeline.coding.rules.rendered import attribute
from pipeline.records import DIAGNOSES, CodeSystem, Label

_TOBACCO = {CodeSystem.ICD9CM: "305.1;649.0", CodeSystem.ICD10CM: "F17;Z72.0;O99.33"}
_ADVISED = re.compile(
    r"\b(?:counsel\w*|advice|advised|cessation|discussed)\b\D{0,25}?(\d{1,2})\s?(?:min|minute|minutes|mins)\b"
)
_SHORTEST, _LONG = 3, 10
"""Minutes: below them nothing is billed, above them the longer service."""
_CHANCE = 0.85
_BLOOD = "36415"


def beside(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Put advice beside the tobacco use that it speaks of, and drawing blood beside the first test sent out."""
    changed = list(coded)
    for place, each in enumerate(changed):
        minutes = _minutes(each)
        if minutes is not None and minutes >= _SHORTEST:
            changed[place] = _with(visit, each, "99407" if minutes > _LONG else "99406", "tobacco_advice")
            break
    for place, each in enumerate(changed):
        if attribute(each.entity, "drawn") and each.entity.label is Label.PROCEDURE:
            changed[place] = _with(visit, each, _BLOOD, "blood_drawn")
            break
    return tuple(changed)


def _minutes(coded: Coded) -> int | None:
    """How long the advice against tobacco took that stands in the clause."""
    tobacco = any(
        choice.code.code in ranges_of(_TOBACCO[system], system, "tobacco")
        for system in DIAGNOSES
        for choice in coded.proposed((system,))
    )
    found = _ADVISED.search(coded.entity.clause.lower()) if tobacco else None
    return int(found[1]) if found else None


def _with(visit: Visit, coded: Coded, number: str, rule: str) -> Coded:
    row = visit.books.row(CodeSystem.CPT, number, visit.on)
    if row is None:
        return coded
    said = visit.rules.evidence(rule, CodeSystem.CPT)
    if visit.on is not None:
        said = (*said, *edition(visit.books, row, visit.on))
    choice = Choice(code=visit.books.code(row), score=_CHANCE, evidence=said)
    own = next(iter(coded.proposed(SERVICES)), None)
    return coded.add(replace(choice, proposed=visit.propose_from <= _CHANCE), after=own)

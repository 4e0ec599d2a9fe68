"""Where the day of the visit is not known: the code that was in use before a diagnosis was parted into finer ones."""

from collections.abc import Iterator

from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.records import CodeSystem, Evidence

_CHANCE = 0.3
"""Chance that a visit of an unknown day is of the time before."""


def former(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Show the former code behind each proposed ICD-9-CM code."""
    if visit.on is not None:
        return coded
    changed = []
    for each in coded:
        for choice in each.proposed((CodeSystem.ICD9CM,)):
            for before in _before(visit, choice):
                each = each.add(before, after=choice)
        changed.append(each)
    return tuple(changed)


def _before(visit: Visit, choice: Choice) -> Iterator[Choice]:
    code = choice.code.code
    for end in range(len(code) - 1, 2, -1):
        for row in visit.books.rows(CodeSystem.ICD9CM, code[:end].removesuffix(".")):
            _, last = visit.books.validity(row)
            heading = visit.books.code(row)
            if last is not None and heading.billable:
                said = Evidence(source="edition", detail=f"In use until {last}; the day of the visit is not known.")
                reason = f"{heading.code} ended on {last}, and the day of the visit is not known."
                yield Choice(code=heading, score=choice.score * _CHANCE, evidence=(said,), withheld=reason)
                return

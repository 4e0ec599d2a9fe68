"""The same code is proposed once a visit; further mentions of it say so."""

from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.records import CodeSystem


def once(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Keep the first proposal of each code."""
    seen: set[tuple[CodeSystem, str]] = set()

    def first_only(choice: Choice) -> Choice:
        key = (choice.code.system, choice.code.code)
        if not choice.proposed:
            return choice
        if key in seen:
            return choice.withhold(visit.rules.reason("twice", choice.code.system))
        seen.add(key)
        return choice

    return tuple(each.change(first_only) for each in coded)

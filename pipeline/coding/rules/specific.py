"""What the note says again in fewer words is not coded beside the fuller wording: `asthma`, `asthma exacerbation`."""

import re

from pipeline.codebooks.wording import stems
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.records import DIAGNOSES, CodeSystem, Label

_UNTOLD = re.compile(r"\b(?:unspecified|without (?:mention of )?(?:complications?|goiter|acute))\b", re.IGNORECASE)
_WHOLE = {
    CodeSystem.ICD9CM: frozenset(("242", "250", "280", "281", "282", "296", "327", "345", "346", "493", "585", "487")),
    CodeSystem.ICD10CM: frozenset(
        ("D50", "D51", "E05", "E10", "E11", "E13", "F31", "F32", "F33", "G40", "G43", "G47", "J45", "N18")
    ),
}
"""Categories of which a patient has one illness: what is left unspecified is another mention of it."""


def specific(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Withhold a diagnosis whose words are a part of those of another one that is proposed."""
    words = [frozenset(stems(each.entity.normalized)) for each in coded]
    changed = list(coded)
    for system in DIAGNOSES:
        fuller = [n for n, each in enumerate(coded) if each.proposed((system,))]
        for n in fuller:
            others = [other for other in fuller if other != n]
            if any(_less(coded[n], words[n], coded[other], words[other], system) for other in others) or any(
                _residual(coded[n], coded[other], system) for other in others
            ):
                changed[n] = changed[n].withhold(visit.rules.reason("less_specific", system), system)
    return tuple(changed)


def _less(one: Coded, said: frozenset[str], other: Coded, fuller: frozenset[str], system: CodeSystem) -> bool:
    if one.entity.label is not Label.DIAGNOSIS or not said or not said < fuller:
        return False
    codes = {choice.code.code for choice in one.proposed((system,))}
    return codes.isdisjoint(choice.code.code for choice in other.proposed((system,)))


def _residual(one: Coded, other: Coded, system: CodeSystem) -> bool:
    """Whether all that is proposed of one is what a category leaves unspecified, and of the other a code that tells."""
    return any(
        all(_category(mine) == _category(theirs) and _untold(mine) for mine in one.proposed((system,)))
        for theirs in other.proposed((system,))
        if not _untold(theirs)
    )


def _category(choice: Choice) -> str:
    return choice.code.code.partition(".")[0]


def _untold(choice: Choice) -> bool:
    return _UNTOLD.search(choice.code.display) is not None and _category(choice) in _WHOLE[choice.code.system]

"""What the note says again in fewer words is not coded beside the fuller wording: `asthma`, `asthma exacerbation`."""

from pipeline.codebooks.wording import stems
from pipeline.coding.choices import DIAGNOSES, Coded, Visit
from pipeline.records import CodeSystem, Label


def specific(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Withhold a diagnosis whose words are a part of those of another one that is proposed."""
    words = [frozenset(stems(each.entity.normalized)) for each in coded]
    changed = list(coded)
    for system in DIAGNOSES:
        fuller = [n for n, each in enumerate(coded) if each.proposed((system,))]
        for n in fuller:
            if any(_less(coded[n], words[n], coded[other], words[other], system) for other in fuller if other != n):
                changed[n] = changed[n].withhold(visit.rules.reason("less_specific", system), system)
    return tuple(changed)


def _less(one: Coded, said: frozenset[str], other: Coded, fuller: frozenset[str], system: CodeSystem) -> bool:
    if one.entity.label is not Label.DIAGNOSIS or not said or not said < fuller:
        return False
    codes = {choice.code.code for choice in one.proposed((system,))}
    return codes.isdisjoint(choice.code.code for choice in other.proposed((system,)))

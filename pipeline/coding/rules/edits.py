"""What the imported edits of CMS say of the proposed services: pairs, and how many units. They only warn."""

from dataclasses import replace
from datetime import date
from itertools import combinations

from pipeline.codebooks.edits import Edits
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit

_NEVER, _WITH_MODIFIER = 0, 1
_OF_A_LINE = 1
"""The limit is one of a claim line, not of a day."""


class CmsEdits:
    """Warns of pairs that are not paid together and of more units than are believed."""

    def __init__(self, edits: Edits | None) -> None:
        self._edits = edits

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Without edits, or without a day, nothing changes."""
        if self._edits is None or visit.on is None or not (self._edits.pairs or self._edits.limits):
            return coded
        edits, day = self._edits, visit.on
        chosen = [c for each in coded for c in each.proposed(SERVICES)]
        against: dict[str, list[str]] = {}
        for one, other in combinations(chosen, 2):
            pair = edits.pair(one.code.code, other.code.code, day)
            held = other if pair is not None and pair.column2 == other.code.code else one
            if pair is None or (pair.modifier == _WITH_MODIFIER and held.modifiers):
                continue
            if pair.modifier in (_NEVER, _WITH_MODIFIER):
                way = "no modifier parts them" if pair.modifier == _NEVER else "only a modifier with ink parts them"
                sentence = f"NCCI {pair.edition}: {pair.column1} includes it; {way}."
                against.setdefault(pair.column2, []).append(sentence)
        return tuple(each.change(lambda c: _warned(c, against, edits, day)) for each in coded)


def _warned(choice: Choice, against: dict[str, list[str]], edits: Edits, day: date) -> Choice:
    if not choice.proposed or choice.code.system not in SERVICES:
        return choice
    warnings = [*choice.warnings, *against.get(choice.code.code, ())]
    limit = edits.most_units(choice.code.code, day)
    if limit is not None and (choice.units or 1) > limit.units:
        span = "a line" if limit.indicator == _OF_A_LINE else "a day"
        warnings.append(f"MUE from {limit.valid_from}: at most {limit.units} units {span}.")
    return replace(choice, warnings=tuple(warnings))

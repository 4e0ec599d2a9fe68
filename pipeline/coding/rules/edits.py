"""What the imported edits of CMS say of the proposed services: pairs, and how many units. They only warn.

No sentence names a modifier: whether two services were separate is in the note, and is not a way past an edit.
"""

from dataclasses import replace
from itertools import combinations

from pipeline.codebooks.edits import Edits
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit

_NEVER, _UNLESS_SEPARATE = 0, 1
_OF_A_LINE = 1
"""The limit is one of a claim line, not of a day."""


class CmsPairs:
    """Warns of services that are not paid together."""

    def __init__(self, edits: Edits | None) -> None:
        self._edits = edits

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Without edits, or without a day, nothing changes."""
        if self._edits is None or visit.on is None or not self._edits.pairs:
            return coded
        chosen = [c for each in coded for c in each.proposed(SERVICES)]
        against: dict[str, list[str]] = {}
        for one, other in combinations(chosen, 2):
            pair = self._edits.pair(one.code.code, other.code.code, visit.on)
            held = other if pair is not None and pair.column2 == other.code.code else one
            if pair is None or (pair.modifier == _UNLESS_SEPARATE and held.modifiers):
                continue
            if pair.modifier in (_NEVER, _UNLESS_SEPARATE):
                way = "never paid beside it" if pair.modifier == _NEVER else "a service of its own only by the note"
                sentence = f"NCCI {pair.edition}: {pair.column1} includes it; {way}."
                against.setdefault(pair.column2, []).append(sentence)

        def warned(choice: Choice) -> Choice:
            told = against.get(choice.code.code, ()) if _stands(choice) else ()
            return replace(choice, warnings=(*choice.warnings, *told))

        return tuple(each.change(warned) for each in coded)


class CmsUnits:
    """Warns of more units than are believed."""

    def __init__(self, edits: Edits | None) -> None:
        self._edits = edits

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Without limits, or without a day, nothing changes."""
        edits, day = self._edits, visit.on
        if edits is None or day is None or not edits.limits:
            return coded

        def warned(choice: Choice) -> Choice:
            limit = edits.most_units(choice.code.code, day) if _stands(choice) else None
            if limit is None or (choice.units or 1) <= limit.units:
                return choice
            span = "a line" if limit.indicator == _OF_A_LINE else "a day"
            sentence = f"MUE from {limit.valid_from}: at most {limit.units} units {span}."
            return replace(choice, warnings=(*choice.warnings, sentence))

        return tuple(each.change(warned) for each in coded)


def _stands(choice: Choice) -> bool:
    return choice.proposed and choice.code.system in SERVICES

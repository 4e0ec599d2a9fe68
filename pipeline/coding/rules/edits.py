"""What the imported edits of CMS say of the proposed services: pairs, and how many units. They only warn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations

from pipeline.coding.choices import SERVICES, Choice, Coded, Visit

PairEdit = Callable[[str, str, date | None], str | None]
"""Of two codes and a day: why the second is not billed beside the first; None where nothing is said."""
UnitLimit = Callable[[str, date | None], int | None]
"""Of a code and a day: how many units a day are believed; None where nothing is said."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Holds the loaded edits, of which either may be missing."""

    pair: PairEdit | None = None
    most_units: UnitLimit | None = None

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Warn of pairs and of too many units."""
        if self.pair is None and self.most_units is None:
            return coded
        codes = [c.code.code for each in coded for c in each.proposed(SERVICES)]
        against = {
            second: reason
            for first, second in permutations(codes, 2)
            if self.pair is not None and (reason := self.pair(first, second, visit.on)) is not None
        }
        return tuple(each.change(lambda c: self._warned(visit, c, against)) for each in coded)

    def _warned(self, visit: Visit, choice: Choice, against: dict[str, str]) -> Choice:
        if not choice.proposed or choice.code.system not in SERVICES:
            return choice
        warnings = list(choice.warnings)
        if choice.code.code in against and not choice.modifiers:
            warnings.append(against[choice.code.code])
        most = self.most_units(choice.code.code, visit.on) if self.most_units is not None else None
        if most is not None and (choice.units or 1) > most:
            sentence = visit.rules.reason("too_many_units", choice.code.system)
            warnings.append(f"At most {most} a day are believed. {sentence or ''}".strip())
        return replace(choice, warnings=tuple(warnings))

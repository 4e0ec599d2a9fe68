"""A fracture that heals is no fracture any more in ICD-9-CM: its aftercare is coded."""

import re
from dataclasses import replace
from pathlib import Path

from pipeline.codebooks.starter import FORMS, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "aftercare.tsv"
_SYSTEM = CodeSystem.ICD9CM
_HEALS = re.compile(r"\b(?:healing|healed|heals|aftercare|consolidat\w+)\b")
_NEW = re.compile(r"\b(?:acute|new|fell|nonunion|non-union|delayed|not (?:yet )?heal\w+)\b")


class Aftercare:
    """Replaces a fracture that the note says to heal by its aftercare."""

    def __init__(self) -> None:
        self._codes = load_aftercare()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put the code of the aftercare in the place of the fracture's."""
        return tuple(self._after(visit, each) if _heals(each) else each for each in coded)

    def _after(self, visit: Visit, coded: Coded) -> Coded:
        for choice in coded.proposed((_SYSTEM,)):
            number = next((after for fractures, after in self._codes if choice.code.code in fractures), "")
            code = visit.code(_SYSTEM, number)
            if code is not None:
                coded = _becomes(visit, coded, choice, replace(choice, code=code))
        return coded


def load_aftercare(path: Path = TABLE) -> tuple[tuple[Ranges, str], ...]:
    """Stretches of fractures, each with the code of its aftercare.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (fractures, after) in rows(path, ("fractures", "aftercare")):
        if not fractures or not FORMS[_SYSTEM].fullmatch(after):
            raise SetupError(f"{place} is not a stretch of fractures with the code of their aftercare.")
        found.append((ranges_of(fractures, _SYSTEM, place), after))
    return tuple(found)


def _heals(coded: Coded) -> bool:
    clause = coded.entity.clause.lower()
    return _HEALS.search(clause) is not None and _NEW.search(clause) is None


def _becomes(visit: Visit, coded: Coded, fracture: Choice, after: Choice) -> Coded:
    left = coded.change(lambda c: c.withhold(visit.rules.reason("aftercare", _SYSTEM)) if c == fracture else c)
    return left.add(after.with_reason(*visit.rules.evidence("aftercare", _SYSTEM)))

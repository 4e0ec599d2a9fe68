"""Codes that a coder reports only where the visit was for them: shown, and left to the coder."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import ASSESSMENT, Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.records import CodeSystem, Label

TABLE = Path(__file__).parent / "optional.tsv"
_REASONS = ("V14", "V15.0", "V58.6", "V65", "Z71", "Z79", "Z88", "Z91.0")
"""Codes that a provider who assesses them means to report."""
_COLUMNS = ("what", "icd9", "icd9_unless", "icd10", "icd10_unless")


@dataclass(frozen=True, slots=True)
class Optional:
    """One row of the table, for one edition."""

    system: CodeSystem
    codes: Ranges
    unless: Ranges


class LeftToCoder:
    """Withholds what is reported by choice."""

    def __init__(self) -> None:
        self._optional = load_optional()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold each such code, unless the visit has what it goes with."""
        told = [(choice.code.system, choice.code.code) for each in coded for choice in each.proposed()]

        def by_choice(choice: Choice) -> bool:
            system, code = choice.code.system, choice.code.code
            rows = [row for row in self._optional if row.system is system and code in row.codes]
            return any(not any(s is system and other in row.unless for s, other in told) for row in rows)

        def judged(choice: Choice, *, assessed: bool) -> Choice:
            # "PCN allergy" and "lithium monitoring" of an assessment are what the visit was for
            said = assessed and choice.code.code.startswith(_REASONS)
            if said or not choice.proposed or not by_choice(choice):
                return choice
            return choice.withhold(visit.rules.reason("optional", choice.code.system))

        return tuple(
            each.change(partial(judged, assessed=each.entity.section in ASSESSMENT and _told(each))) for each in coded
        )


def _told(coded: Coded) -> bool:
    """Whether the finding's own words stand for a diagnosis."""
    return coded.entity.label is Label.DIAGNOSIS


def load_optional(path: Path = TABLE) -> tuple[Optional, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (_, icd9, unless9, icd10, unless10) in rows(path, _COLUMNS):
        for system, codes, unless in (
            (CodeSystem.ICD9CM, icd9, unless9),
            (CodeSystem.ICD10CM, icd10, unless10),
        ):
            found.append(Optional(system, ranges_of(codes, system, place), ranges_of(unless, system, place)))
    return tuple(found)

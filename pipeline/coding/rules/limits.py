"""Codes of one sex or of one time of life: a warning where the patient is another."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "limits.tsv"
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table."""

    what: str
    codes: dict[CodeSystem, Ranges]
    sex: str | None
    first: int
    last: int


class Limits:
    """Warns of codes that do not fit the patient."""

    def __init__(self) -> None:
        self._limits = load_limits()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put a warning on every proposed code whose limits the patient is outside of."""

        def judged(choice: Choice) -> Choice:
            return replace(choice, warnings=(*choice.warnings, *self._against(visit, choice)))

        return tuple(each.change(lambda c: judged(c) if c.proposed else c) for each in coded)

    def _against(self, visit: Visit, choice: Choice) -> list[str]:
        system = choice.code.system
        warnings = []
        for limit in self._limits:
            if choice.code.code not in limit.codes.get(system, Ranges(())):
                continue
            if limit.sex and visit.sex and limit.sex != visit.sex:
                warnings.append(f"{limit.what}: the note gives the other sex ({visit.sex}).")
            if visit.age is not None and not limit.first <= visit.age <= limit.last:
                warnings.append(f"{limit.what}: the note gives the age of {visit.age}.")
        return warnings


def load_limits(path: Path = TABLE) -> tuple[Limit, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    limits = []
    for place, (what, icd9, icd10, sex, first, last) in rows(path, ("what", "icd9", "icd10", "sex", "from", "to")):
        if sex not in ("", "F", "M") or not all(age.isdigit() for age in (first, last) if age):
            raise SetupError(f"{place} has no sex (F or M) or no whole years where they belong.")
        codes = {
            CodeSystem.ICD9CM: ranges_of(icd9, CodeSystem.ICD9CM, place),
            CodeSystem.ICD10CM: ranges_of(icd10, CodeSystem.ICD10CM, place),
        }
        limits.append(Limit(what, codes, sex or None, int(first or 0), int(last or _OLDEST)))
    return tuple(limits)

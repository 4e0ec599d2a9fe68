"""Codes of one sex or of one time of life: a warning where the patient is another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.coding.rules.rendered import service_ranges
from pipeline.errors import SetupError
from pipeline.records import Code, CodeSystem, WarningKind

TABLE = Path(__file__).parent / "limits.tsv"
_COLUMNS = ("what", "icd9", "icd10", "services", "sex", "from", "to", "sure")
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table."""

    what: str
    codes: dict[CodeSystem, Ranges]
    sex: str | None
    first: int
    last: int
    sure: bool
    """The code cannot be of another patient; else it hardly is."""


class Limits:
    """Warns of codes that do not fit the patient."""

    def __init__(self) -> None:
        self._limits = load_limits()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put a warning on every proposed code whose limits the patient is outside of."""

        def judged(choice: Choice) -> Choice:
            told = (sentence for _, sentence in self.against(visit, choice.code))
            return replace(choice, warnings=(*choice.warnings, *told))

        return tuple(each.change(lambda c: judged(c) if c.proposed else c) for each in coded)

    def against(self, visit: Visit, code: Code) -> tuple[tuple[WarningKind, str], ...]:
        """Why a code is not of this patient: sex or age, or, where none is sure, what is unusual; each a sentence."""
        found = tuple(self._outside(visit, code))
        return tuple(each for each in found if each[0] is not WarningKind.UNUSUAL) or found

    def _outside(self, visit: Visit, code: Code) -> Iterator[tuple[WarningKind, str]]:
        for limit in self._limits:
            if code.code not in limit.codes.get(code.system, Ranges(())):
                continue
            if limit.sex and visit.sex and limit.sex != visit.sex:
                kind = WarningKind.SEX if limit.sure else WarningKind.UNUSUAL
                yield kind, f"{limit.what}, and the patient is given as of the other sex ({visit.sex})."
            if visit.age is not None and not limit.first <= visit.age <= limit.last:
                kind = WarningKind.AGE if limit.sure else WarningKind.UNUSUAL
                yield kind, f"{limit.what}, and the patient's age is given as {visit.age}."


def load_limits(path: Path = TABLE) -> tuple[Limit, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    limits = []
    for place, (what, icd9, icd10, services, sex, first, last, sure) in rows(path, _COLUMNS):
        if sex not in ("", "F", "M") or not all(age.isdigit() for age in (first, last) if age):
            raise SetupError(f"{place} has no sex (F or M) or no whole years where they belong.")
        if sure not in ("", "yes") or not (sex or first or last):
            raise SetupError(f"{place} limits neither sex nor age, or is neither sure (yes) nor left open.")
        codes = {
            CodeSystem.ICD9CM: ranges_of(icd9, CodeSystem.ICD9CM, place),
            CodeSystem.ICD10CM: ranges_of(icd10, CodeSystem.ICD10CM, place),
            **service_ranges(services, place),
        }
        limits.append(Limit(what, codes, sex or None, int(first or 0), int(last or _OLDEST), bool(sure)))
    return tuple(limits)

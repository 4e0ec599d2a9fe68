"""What is part of a bigger service of the visit is not billed beside it."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges
from pipeline.coding.rules.rendered import attribute, service_ranges
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity

TABLE = Path(__file__).parent / "included.tsv"
_APART = frozenset(("59", "XE", "XS", "XP", "XU"))
_ANESTHETICS = frozenset(("J2001", "J2795", "J0670", "J2400", "S0020"))
"""Beneath the skin they numb, and are part of whatever is done there."""
_SCREENING = ("screen", "annual", "awv", "wellness", "yearly", "medicare", "preventive")
_MEDICARE_EXAMS = Ranges((("G0101", "G0124"), ("G0402", "G0500")))


@dataclass(frozen=True, slots=True)
class Included:
    """A row of the table."""

    codes: dict[CodeSystem, Ranges]
    holds: dict[CodeSystem, Ranges]
    source: str


class Inclusions:
    """Withholds the parts of what else is proposed."""

    def __init__(self) -> None:
        self._rows = load_included()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Withhold parts, local anesthesia, and Medicare's screening numbers for what is no screening."""
        whole = {c.code.code for each in coded for c in each.proposed((CodeSystem.CPT,))}
        return tuple(self._parted(visit, each, whole) for each in coded)

    def _parted(self, visit: Visit, coded: Coded, whole: set[str]) -> Coded:
        def parted(choice: Choice) -> Choice:
            if not choice.proposed or choice.code.system not in SERVICES or not _APART.isdisjoint(choice.modifiers):
                return choice
            rule = self._rule(coded.entity, choice, whole)
            return choice.withhold(visit.rules.reason(rule, choice.code.system))

        return coded.change(parted)

    def _rule(self, entity: Entity, choice: Choice, whole: set[str]) -> str | None:
        code, system = choice.code.code, choice.code.system
        if attribute(entity, "written_code") == code:
            return None
        if code in _ANESTHETICS and attribute(entity, "route") != "intravenous":
            return "anesthetic"
        if system is CodeSystem.HCPCS and code in _MEDICARE_EXAMS and entity.text:  # one that was added has no words
            said = f"{entity.text} {entity.normalized} {entity.clause}".lower()
            if not any(word in said for word in _SCREENING):
                return "no_screening"
        for row in self._rows:
            if code in row.holds[system] and any(w != code and w in row.codes[CodeSystem.CPT] for w in whole):
                return "included"
        return None


def load_included(path: Path = TABLE) -> tuple[Included, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (codes, holds, source) in rows(path, ("code", "holds", "source")):
        if not codes or not holds or not source:
            raise SetupError(f"{place} is not a service with what it holds and the source.")
        found.append(Included(service_ranges(codes, place), service_ranges(holds, place), source))
    return tuple(found)

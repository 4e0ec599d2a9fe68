"""Codes that ask for a second one: diabetic neuropathy in ICD-9-CM is the diabetes and, behind it, the neuropathy."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import parted, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "companions.tsv"
_COLUMNS = ("system", "codes", "words", "unless", "adds", "already")
_CHANCE = 0.95
"""Chance that the second code is right where the first one is."""


@dataclass(frozen=True, slots=True)
class Companion:
    """One row of the table."""

    system: CodeSystem
    codes: Ranges
    words: tuple[str, ...]
    unless: tuple[str, ...]
    adds: str
    already: Ranges


class Companions:
    """Adds the second code behind the first."""

    def __init__(self) -> None:
        self._companions = load_companions()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Add what each proposed code asks for and the visit has not."""
        changed = list(coded)
        for n, each in enumerate(coded):
            said = f" {each.entity.normalized} {each.entity.text.lower()} "
            for row in self._companions:
                told = [c.code.code for other in changed for c in other.proposed((row.system,))]
                first = next((c for c in each.proposed((row.system,)) if c.code.code in row.codes), None)
                named = any(word in said for word in row.words) and not any(word in said for word in row.unless)
                if first is None or not named or any(code in row.already for code in told):
                    continue
                second = visit.code(row.system, row.adds)
                if second is not None:
                    evidence = visit.rules.evidence("companion", row.system)
                    choice = Choice(code=second, score=first.score * _CHANCE, evidence=evidence, proposed=True)
                    changed[n] = changed[n].add(choice, after=first)
        return tuple(changed)


def load_companions(path: Path = TABLE) -> tuple[Companion, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    systems = {system.value: system for system in (CodeSystem.ICD9CM, CodeSystem.ICD10CM)}
    companions = []
    for place, (system, codes, words, unless, adds, already) in rows(path, _COLUMNS):
        if system not in systems or not (codes and words and adds):
            raise SetupError(f"{place} is not a code with its words and the code that it asks for.")
        known = systems[system]
        ranges_of(adds, known, place)
        companions.append(
            Companion(
                known,
                ranges_of(codes, known, place),
                tuple(parted(words)),
                tuple(parted(unless)),
                adds,
                ranges_of(already, known, place),
            )
        )
    return tuple(companions)

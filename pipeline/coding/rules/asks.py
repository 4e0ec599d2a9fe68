"""Codes that do not stand alone on a claim: what a coder should look at where their companion is missing."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.coding.rules.rendered import service_ranges
from pipeline.errors import SetupError
from pipeline.records import DIAGNOSES, CodeSystem, CodeWarning

TABLE = Path(__file__).parent / "asks.tsv"
_COLUMNS = ("system", "codes", "beside", "without", "modifiers", "sentence", "source")


@dataclass(frozen=True, slots=True)
class Ask:
    """A row of the table."""

    system: CodeSystem
    codes: Ranges
    beside: dict[CodeSystem, Ranges]
    """It asks only where one of these stands, too; empty for always."""
    without: dict[CodeSystem, Ranges]
    modifiers: frozenset[str]
    sentence: str
    source: str


class Asks:
    """Looks through the codes that stand for what is missing beside them."""

    def __init__(self) -> None:
        self._asks = load_asks()

    def __call__(self, visit: Visit, standing: dict[tuple[CodeSystem, str], frozenset[str]]) -> tuple[CodeWarning, ...]:
        """What to look at.

        Args:
            visit: whose codes these are.
            standing: the modifiers of every code that stands.
        """
        return tuple(
            CodeWarning(system=system, code=code, sentence=ask.sentence, source=ask.source)
            for (system, code), modifiers in standing.items()
            for ask in self._asks
            if ask.system is system and code in ask.codes and _asked(ask, code, modifiers, standing)
        )


def _asked(
    ask: Ask, code: str, modifiers: frozenset[str], standing: dict[tuple[CodeSystem, str], frozenset[str]]
) -> bool:
    others = [key for key in standing if key != (ask.system, code)]
    if modifiers & ask.modifiers or _any(others, ask.without):
        return False
    return not any(ranges.bounds for ranges in ask.beside.values()) or _any(others, ask.beside)


def _any(codes: list[tuple[CodeSystem, str]], ranges: dict[CodeSystem, Ranges]) -> bool:
    return any(code in ranges.get(system, Ranges(())) for system, code in codes)


def load_asks(path: Path = TABLE) -> tuple[Ask, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (name, codes, beside, without, modifiers, sentence, source) in rows(path, _COLUMNS):
        if name not in [system.value for system in CodeSystem] or not (codes and sentence and source):
            raise SetupError(f"{place} does not say which codes of which system ask for what, and why.")
        system = CodeSystem(name)
        found.append(
            Ask(
                system,
                ranges_of(codes, system, place),
                _around(beside, system, place),
                _around(without, system, place),
                frozenset(part.strip() for part in modifiers.split(";") if part.strip()),
                sentence,
                source,
            )
        )
    return tuple(found)


def _around(cell: str, system: CodeSystem, place: str) -> dict[CodeSystem, Ranges]:
    """Diagnoses ask for diagnoses, services for services."""
    if system in DIAGNOSES:
        return {system: ranges_of(cell, system, place)}
    return service_ranges(cell, place)

"""Codes that do not stand alone on a claim: what a coder should look at where their companion is missing."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.coding.choices import Visit
from pipeline.coding.rules.ranges import Ranges, ranges_of
from pipeline.coding.rules.rendered import service_ranges
from pipeline.errors import SetupError
from pipeline.records import DIAGNOSES, CodeSystem, CodeWarning, WarningKind

TABLE = Path(__file__).parent / "asks.tsv"
_COLUMNS = ("system", "codes", "beside", "without", "modifiers", "kind", "sentence", "source")
_KINDS = (WarningKind.COMPANION, WarningKind.VISIT, WarningKind.CAUSE)


@dataclass(frozen=True, slots=True)
class Ask:
    """A row of the table."""

    system: CodeSystem
    codes: Ranges
    beside: dict[CodeSystem, Ranges]
    """It asks only where one of these stands, too; empty for always."""
    without: dict[CodeSystem, Ranges]
    modifiers: frozenset[str]
    """It is silent where one of these stands. They are never told: the note decides, not the edit."""
    kind: WarningKind
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
        warnings = []
        for (system, code), modifiers in standing.items():
            others = [key for key in standing if key != (system, code)]
            for ask in self._asks:
                if ask.system is not system or code not in ask.codes or modifiers & ask.modifiers:
                    continue
                beside = _lowest(others, ask.beside)
                always = not any(ranges.bounds for ranges in ask.beside.values())
                if _lowest(others, ask.without) is None and (always or beside is not None):
                    warnings.append(
                        CodeWarning(
                            system=system,
                            code=code,
                            kind=ask.kind,
                            sentence=ask.sentence,
                            source=ask.source,
                            other=beside,
                        )
                    )
        return tuple(warnings)


def _lowest(codes: list[tuple[CodeSystem, str]], ranges: dict[CodeSystem, Ranges]) -> str | None:
    """The lowest code within the ranges: in whatever order they stand, it is the same."""
    return min((code for system, code in codes if code in ranges.get(system, Ranges(()))), default=None)


def load_asks(path: Path = TABLE) -> tuple[Ask, ...]:
    """Read the table.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (name, codes, beside, without, modifiers, kind, sentence, source) in rows(path, _COLUMNS):
        if name not in [system.value for system in CodeSystem] or not (codes and sentence and source):
            raise SetupError(f"{place} does not say which codes of which system ask for what, and why.")
        if kind not in _KINDS:
            raise SetupError(f"{place} asks for {kind or 'nothing'}, which is none of {', '.join(_KINDS)}.")
        system = CodeSystem(name)
        found.append(
            Ask(
                system,
                ranges_of(codes, system, place),
                _around(beside, system, place),
                _around(without, system, place),
                frozenset(part.strip() for part in modifiers.split(";") if part.strip()),
                WarningKind(kind),
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

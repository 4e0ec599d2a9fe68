"""More units than are believed: by the limits of CMS where they were imported, else by what offices usually bill."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.claims.edits.edit import ClaimKind, Matter
from pipeline.codebooks.edits import Edits, UnitLimit
from pipeline.codebooks.starter import rows
from pipeline.coding.rules.ranges import Ranges
from pipeline.coding.rules.rendered import service_ranges
from pipeline.errors import SetupError
from pipeline.records import Claim, CodeSystem, ServiceLine

TABLE = Path(__file__).parent / "usual.tsv"
_LINE, _POLICY = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The most that offices bill in a day of some services."""

    codes: dict[CodeSystem, Ranges]
    units: int


class Units:
    """Counts the units of a claim."""

    def __init__(self, edits: Edits | None) -> None:
        self._edits = edits
        self._usual = load_usual()

    def __call__(self, claim: Claim, alongside: Sequence[ServiceLine]) -> Iterator[Matter]:
        """Lines with more units than their limit, and days, which are told at their first line.

        Args:
            claim: whose lines these are.
            alongside: services of the same provider for the same patient on other claims: a limit of the day counts
                them, too.
        """
        counted = set()
        for number, line in enumerate(claim.lines, start=1):
            field, service = f"lines.{number}.units", (line.day, line.system, line.code)
            limit = None if self._edits is None else self._edits.most_units(line.code, line.day)
            if limit is not None and limit.indicator == _LINE:
                if line.units > limit.units:
                    sentence = f"{line.code}: {line.units} units on one line, where at most {limit.units} are believed."
                    yield _of_mue(ClaimKind.UNITS_LINE, field, sentence, line, line.units, limit)
                continue
            if service in counted:
                continue
            counted.add(service)
            same = [each for each in (*claim.lines, *alongside) if (each.day, each.system, each.code) == service]
            units = sum(each.units for each in same)
            if limit is not None and units > limit.units:
                policy = limit.indicator == _POLICY
                kind = ClaimKind.UNITS_POLICY if policy else ClaimKind.UNITS_BENCHMARK
                most = "paid" if policy else "believed"
                sentence = f"{line.code}: {units} units on {line.day}, where at most {limit.units} a day are {most}."
                yield _of_mue(kind, field, sentence, line, units, limit)
            usual = self._usual_of(line) if limit is None else None
            if usual is not None and units > usual:
                sentence = f"{line.code}: {units} units on {line.day}; offices bill at most {usual} a day as a rule."
                about = (line.code, str(units))
                yield Matter(kind=ClaimKind.UNITS_USUAL, field=field, sentence=sentence, about=about)

    def _usual_of(self, line: ServiceLine) -> int | None:
        return next((u.units for u in self._usual if line.code in u.codes.get(line.system, Ranges(()))), None)


def _of_mue(kind: ClaimKind, field: str, sentence: str, line: ServiceLine, units: int, limit: UnitLimit) -> Matter:
    source = f"MUE of {limit.valid_from} to {limit.valid_to}, adjudication indicator {limit.indicator}"
    return Matter(kind=kind, field=field, sentence=sentence, about=(line.code, str(units)), source=source)


def load_usual(path: Path = TABLE) -> tuple[Usual, ...]:
    """Read the table of what is usual.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (codes, units, what) in rows(path, ("codes", "units", "what")):
        if not codes or not units.isdecimal() or int(units) < 1 or not what:
            raise SetupError(f"{place} is not some services with a whole number of units and what they are.")
        found.append(Usual(codes=service_ranges(codes, place), units=int(units)))
    return tuple(found)

"""Drugs given here: the number that fits dose, way and year, and how many units of it."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.codebooks.starter import FORMS, day, parted, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.doses import amount, units_of
from pipeline.coding.rules.rendered import INJECTED, attribute
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity, Label

TABLE = Path(__file__).parent / "injections.tsv"
WAYS = ("injected", "inhaled", "oral")
_ORAL = frozenset(("oral", "sublingual"))
_NOT_INJECTED = frozenset(("oral", "sublingual", "inhaled", "topical", "nasal", "rectal", "vaginal", "transdermal"))
_NAMED = 0.95
"""Chance that the number of the table is right."""


@dataclass(frozen=True, slots=True)
class Drug:
    """A row of the table."""

    words: re.Pattern[str]
    way: str
    begins: date | None
    ends: date | None
    up_to: float | None
    code: str


class Drugs:
    """Chooses the number of a drug before any is proposed."""

    def __init__(self) -> None:
        self._drugs = load_drugs()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Put the number of the table first, and withhold injected drugs of what was not injected."""
        return tuple(each if each.entity.label is Label.DIAGNOSIS else self._named(visit, each) for each in coded)

    def _named(self, visit: Visit, coded: Coded) -> Coded:
        entity = coded.entity
        if attribute(entity, "route") in _NOT_INJECTED:
            reason = visit.rules.reason("not_injected", CodeSystem.HCPCS)
            coded = coded.change(lambda c: c.withhold(reason) if _is_injection(c) else c)
        way = way_of(entity)
        drug = next((each for each in self._drugs if _fits(each, entity, way, visit.on)), None) if way else None
        row = visit.books.row(CodeSystem.HCPCS, drug.code, visit.on) if drug else None
        if row is None:
            return coded
        code = visit.books.code(row)
        known = next((c for c in coded.choices if c.code == code), None)
        stopped = next((c.withheld for c in coded.choices if c.withheld and c.code.system is CodeSystem.HCPCS), None)
        said = (*(known.evidence if known else ()), *visit.rules.evidence("drug_number", CodeSystem.HCPCS))
        best = max((c.score for c in coded.choices if c.code.system is CodeSystem.HCPCS), default=0.0)
        withheld = known.withheld if known else stopped if way == "injected" else None
        return coded.add(Choice(code=code, score=max(_NAMED, best), evidence=said, withheld=withheld))


def counted(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Count the units of every drug that is proposed."""
    return tuple(each.change(lambda c, entity=each.entity: _counted(entity, c)) for each in coded)  # type: ignore[misc]


def way_of(entity: Entity) -> str | None:
    """How a drug got in: injected, inhaled or oral; None where the note does not tell."""
    route = attribute(entity, "route")
    if route in INJECTED or entity.normalized.endswith(" injection"):
        return "injected"
    if route in _ORAL:
        return "oral"
    if route == "inhaled" or "neb" in entity.clause:
        return "inhaled"
    return None


def _counted(entity: Entity, choice: Choice) -> Choice:
    if not choice.proposed or choice.units is not None or choice.code.system is not CodeSystem.HCPCS:
        return choice
    dose = attribute(entity, "dose")
    units = units_of(dose, choice.code.display)
    if units is None and choice.code.code[0] == "J":
        # "Kenalog 1 cc (40 mg)": the amount may stand elsewhere in the clause
        units = units_of(entity.clause.replace("milligram", "mg").replace("gram", "g"), choice.code.display)
    return choice if units is None else replace(choice, units=units)


def _is_injection(choice: Choice) -> bool:
    return choice.code.system is CodeSystem.HCPCS and "injection" in choice.code.display.lower()


def _fits(drug: Drug, entity: Entity, way: str | None, on: date | None) -> bool:
    if drug.way != way or not drug.words.search(f"{entity.text} {entity.normalized}".lower()):
        return False
    if on is not None and ((drug.begins and on < drug.begins) or (drug.ends and on > drug.ends)):
        return False
    dose = amount(attribute(entity, "dose") or "")
    return drug.up_to is None or (dose is not None and dose[0] <= drug.up_to)


def load_drugs(path: Path = TABLE) -> tuple[Drug, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (words, way, begins, ends, up_to, code) in rows(path, ("words", "way", "from", "to", "up_to", "code")):
        if not parted(words) or way not in WAYS or not FORMS[CodeSystem.HCPCS].fullmatch(code):
            raise SetupError(f"{place} is not a drug with its words, its way and a HCPCS number.")
        if up_to and not up_to.isdigit():
            raise SetupError(f"{place} has {up_to}, which is no largest dose.")
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in parted(words))})(?![\w-])")
        limit = float(up_to) if up_to else None
        found.append(Drug(pattern, way, day(begins, place, first=True), day(ends, place, first=False), limit, code))
    return tuple(found)

"""Drugs given here: the number that fits dose, way and year, and how many units of it."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.codebooks.doses import BillingUnit, Quantity, billed_units, billing_units, described_unit, parse_dose
from pipeline.codebooks.starter import FORMS, day, parted, rows
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.rules.rendered import INJECTED, attribute
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Entity, Label

TABLE = Path(__file__).parent / "injections.tsv"
WAYS = ("injected", "inhaled", "oral")
_ORAL = frozenset(("oral", "sublingual"))
_NOT_INJECTED = frozenset(("oral", "sublingual", "inhaled", "topical", "nasal", "rectal", "vaginal", "transdermal"))
_UNITS_FROM = 100_000
"""No dose is so many milligrams."""
_MILLI = re.compile(r"\bmilligrams?\b")
_NAMED = 0.95
"""Chance that the number of the table is right."""


@dataclass(frozen=True, slots=True)
class Drug:
    """A row of the table."""

    words: re.Pattern[str]
    way: str
    begins: date | None
    ends: date | None
    up_to: int | None
    """Largest dose, in milligrams, of penicillin in units."""
    system: CodeSystem
    code: str

    @property
    def measure(self) -> str:
        """The unit of its largest dose."""
        return "mg" if self.up_to is None or self.up_to < _UNITS_FROM else "units"


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
        row = visit.books.row(drug.system, drug.code, visit.on) if drug else None
        if row is None or drug is None:
            return coded
        code = visit.books.code(row)
        known = next((c for c in coded.choices if c.code == code), None)
        stopped = next((c.withheld for c in coded.choices if c.withheld and c.code.system is CodeSystem.HCPCS), None)
        said = (*(known.evidence if known else ()), *visit.rules.evidence("drug_number", drug.system))
        best = max((c.score for c in coded.choices if c.code.system is drug.system), default=0.0)
        if drug.system is CodeSystem.CPT:
            # the product has a number in both systems and is billed once
            reason = visit.rules.reason("drug_number", CodeSystem.HCPCS)
            coded = coded.change(lambda c: c.withhold(reason) if c.code.system is CodeSystem.HCPCS else c)
        withheld = known.withheld if known else stopped if way == "injected" else None
        return coded.add(Choice(code=code, score=max(_NAMED, best), evidence=said, withheld=withheld))


class Units:
    """Counts the units of every drug that is proposed."""

    def __init__(self) -> None:
        self._units = billing_units()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Divide what was given by what the number stands for, a begun unit counted whole."""
        return tuple(self._counted(each) for each in coded)

    def _counted(self, coded: Coded) -> Coded:
        # "Kenalog 40 mg" may be a name: then the amount stands in the clause
        said = (attribute(coded.entity, "dose") or "", _MILLI.sub("mg", coded.entity.clause))

        def counted(choice: Choice) -> Choice:
            if not choice.proposed or choice.units is not None or choice.code.system is not CodeSystem.HCPCS:
                return choice
            unit = self._units.get(choice.code.code) or described_unit(choice.code.display)
            if unit is None or choice.code.code[0] not in "JQS":
                return choice
            return replace(choice, units=next((n for text in said if (n := _units(text, unit)) is not None), None))

        return coded.change(counted)


def _units(text: str, unit: BillingUnit) -> int | None:
    dose = parse_dose(text)
    return None if dose is None else billed_units(dose, unit)


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


def _is_injection(choice: Choice) -> bool:
    return choice.code.system is CodeSystem.HCPCS and "injection" in choice.code.display.lower()


def _fits(drug: Drug, entity: Entity, way: str | None, on: date | None) -> bool:
    if drug.way != way or not drug.words.search(f"{entity.text} {entity.normalized}".lower()):
        return False
    if on is not None and ((drug.begins and on < drug.begins) or (drug.ends and on > drug.ends)):
        return False
    if drug.up_to is None:
        return True
    dose = parse_dose(attribute(entity, "dose") or "")
    limit = BillingUnit(drug="", quantity=Quantity(amount=Decimal(1), unit=drug.measure))
    given = None if dose is None else billed_units(dose, limit)
    return given is not None and given <= drug.up_to


def load_drugs(path: Path = TABLE) -> tuple[Drug, ...]:
    """Read the table, in its order.

    Raises:
        SetupError: a row does not fit.
    """
    found = []
    for place, (words, way, begins, ends, up_to, code) in rows(path, ("words", "way", "from", "to", "up_to", "code")):
        system = next((s for s in (CodeSystem.HCPCS, CodeSystem.CPT) if FORMS[s].fullmatch(code)), None)
        if not parted(words) or way not in WAYS or system is None:
            raise SetupError(f"{place} is not a drug with its words, its way and a number of HCPCS or CPT.")
        if up_to and not up_to.isdigit():
            raise SetupError(f"{place} has {up_to}, which is no largest dose.")
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in parted(words))})(?![\w-])")
        limit = int(up_to) if up_to else None
        begin, end = day(begins, place, first=True), day(ends, place, first=False)
        found.append(Drug(pattern, way, begin, end, limit, system, code))
    return tuple(found)

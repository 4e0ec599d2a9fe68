"""A vaccine is billed twice, the product and giving it, and it has a diagnosis of its own: why it was given."""

import re
from dataclasses import dataclass, replace

from pipeline.coding.choices import SERVICES, Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.products import Products, Vaccine
from pipeline.coding.rules.rendered import INJECTED, attribute, is_given
from pipeline.records import ICD10_FROM, Code, CodeSystem, Entity, Evidence, Label

_FIRST_PRODUCT, _LAST_PRODUCT = 90476, 90759
_PLACED = re.compile(r"\b[LR] ?(?:delt\w*|arm|thigh|[AVD])\b|\b(?:given|both given|done)\b", re.IGNORECASE)
"""Where it went in."""
_GIVING_CHANCE = 0.9
"""Chance that a vaccine that is coded was also given here."""
_SURE = 0.95
_PLAUSIBLE = 0.3
_REASON = "Z23"
_WELL = frozenset(("V20.2", "V70.0", "V20.31", "V20.32"))
"""In ICD-9-CM a check-up holds the vaccines of the age."""
_COUNSELLED_UNTIL = 18
_COUNSELLED_UNDER_OLD = 8
"""Until 2010 advice counted for children under eight only."""
_BY = {"needle": ("90471", "90472"), "nose": ("90473", "90474"), "mouth": ("90473", "90474")}
_BY_WITH_ADVICE_OLD = {"needle": ("90465", "90466"), "nose": ("90467", "90468"), "mouth": ("90467", "90468")}
_ADVICE, _ADVICE_FURTHER = "90460", "90461"


@dataclass(frozen=True, slots=True)
class _Given:
    """A vaccine that was given."""

    place: int
    vaccine: Vaccine


class Vaccines:
    """Names the product, how it was given and why."""

    def __init__(self) -> None:
        self._product = Products()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Code every vaccine that was given, each once; other mentions of it keep their candidates in sight."""
        changed = list(coded)
        best: dict[str, _Given] = {}
        for place, each in enumerate(coded):
            vaccine = self._product(each.entity, visit) if _is_vaccine(each) else None
            if vaccine is None:
                continue
            if not _stands(each) or not is_given_vaccine(each.entity):
                changed[place] = self._named(visit, each, vaccine, proposed=False)
                continue
            known = best.get(vaccine.icd9)
            if known is None or _told(each, vaccine) > _told(coded[known.place], known.vaccine):
                best[vaccine.icd9] = _Given(place, vaccine)
        given = sorted(best.values(), key=lambda g: g.place)
        chosen = {g.place for g in given}
        for place, each in enumerate(coded):
            if place not in chosen and _is_vaccine(each) and self._product(each.entity, visit):
                changed[place] = _silenced(visit, changed[place], "twice" if given else "not_given")
        for g in given:
            changed[g.place] = self._named(visit, changed[g.place], g.vaccine, proposed=True)
        return tuple(_with_reasons(visit, _with_giving(visit, changed, given), given))

    def _named(self, visit: Visit, coded: Coded, vaccine: Vaccine, *, proposed: bool) -> Coded:
        """With the product first, and no other product proposed."""
        reason = "not_given" if not proposed else "another_product"
        silent = _silenced(visit, coded, reason)
        row = visit.books.row(vaccine.system, vaccine.product, visit.on)
        if row is None:
            # no book has the product: what was found in the books stays
            return silent if not proposed else coded
        code = visit.books.code(row)
        known = next((c for c in coded.choices if c.code == code), None)
        said = () if known is None else known.evidence
        said = (*said, *visit.rules.evidence("vaccine_product", code.system), *_edition(visit, row))
        score = max(_SURE if proposed else _PLAUSIBLE, 0.0 if known is None else known.score * (1 if proposed else 0.3))
        choice = Choice(code=code, score=score, evidence=said, proposed=proposed)
        return silent.add(choice if proposed else choice.withhold(visit.rules.reason(reason, code.system)))


def is_product(code: Code) -> bool:
    """Whether this is the CPT number of a vaccine itself."""
    return code.system is CodeSystem.CPT and code.code.isdigit() and _FIRST_PRODUCT <= int(code.code) <= _LAST_PRODUCT


def is_given_vaccine(entity: Entity) -> bool:
    """Whether the note says that it was given here: the words, or the way and the place that it went in."""
    if is_given(entity) or attribute(entity, "mark") == "ticked":
        return True
    if attribute(entity, "route") in INJECTED and (
        attribute(entity, "laterality") or attribute(entity, "dose") or _PLACED.search(entity.line)
    ):
        # "#2 IM L delt": nobody writes the arm of a vaccine that is only due
        return attribute(entity, "done") != "earlier"
    told = attribute(entity, "done"), attribute(entity, "supplied")
    if told[0] in ("planned", "earlier") or told[1] in ("ordered", "own", "prescribed"):
        return False
    return any(attribute(entity, name) for name in ("route", "dose", "laterality"))


def _is_vaccine(coded: Coded) -> bool:
    if coded.entity.label is Label.DIAGNOSIS:
        return False
    if "vaccine" in coded.entity.normalized or attribute(coded.entity, "written_code"):
        return any(is_product(c.code) for c in coded.choices) or "vaccine" in coded.entity.normalized
    best = next((c for c in coded.choices if c.code.system is CodeSystem.CPT), None)
    return best is not None and is_product(best.code) and best.score >= _PLAUSIBLE


def _stands(coded: Coded) -> bool:
    context = coded.entity.context
    against = context.negated or context.uncertain or context.historical or context.hypothetical or context.family
    return not against and not coded.entity.unreadable


def _told(coded: Coded, vaccine: Vaccine) -> tuple[int, int]:
    """How much a mention tells: details of giving it, then how exactly it names the product."""
    names = ("dose", "route", "laterality", "supplied", "mark")
    return sum(attribute(coded.entity, name) is not None for name in names), -vaccine.place


def _silenced(visit: Visit, coded: Coded, rule: str) -> Coded:
    return coded.change(lambda c: c.withhold(visit.rules.reason(rule, c.code.system)) if c.proposed else c)


def _with_giving(visit: Visit, coded: list[Coded], given: list[_Given]) -> list[Coded]:
    changed = list(coded)
    needles = [g for g in given if g.vaccine.way == "needle"]
    ordered = [*needles, *(g for g in given if g.vaccine.way != "needle")]
    advised = [g for g in ordered if attribute(coded[g.place].entity, "counselled")]
    counts: dict[str, int] = {}
    homes: dict[str, int] = {}
    for number, g in enumerate(ordered):
        for code, times in _giving(visit, g.vaccine, first=number == 0, advised=bool(advised)):
            counts[code] = counts.get(code, 0) + times
            homes.setdefault(code, g.place)
    for code, place in reversed(homes.items()):
        system = CodeSystem.HCPCS if code[0] == "G" else CodeSystem.CPT
        row = visit.books.row(system, code, visit.on)
        if row is None:
            continue
        product = next(iter(changed[place].proposed(SERVICES)), None)
        score = (product.score if product else _SURE) * _GIVING_CHANCE
        said = (*visit.rules.evidence("vaccine_given", system), *_edition(visit, row))
        choice = Choice(code=visit.books.code(row), score=score, evidence=said, units=counts[code])
        changed[place] = changed[place].add(replace(choice, proposed=score >= visit.propose_from), after=product)
    return changed


def _giving(visit: Visit, vaccine: Vaccine, *, first: bool, advised: bool) -> list[tuple[str, int]]:
    """The numbers for giving one vaccine, with how often."""
    if visit.payer == "medicare" and vaccine.medicare:
        return [(vaccine.medicare, 1)]
    year, age = visit.on.year if visit.on else None, visit.age
    if advised and age is not None:
        if (year is None or year >= 2011) and age <= _COUNSELLED_UNTIL:
            further = [(_ADVICE_FURTHER, vaccine.parts - 1)] if vaccine.parts > 1 else []
            return [(_ADVICE, 1), *further]
        if year is not None and 2005 <= year < 2011 and age < _COUNSELLED_UNDER_OLD:
            return [(_BY_WITH_ADVICE_OLD[vaccine.way][0 if first else 1], 1)]
    return [(_BY[vaccine.way][0 if first else 1], 1)]


def _with_reasons(visit: Visit, coded: list[Coded], given: list[_Given]) -> list[Coded]:
    """With the diagnosis of each vaccine, once."""
    changed = list(coded)
    if not given:
        return changed
    if visit.on is None or visit.on >= ICD10_FROM:
        place = given[0].place
        changed[place] = _because(visit, changed[place], CodeSystem.ICD10CM, _REASON)
    if visit.on is None or visit.on < ICD10_FROM:
        well = any(c.code.code in _WELL for each in coded for c in each.proposed((CodeSystem.ICD9CM,)))
        for g in given if not well else ():
            changed[g.place] = _because(visit, changed[g.place], CodeSystem.ICD9CM, g.vaccine.icd9)
    return changed


def _because(visit: Visit, coded: Coded, system: CodeSystem, number: str) -> Coded:
    row = visit.books.row(system, number, visit.on)
    if row is None:
        return coded
    said = (*visit.rules.evidence("vaccine_why", system), *_edition(visit, row))
    return coded.add(Choice(code=visit.books.code(row), score=_SURE, evidence=said, proposed=True))


def _edition(visit: Visit, row: int) -> list[Evidence]:
    return [] if visit.on is None else edition(visit.books, row, visit.on)

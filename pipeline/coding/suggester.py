"""The stage: from the entities of an encounter to ranked candidate codes. Start reading here.

entity -> its standing (context) -> codes found by its words -> the rules of `rules/order.py` -> candidates
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.sources import fingerprint
from pipeline.codebooks.tables import KINDS, SYSTEMS
from pipeline.coding.choices import ICD10_BEGINS, Choice, Coded, Visit
from pipeline.coding.reasons import edition, reasons
from pipeline.coding.rules import written
from pipeline.coding.rules.order import RULES
from pipeline.coding.rules.pick import pick
from pipeline.coding.rules.standing import Standing, objection, standing
from pipeline.coding.search.features import Side, facts_of, side_of
from pipeline.coding.search.finding import DIAGNOSES, KINDS_OF_CODES, SERVICES, Finder, Found
from pipeline.coding.search.scoring import load_weights
from pipeline.records import Candidate, CodeSystem, Context, Encounter, Entity, Finding, Label, Part
from pipeline.settings import CodingSettings

_PLAUSIBLE, _WORTH_SHOWING = 0.05, 0.001
"""Where not even the best of a system is plausible, what has hardly a chance is not shown."""
_HISTORY_COVERED = 0.75
"""Share of "personal history of ..." that a history code must say to stand for it."""
_TABLES = ("search/calibration.toml", "search/shorthand.tsv")


class Suggester:
    """Proposes codes from the loaded books; a code that is in none of them is never shown."""

    def __init__(self, books: CodeBooks, settings: CodingSettings) -> None:
        self._books = books
        self._settings = settings
        self._facts = facts_of(books)
        weights = load_weights()
        finders = {name: Finder(books, weights, self._facts, name, systems) for name, systems in KINDS_OF_CODES}
        self._diagnoses, self._services = finders["diagnoses"], finders["services"]
        tables = books.tables
        supplies = np.zeros(len(tables.identity_code), dtype=bool)
        supplies[tables.row_identity[tables.row_kind == KINDS.index("supply")]] = True
        hcpcs = tables.identity_system == SYSTEMS.index(CodeSystem.HCPCS)
        self._supplies: NDArray[np.bool_] = supplies | hcpcs
        self._histories = {"personal": self._facts.personal, "family": self._facts.family}

    def __call__(self, encounter: Encounter, entities: tuple[Entity, ...]) -> tuple[Candidate, ...]:
        """Candidates of every entity, each best first; the same code is proposed once an encounter."""
        visit = self._visit(encounter)
        coded = tuple(Coded(entity=entity, choices=self._of_entity(entity, visit.on)) for entity in entities)
        for rule in RULES:
            coded = rule(visit, coded)
        return tuple(
            candidate
            for each in coded
            for candidate in self._candidates(each.choices, self._settings.limit, encounter.id, each.entity.id)
        )

    def for_text(
        self, text: str, label: Label, on: date | None = None, limit: int | None = None
    ) -> tuple[Candidate, ...]:
        """Candidates of a bare text, best first, `limit` a system."""
        choices = self._choices(text, label, on, side_of(text), Standing())
        (coded,) = pick(self._visit_on(on), (Coded(entity=_bare(text, label), choices=self._best(choices)),))
        return tuple(self._candidates(coded.choices, limit or self._settings.limit, None, None))

    def parts(self) -> tuple[Part, ...]:
        """The books and the tables of this stage, as provenance names them."""
        folder = Path(__file__).parent
        sha256 = fingerprint([folder / name for name in _TABLES])
        return (*self._books.parts(), Part(name="code ranking", edition="1", sha256=sha256))

    def _visit(self, encounter: Encounter) -> Visit:
        return replace(
            self._visit_on(_day(encounter)),
            age=_number(encounter.age),
            sex=None if encounter.sex is None else encounter.sex.value,
            payer=None if encounter.payer is None else encounter.payer.value,
            level=_number(encounter.visit_level),
            new_patient=None if encounter.patient_status is None else encounter.patient_status.value == "new",
        )

    def _visit_on(self, on: date | None) -> Visit:
        return Visit(books=self._books, on=on, age=None, sex=None, payer=None, propose_from=self._settings.propose_from)

    def _of_entity(self, entity: Entity, on: date | None) -> tuple[Choice, ...]:
        stands = standing(entity)
        if not stands.coded:
            return ()
        choices: list[Choice] = []
        # a code number that stands alone has no words to ask the books for
        if entity.normalized:
            choices = self._choices(entity.normalized, entity.label, on, _side(entity), stands)
            if not choices and entity.text != entity.normalized:
                choices = self._choices(entity.text, entity.label, on, _side(entity), stands)
        return self._best([*self._written(entity, on, stands, choices), *choices])

    def _choices(self, text: str, label: Label, on: date | None, side: Side, stands: Standing) -> list[Choice]:
        if label is Label.DIAGNOSIS:
            systems: tuple[CodeSystem, ...] = DIAGNOSES
            if on is not None:
                systems = (CodeSystem.ICD9CM,) if on < ICD10_BEGINS else (CodeSystem.ICD10CM,)
            finder, among = self._diagnoses, None
        else:
            systems, finder = SERVICES, self._services
            among = self._supplies if label is Label.SUPPLY else None
        limit = self._settings.limit
        found = finder(text, systems, on, side=side, limit=limit, among=among)
        choices = [
            self._choice(each, text, on, side, stands.withheld or stands.blocked, stands.chance)
            for each_system in found.values()
            for each in each_system
        ]
        if stands.injected is not None:
            drugs = (choice.code.code.startswith("J") for choice in choices)
            choices = [
                replace(c, withheld=c.withheld or stands.injected) if drug else c
                for c, drug in zip(choices, drugs, strict=True)
            ]
        if stands.history is not None:
            choices += self._history(text, stands, systems, on, side)
        return choices

    def _choice(
        self, found: Found, text: str, on: date | None, side: Side, withheld: str | None, chance: float
    ) -> Choice:
        code = self._books.code(found.row)
        named = Side(int(self._facts.side[found.identity]))
        return Choice(
            code=code,
            score=found.score * chance,
            evidence=reasons(self._books, found, side, named, on),
            withheld=withheld or objection(code, text),
        )

    def _written(self, entity: Entity, on: date | None, stands: Standing, others: list[Choice]) -> Iterator[Choice]:
        """The code that the provider wrote with the entity, ahead of the others; none where no book has it."""
        row = written.row(self._books, entity, on)
        if row is None:
            return
        code = self._books.code(row)
        yield Choice(
            code=code,
            score=max([written.SURE * stands.chance, *(other.score for other in others)]),
            evidence=(written.said(code), *(edition(self._books, row, on) if on is not None else ())),
            withheld=stands.withheld or stands.blocked or written.objection(code, on) or objection(code, entity.text),
        )

    def _history(
        self, text: str, stands: Standing, systems: tuple[CodeSystem, ...], on: date | None, side: Side
    ) -> Iterator[Choice]:
        """Codes that say that the patient, or a relative, had it."""
        kind = stands.history or ""
        asked = f"{kind} history of {text}"
        found = self._diagnoses(asked, systems, on, side=side, limit=3, among=self._histories[kind])
        for each in (each for each_system in found.values() for each in each_system):
            if each.asked >= _HISTORY_COVERED:
                yield self._choice(each, text, on, side, stands.blocked, stands.read)

    def _best(self, choices: list[Choice]) -> tuple[Choice, ...]:
        """Each code once, best first within its system; what has hardly a chance only beside what has one."""
        kept: list[Choice] = []
        for system in CodeSystem:
            own: dict[str, Choice] = {}
            for choice in sorted((c for c in choices if c.code.system is system), key=lambda c: -c.score):
                own.setdefault(choice.code.code, choice)
            hopeless = all(choice.score < _PLAUSIBLE for choice in own.values())
            kept += [choice for choice in own.values() if not hopeless or choice.score >= _WORTH_SHOWING]
        return tuple(kept)

    def _candidates(
        self, choices: tuple[Choice, ...], limit: int, encounter: str | None, entity: str | None
    ) -> Iterator[Candidate]:
        for system in CodeSystem:
            own = [choice for choice in choices if choice.code.system is system]
            for rank, choice in enumerate(own[:limit], start=1):
                yield Candidate(
                    encounter=encounter,
                    entity=entity,
                    system=system,
                    code=choice.code.code,
                    display=choice.code.display,
                    score=round(choice.score, 4),
                    rank=rank,
                    proposed=choice.proposed,
                    billable=choice.code.billable,
                    evidence=choice.evidence,
                    withheld=choice.withheld,
                    units=choice.units,
                    modifiers=choice.modifiers,
                    warnings=choice.warnings,
                )


def _day(encounter: Encounter) -> date | None:
    """The date of service; None where it is not known or not a date."""
    if encounter.date_of_service is None:
        return None
    try:
        return date.fromisoformat(encounter.date_of_service.value)
    except ValueError:
        return None


def _number(finding: Finding | None) -> int | None:
    """A finding whose value is a whole number."""
    return int(finding.value) if finding is not None and finding.value.isdigit() else None


def _bare(text: str, label: Label) -> Entity:
    """A typed text as an entity of no chart."""
    return Entity(
        id="", label=label, text=text, normalized=text, section=None, context=Context(), attributes=(), spans=()
    )


def _side(entity: Entity) -> Side:
    """The side that an attribute of the entity names, else its words."""
    for attribute in entity.attributes:
        if attribute.name == "laterality":
            return side_of(attribute.value)
    return side_of(f"{entity.normalized} {entity.text}")

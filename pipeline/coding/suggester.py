"""The stage: from the entities of an encounter to ranked candidate codes. Start reading here.

entity -> its standing (context) -> codes found by its words -> history codes, vaccines -> what is proposed
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.sources import fingerprint
from pipeline.codebooks.tables import KINDS, SYSTEMS
from pipeline.codebooks.validity import InForce
from pipeline.coding.reasons import edition, reasons
from pipeline.coding.rules import vaccines, written
from pipeline.coding.rules.standing import ICD10_BEGINS, TWICE, Standing, objection, standing
from pipeline.coding.search.features import Side, facts_of, side_of
from pipeline.coding.search.finding import DIAGNOSES, KINDS_OF_CODES, SERVICES, Finder, Found
from pipeline.coding.search.scoring import load_weights
from pipeline.records import CLAIMED, Candidate, Code, CodeSystem, Encounter, Entity, Evidence, Label, Part
from pipeline.settings import CodingSettings

_PLAUSIBLE, _WORTH_SHOWING = 0.05, 0.001
"""Where not even the best of a system is plausible, what has hardly a chance is not shown."""
_HISTORY_COVERED = 0.75
"""Share of "personal history of ..." that a history code must say to stand for it."""
_GIVING_CHANCE = 0.9
"""Chance that a vaccine that is coded was also given here."""
_TABLES = ("search/calibration.toml", "search/shorthand.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A code on its way to become a candidate."""

    code: Code
    score: float
    evidence: tuple[Evidence, ...]
    withheld: str | None


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
        on = _day(encounter)
        proposed: set[tuple[CodeSystem, str]] = set()
        candidates: list[Candidate] = []
        for entity in entities:
            stands = standing(entity)
            if not stands.coded:
                continue
            choices: list[_Choice] = []
            # a code number that stands alone has no words to ask the books for
            if entity.normalized:
                choices = self._choices(entity.normalized, entity.label, on, _side(entity), stands)
                if not choices and entity.text != entity.normalized:
                    choices = self._choices(entity.text, entity.label, on, _side(entity), stands)
            choices = [*self._written(entity, on, stands, choices), *choices]
            candidates += self._candidates(choices, on, proposed, self._settings.limit, encounter.id, entity.id)
        return tuple(candidates)

    def for_text(
        self, text: str, label: Label, on: date | None = None, limit: int | None = None
    ) -> tuple[Candidate, ...]:
        """Candidates of a bare text, best first, `limit` a system."""
        choices = self._choices(text, label, on, side_of(text), Standing())
        return tuple(self._candidates(choices, on, set(), limit or self._settings.limit, None, None))

    def parts(self) -> tuple[Part, ...]:
        """The books and the tables of this stage, as provenance names them."""
        folder = Path(__file__).parent
        sha256 = fingerprint([folder / name for name in _TABLES])
        return (*self._books.parts(), Part(name="code ranking", edition="1", sha256=sha256))

    def _choices(self, text: str, label: Label, on: date | None, side: Side, stands: Standing) -> list[_Choice]:
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
    ) -> _Choice:
        code = self._books.code(found.row)
        named = Side(int(self._facts.side[found.identity]))
        return _Choice(
            code=code,
            score=found.score * chance,
            evidence=reasons(self._books, found, side, named, on),
            withheld=withheld or objection(code, text),
        )

    def _written(self, entity: Entity, on: date | None, stands: Standing, others: list[_Choice]) -> Iterator[_Choice]:
        """The code that the provider wrote with the entity, ahead of the others; none where no book has it."""
        row = written.row(self._books, entity, on)
        if row is None:
            return
        code = self._books.code(row)
        yield _Choice(
            code=code,
            score=max([written.SURE * stands.chance, *(other.score for other in others)]),
            evidence=(written.said(code), *(edition(self._books, row, on) if on is not None else ())),
            withheld=stands.withheld
            or stands.blocked
            or written.objection(self._books, row, on)
            or objection(code, entity.text),
        )

    def _history(
        self, text: str, stands: Standing, systems: tuple[CodeSystem, ...], on: date | None, side: Side
    ) -> Iterator[_Choice]:
        """Codes that say that the patient, or a relative, had it."""
        kind = stands.history or ""
        asked = f"{kind} history of {text}"
        found = self._diagnoses(asked, systems, on, side=side, limit=3, among=self._histories[kind])
        for each in (each for each_system in found.values() for each in each_system):
            if each.asked >= _HISTORY_COVERED:
                yield self._choice(each, text, on, side, stands.blocked, stands.read)

    def _candidates(
        self,
        choices: list[_Choice],
        on: date | None,
        proposed: set[tuple[CodeSystem, str]],
        limit: int,
        encounter: str | None,
        entity: str | None,
    ) -> Iterator[Candidate]:
        """Ranked by system; `proposed` is added to."""
        for system in CLAIMED:
            own = sorted((c for c in choices if c.code.system is system), key=lambda c: -c.score)
            best: dict[str, _Choice] = {}
            for choice in own:
                best.setdefault(choice.code.code, choice)
            own = list(best.values())
            if own and own[0].score < _PLAUSIBLE:
                own = [c for c in own if c.score >= _WORTH_SHOWING]
            own, ticked = self._ticked(own, on, proposed)
            for rank, choice in enumerate(own[:limit], start=1):
                yield Candidate(
                    encounter=encounter,
                    entity=entity,
                    system=system,
                    code=choice.code.code,
                    display=choice.code.display,
                    score=round(choice.score, 4),
                    rank=rank,
                    proposed=choice.code.code in ticked,
                    billable=choice.code.billable,
                    evidence=choice.evidence,
                    withheld=choice.withheld,
                )

    def _ticked(
        self, own: list[_Choice], on: date | None, proposed: set[tuple[CodeSystem, str]]
    ) -> tuple[list[_Choice], set[str]]:
        """The choices, with giving the vaccine added or a reason told, and the codes that are proposed."""
        place = next((n for n, choice in enumerate(own) if choice.withheld is None), None)
        if place is None or own[place].score < self._settings.propose_from:
            return own, set()
        first = own[place]
        key = (first.code.system, first.code.code)
        if key in proposed:
            return [*own[:place], replace(first, withheld=TWICE), *own[place + 1 :]], set()
        ticked = {first.code.code}
        if vaccines.is_product(first.code):
            added = self._giving(first, on, proposed)
            if added is not None:
                own = [c for c in own if c.code.code != added.code.code]
                own.insert(own.index(first) + 1, added)
                if added.score >= self._settings.propose_from:
                    ticked.add(added.code.code)
                    proposed.add((added.code.system, added.code.code))
        proposed.add(key)
        return own, ticked

    def _giving(self, product: _Choice, on: date | None, proposed: set[tuple[CodeSystem, str]]) -> _Choice | None:
        row = self._books.row(CodeSystem.CPT, vaccines.giving(product.code, proposed), on)
        if row is None or (on is not None and self._books.in_force(row, on) is InForce.REFUTED):
            return None
        said = Evidence(source="rule", detail=f"Giving the vaccine {product.code.code} is billed beside it.")
        return _Choice(
            code=self._books.code(row),
            score=product.score * _GIVING_CHANCE,
            evidence=(said, *(edition(self._books, row, on) if on is not None else ())),
            withheld=None,
        )


def _day(encounter: Encounter) -> date | None:
    """The date of service; None where it is not known or not a date."""
    if encounter.date_of_service is None:
        return None
    try:
        return date.fromisoformat(encounter.date_of_service.value)
    except ValueError:
        return None


def _side(entity: Entity) -> Side:
    """The side that an attribute of the entity names, else its words."""
    for attribute in entity.attributes:
        if attribute.name == "laterality":
            return side_of(attribute.value)
    return side_of(f"{entity.normalized} {entity.text}")

"""From one mention, an entity of a chart or a typed text, to the codes that it may stand for."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.tables import KINDS, SYSTEMS
from pipeline.coding.choices import Choice, Visit
from pipeline.coding.reasons import edition, reasons
from pipeline.coding.rules import written
from pipeline.coding.rules.standing import Standing, objection, standing
from pipeline.coding.search.features import facts_of
from pipeline.coding.search.finding import DIAGNOSES, KINDS_OF_CODES, SERVICES, Finder, Found
from pipeline.coding.search.scoring import load_weights
from pipeline.coding.search.sides import Side, side_of
from pipeline.records import CLAIMED, ICD10_FROM, CodeSystem, Entity, Evidence, Label

_PLAUSIBLE, _WORTH_SHOWING = 0.05, 0.001
"""Where not even the best of a system is plausible, what has hardly a chance is not shown."""
_FULLER = 0.6
"""How much less a plain wording counts beside a fuller one that is certain."""
_DETAILS = frozenset(("acuity", "site", "laterality"))
_PLAINLY = 0.8
"""What a code counts that says less than the note."""
_INK_UNSURE = 0.45
"""The highest score of what the ink supports only second-best."""
_HISTORY_COVERED = 0.75
"""Share of "personal history of ..." that a history code must say to stand for it."""


class MentionCoder:
    """Finds the choices of a mention in the books, and what its own context says against them."""

    def __init__(self, books: CodeBooks, limit: int) -> None:
        self._books = books
        self._limit = limit
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

    def __call__(self, entity: Entity, visit: Visit) -> tuple[Choice, ...]:
        """The choices of an entity, best first within each system; none where its context forbids any."""
        stands = standing(entity, report=visit.report)
        if not stands.coded:
            return ()
        visit = _paid(entity.text, visit)
        choices: list[Choice] = []
        # a code number that stands alone has no words to ask the books for
        if entity.normalized:
            choices = self._choices(entity.normalized, entity.label, visit, _side(entity), stands)
            choices = self._fuller(entity, visit, stands, choices)
            if max((choice.score for choice in choices), default=0.0) < visit.propose_from * stands.chance:
                choices += self._plainly(entity, visit, stands)
            if not choices and entity.text != entity.normalized:
                choices = self._choices(entity.text, entity.label, visit, _side(entity), stands)
            choices += self._also_read(entity, visit, stands, choices)
        return _best([*self._written(entity, visit, stands, choices), *choices])

    def for_text(self, text: str, label: Label, visit: Visit) -> tuple[Choice, ...]:
        """The choices of a bare text, best first within each system."""
        return _best(self._choices(text, label, _paid(text, visit), side_of(text), Standing()))

    def _plainly(self, entity: Entity, visit: Visit, stands: Standing) -> list[Choice]:
        """The codes of the finding without its details, where no wording has them all: "chronic fever"."""
        details = {word for a in entity.attributes if a.name in _DETAILS for word in a.value.split()}
        words = [word for word in entity.normalized.split() if word not in details]
        text = " ".join(words)
        if not words or text == entity.normalized:
            return []
        found = self._choices(text, entity.label, visit, _side(entity), stands)
        return [replace(choice, score=choice.score * _PLAINLY) for choice in found]

    def _fuller(self, entity: Entity, visit: Visit, stands: Standing, choices: list[Choice]) -> list[Choice]:
        """With the codes of fuller wordings that the clause bears out; the plain ones then count for less."""
        finder, systems = self._finder(entity.label, visit)
        side = _side(entity)
        said = (entity.normalized, entity.text)
        wordings = dict.fromkeys(w for text in said for w in finder.fuller(text, entity.clause, systems))
        fuller = [
            choice for wording in wordings for choice in self._choices(wording, entity.label, visit, side, stands)
        ]
        sure = {system: max((c.score for c in fuller if c.code.system is system), default=0.0) for system in CLAIMED}
        plain = [replace(c, score=c.score * (1 - _FULLER * sure[c.code.system])) for c in choices]
        return [*fuller, *plain]

    def _also_read(self, entity: Entity, visit: Visit, stands: Standing, others: list[Choice]) -> Iterator[Choice]:
        """Codes of what the ink supports only second-best: never likelier than not, and both readings are told."""
        also = next((each.value for each in entity.attributes if each.name == "also_read"), None)
        if also is None:
            return
        finder, systems = self._finder(entity.label, visit)
        side = _side(entity)
        known = {(other.code.system, other.code.code) for other in others if other.score >= _INK_UNSURE}
        for found in finder(also, systems, visit.on, side=side, limit=1).values():
            for each in found:
                choice = self._choice(each, visit, side, (stands.withheld, stands.blocked), stands.chance)
                if each.exact and (choice.code.system, choice.code.code) not in known:
                    unsure = Evidence(source="ink", detail=f"Ink unsure: read as “{entity.text}”, or else as “{also}”.")
                    yield replace(choice.with_reason(unsure), score=min(choice.score, _INK_UNSURE))

    def _finder(self, label: Label, visit: Visit) -> tuple[Finder, tuple[CodeSystem, ...]]:
        if label is not Label.DIAGNOSIS:
            return self._services, SERVICES
        if visit.on is None:
            return self._diagnoses, DIAGNOSES
        return self._diagnoses, (CodeSystem.ICD9CM,) if visit.on < ICD10_FROM else (CodeSystem.ICD10CM,)

    def _choices(self, text: str, label: Label, visit: Visit, side: Side, stands: Standing) -> list[Choice]:
        finder, systems = self._finder(label, visit)
        among = self._supplies if label is Label.SUPPLY else None
        found = finder(text, systems, visit.on, side=side, limit=self._limit, among=among)
        choices = [
            self._choice(each, visit, side, (stands.withheld, stands.blocked), stands.chance)
            for each_system in found.values()
            for each in each_system
        ]
        if stands.injected is not None:
            prescribed = visit.rules.reason(stands.injected, CodeSystem.HCPCS)
            choices = [c.withhold(prescribed) if c.code.code.startswith("J") else c for c in choices]
        if stands.history is not None:
            choices += self._history(text, stands, systems, visit, side)
        return choices

    def _choice(self, found: Found, visit: Visit, side: Side, against: tuple[str | None, ...], chance: float) -> Choice:
        code = self._books.code(found.row)
        named = Side(int(self._facts.side[found.identity]))
        choice = Choice(
            code=code, score=found.score * chance, evidence=reasons(self._books, found, side, named, visit.on)
        )
        return _withheld(choice, visit, *against, objection(code, visit.payer))

    def _written(self, entity: Entity, visit: Visit, stands: Standing, others: list[Choice]) -> Iterator[Choice]:
        """The code that the provider wrote with the entity, ahead of the others; none where no book has it."""
        row = written.row(self._books, entity, visit.on)
        if row is None:
            return
        code = self._books.code(row)
        choice = Choice(
            code=code,
            score=max([written.SURE * stands.chance, *(other.score for other in others)]),
            evidence=(written.said(code), *(edition(self._books, row, visit.on) if visit.on is not None else ())),
        )
        against = (
            stands.withheld,
            stands.blocked,
            written.objection(self._books, row, visit.on),
            objection(code, visit.payer),
        )
        yield _withheld(choice, visit, *against)

    def _history(
        self, text: str, stands: Standing, systems: tuple[CodeSystem, ...], visit: Visit, side: Side
    ) -> Iterator[Choice]:
        """Codes that say that the patient, or a relative, had it."""
        kind = stands.history or ""
        asked = f"{kind} history of {text}"
        found = self._diagnoses(asked, systems, visit.on, side=side, limit=3, among=self._histories[kind])
        for each in (each for each_system in found.values() for each in each_system):
            if each.asked >= _HISTORY_COVERED:
                yield self._choice(each, visit, side, (stands.blocked,), stands.read)


def _paid(text: str, visit: Visit) -> Visit:
    """The visit with the payer that the mention itself names."""
    return replace(visit, payer="medicare") if "medicare" in text.lower() else visit


def _withheld(choice: Choice, visit: Visit, *rules: str | None) -> Choice:
    """Withheld by the first of the rules that is in force."""
    for rule in rules:
        choice = choice.withhold(visit.rules.reason(rule, choice.code.system))
    return choice


def _best(choices: list[Choice]) -> tuple[Choice, ...]:
    """Each code once, best first within its system; what has hardly a chance only beside what has one."""
    kept: list[Choice] = []
    for system in CLAIMED:
        own: dict[str, Choice] = {}
        for choice in sorted((c for c in choices if c.code.system is system), key=lambda c: -c.score):
            own.setdefault(choice.code.code, choice)
        hopeless = all(choice.score < _PLAUSIBLE for choice in own.values())
        kept += [choice for choice in own.values() if not hopeless or choice.score >= _WORTH_SHOWING]
    return tuple(kept)


def _side(entity: Entity) -> Side:
    """The side that an attribute of the entity names, else its words."""
    for attribute in entity.attributes:
        if attribute.name == "laterality":
            return side_of(attribute.value)
    return side_of(f"{entity.normalized} {entity.text}")

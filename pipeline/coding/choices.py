"""What coding works on: codes on their way to become candidates, and the visit that they are for.

A rule of the trade is a function `(visit, coded) -> coded`: it withholds, adds, joins or orders choices and
says why. `rules/order.py` lists all of them in the order in which they are applied.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from pipeline.codebooks import CodeBooks
from pipeline.coding.rules.rulebook import RuleBook
from pipeline.records import CLAIMED, DIAGNOSES, ICD10_FROM, Code, CodeSystem, Entity, Evidence

ASSESSMENT = frozenset(("assessment", "assessment_plan"))
"""Sections in which the provider says what it is."""
SERVICES = frozenset((CodeSystem.CPT, CodeSystem.HCPCS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A code that may become a candidate of an entity."""

    code: Code
    score: float
    """Probability that it is right."""
    evidence: tuple[Evidence, ...]
    withheld: str | None = None
    """Why it is not proposed."""
    proposed: bool = False
    units: int | None = None
    """How many are billed; None where the note does not tell."""
    modifiers: tuple[str, ...] = ()
    """Only those that the ink supports."""
    warnings: tuple[str, ...] = ()
    """What a coder must look at before confirming it."""

    def withhold(self, reason: str | None) -> "Choice":
        """Not proposed, and why; the first reason stays, and without one nothing changes."""
        return self if reason is None else replace(self, withheld=self.withheld or reason, proposed=False)

    def with_reason(self, *evidence: Evidence) -> "Choice":
        """With more evidence."""
        return replace(self, evidence=(*self.evidence, *evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An entity with its choices: best first within each system."""

    entity: Entity
    choices: tuple[Choice, ...]

    def proposed(self, systems: Iterable[CodeSystem] = CLAIMED) -> tuple[Choice, ...]:
        """The choices that are proposed."""
        return tuple(choice for choice in self.choices if choice.proposed and choice.code.system in systems)

    def change(self, change: Callable[[Choice], Choice]) -> "Coded":
        """With every choice changed."""
        return replace(self, choices=tuple(change(choice) for choice in self.choices))

    def withhold(self, reason: str | None, system: CodeSystem) -> "Coded":
        """Nothing of one system is proposed of it, and why; without a reason nothing changes."""
        return self.change(lambda c: c.withhold(reason) if c.proposed and c.code.system is system else c)

    def add(self, choice: Choice, *, after: Choice | None = None) -> "Coded":
        """With one more choice, in the place of the same code; first, or after another one."""
        others = [c for c in self.choices if (c.code.system, c.code.code) != (choice.code.system, choice.code.code)]
        beside = after is not None and after.code.system is choice.code.system and after in others
        place = others.index(after) + 1 if beside and after is not None else 0
        return replace(self, choices=(*others[:place], choice, *others[place:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The visit that is coded, and the books that answer for its day."""

    books: CodeBooks
    rules: RuleBook
    on: date | None
    """Date of service; None where it is not known, and both ICD editions answer."""
    age: int | None = None
    """The patient's, in whole years."""
    sex: str | None = None
    """`F` or `M`."""
    payer: str | None = None
    """`medicare`, `medicaid`, `commercial`, ...; None where the note does not tell."""
    level: int | None = None
    """The level of the visit that the provider wrote, 1 to 5."""
    new_patient: bool | None = None
    report: bool = False
    """The note is a report of imaging or pathology."""
    propose_from: float = 0.5
    """The best choice of an entity is proposed from this score on."""

    @property
    def systems(self) -> frozenset[CodeSystem]:
        """The systems that answer for the day: one ICD edition, or both where the day is not known."""
        if self.on is None:
            return DIAGNOSES | SERVICES
        return SERVICES | {CodeSystem.ICD9CM if self.on < ICD10_FROM else CodeSystem.ICD10CM}

    def code(self, system: CodeSystem, code: str) -> Code | None:
        """The code as the books of that day have it."""
        return self.books.get(system, code, self.on)


Rule: TypeAlias = Callable[[Visit, tuple[Coded, ...]], tuple[Coded, ...]]

"""The stage: from the entities of an encounter to ranked candidate codes. Start reading here.

entity -> the codes that it may stand for (`mention.py`) -> the rules of the trade (`rules/order.py`) -> candidates
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.codebooks.sources import fingerprint
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.mention import MentionCoder
from pipeline.coding.rules.category import category
from pipeline.coding.rules.order import rules_in_order
from pipeline.coding.rules.pick import pick
from pipeline.coding.rules.report import is_report
from pipeline.coding.rules.rulebook import load_rules
from pipeline.records import CLAIMED, Candidate, Context, Encounter, Entity, Finding, Label, Part
from pipeline.settings import CodingSettings


class Suggester:
    """Proposes codes from the loaded books; a code that is in none of them is never shown."""

    def __init__(self, books: CodeBooks, settings: CodingSettings, edits: Edits | None = None) -> None:
        self._books = books
        self._settings = settings
        self._rules = load_rules(settings.setting)
        self._visit_rules = rules_in_order(books, edits)
        self._code_mention = MentionCoder(books, settings.limit)

    def __call__(self, encounter: Encounter, entities: tuple[Entity, ...]) -> tuple[Candidate, ...]:
        """Candidates of every entity, each best first; the same code is proposed once an encounter."""
        visit = replace(self._visit(encounter), report=is_report(encounter, entities))
        coded = tuple(Coded(entity=entity, choices=self._code_mention(entity, visit)) for entity in entities)
        for rule in self._visit_rules:
            coded = rule(visit, coded)
        return tuple(
            candidate
            for each in coded
            for candidate in _candidates(each.choices, self._settings.limit, encounter.id, each.entity.id)
        )

    def for_text(
        self, text: str, label: Label, on: date | None = None, limit: int | None = None
    ) -> tuple[Candidate, ...]:
        """Candidates of a bare text, best first, `limit` a system."""
        visit = self._visit_on(on)
        choices = self._code_mention.for_text(text, label, visit)
        (coded,) = category(visit, pick(visit, (Coded(entity=_bare(text, label), choices=choices),)))
        return tuple(_candidates(coded.choices, limit or self._settings.limit, None, None))

    def parts(self) -> tuple[Part, ...]:
        """The books and the tables of this stage, as provenance names them."""
        folder = Path(__file__).parent
        tables = sorted((*folder.rglob("*.tsv"), *folder.rglob("*.toml")))
        return (*self._books.parts(), Part(name="code ranking", edition="2", sha256=fingerprint(tables)))

    def _visit(self, encounter: Encounter) -> Visit:
        return replace(
            self._visit_on(_day(encounter)),
            age=_number(encounter.age),
            sex=_value(encounter.sex),
            payer=_value(encounter.payer),
            level=_number(encounter.visit_level),
            new_patient=None if encounter.patient_status is None else encounter.patient_status.value == "new",
        )

    def _visit_on(self, on: date | None) -> Visit:
        return Visit(books=self._books, rules=self._rules, on=on, propose_from=self._settings.propose_from)


def _candidates(
    choices: tuple[Choice, ...], limit: int, encounter: str | None, entity: str | None
) -> Iterator[Candidate]:
    for system in CLAIMED:
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


def _value(finding: Finding | None) -> str | None:
    return None if finding is None else finding.value


def _number(finding: Finding | None) -> int | None:
    """A finding whose value is a whole number."""
    return int(finding.value) if finding is not None and finding.value.isdigit() else None


def _bare(text: str, label: Label) -> Entity:
    """A typed text as an entity of no chart."""
    return Entity(
        id="", label=label, text=text, normalized=text, section=None, context=Context(), attributes=(), spans=()
    )

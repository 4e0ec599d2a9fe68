"""The chart screen as one frozen record, computed from the store's records by pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType

from pipeline.records import SYSTEM_NAMES, CodeSystem, CodeWarning, Encounter, Finding, Reading
from pipeline.review.chart.cards import Card, Findings, card, findings, icd_for, percent
from pipeline.review.chart.lines import CodeLine, Standing, code_line, entity_of, ink_id, standing
from pipeline.review.chart.sentences import sentence_of
from pipeline.review.chart.sheets import Ink, Sheets, facts, ink_of_anchors, inks_of_reading, sheets
from pipeline.review.deciding.casework import Casework
from pipeline.review.deciding.corrected import Corrections
from pipeline.store.decided import Action, Decision
from pipeline.store.matching import unmatched
from pipeline.store.refusals import LASTING, refusal
from pipeline.store.review_state import Review, effective
from pipeline.store.rows import EncounterState, ProposedEncounter


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact of the encounter in the form that a person confirms."""

    name: str
    value: str
    """As confirmed, else as proposed; dates as YYYY-MM-DD."""
    read: str | None
    """What stands on the page; None where nothing was found."""
    sure: int | None
    """Percent that it was read right."""
    ink: str | None
    """Id of its boxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the chart says of the visit beside the fields that a person confirms."""

    words: str
    read: str
    ink: str | None
    """Id of its boxes."""
    doubtful: bool
    """A coder should look: the note is not signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the history."""

    at: datetime
    who: str
    sentence: str
    undo: int | None
    """Id of the decision, where it can be undone by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another encounter that may be the same visit."""

    id: str
    document_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All that the chart screen shows."""

    id: str
    document_name: str
    part: int
    batch: str
    reading: int
    latest_decision: int
    """Id of the newest decision, 0 before the first: tells an old panel from a new one."""
    state: EncounterState
    read_only: bool
    fields: dict[str, Field]
    said: tuple[Said, ...]
    identity_confirmed: bool
    """Patient and date of service, both."""
    patient: str | None
    """As confirmed, else as proposed."""
    day: date | None
    """Date of service as confirmed, else as proposed."""
    icd_name: str | None
    """The edition that the day asks for; None while the day is unknown."""
    search_in: CodeSystem
    conflicts: tuple[str, ...]
    same_visit: tuple[Neighbour, ...]
    stale: bool
    """The document's latest reading lacks this encounter."""
    cards: tuple[Card, ...]
    findings: tuple[Findings, ...]
    """The cards by kind."""
    standing: Standing
    """The accepted codes."""
    unmatched: tuple[CodeLine, ...]
    """Decisions that this reading does not bear out."""
    history: tuple[Event, ...]
    undecided: int
    """Findings with a proposed code that waits for the coder."""
    reopened: str | None
    """Why it was reopened last."""
    blocked: str | None
    """Why the encounter cannot be confirmed now."""
    confirmed_by: str | None
    confirmed_at: datetime | None
    sheets: Sheets
    corrections: Corrections = field(default_factory=Corrections)
    """What people corrected, and what that changed; empty until `load_chart` looks."""
    casework: Casework = field(default_factory=Casework)
    """Its way through the office; empty until `load_chart` looks."""


def chart(
    encounter: ProposedEncounter,
    reading: Reading,
    review: Review,
    decisions: tuple[Decision, ...],
    names: dict[str, str],
    warnings: tuple[CodeWarning, ...] = (),
    modifiers: Mapping[str, str] = MappingProxyType({}),
) -> Chart:
    """The chart screen of one encounter.

    Args:
        encounter: as proposed.
        reading: the one that proposes it.
        review: what its decisions add up to.
        decisions: its journal, oldest first.
        names: document name of every encounter, by encounter id.
        warnings: what the rules say of the codes that stand.
        modifiers: what each known modifier stands for.
    """
    proposal = encounter.proposal
    day = review.date_of_service or day_of(proposal.date_of_service)
    entities = tuple(entity for entity in reading.entities if entity.id in proposal.entities)
    candidates = tuple(c for c in reading.candidates if c.encounter == proposal.id)
    sizes = {page.number: (page.width, page.height) for page in reading.pages}
    cards = tuple(card(e, [c for c in candidates if c.entity == e.id], review, day, sizes) for e in entities)
    lost = unmatched(review, candidates, {entity.id: entity.spans for entity in entities})
    inks = inks_of_reading(reading, proposal)
    for verdict in review.codes.values():
        if verdict.anchors and entity_of(verdict, entities) is None:
            for page, ink in ink_of_anchors(ink_id(verdict), f"Decided: {verdict.code}", verdict.anchors).items():
                inks[page] = (*inks.get(page, ()), ink)
    confirmed = review.state is EncounterState.CONFIRMED
    return Chart(
        id=encounter.id,
        document_name=encounter.document_name,
        part=proposal.part,
        batch=encounter.batch,
        reading=encounter.reading,
        latest_decision=decisions[-1].id if decisions else 0,
        state=review.state,
        read_only=confirmed,
        fields=_fields(encounter, review, inks),
        said=_said(proposal, inks),
        identity_confirmed=review.patient is not None and review.date_of_service is not None,
        patient=review.patient.name if review.patient else value_of(proposal.patient_name),
        day=day,
        icd_name=None if day is None else SYSTEM_NAMES[icd_for(day)],
        search_in=icd_for(day),
        conflicts=proposal.conflicts,
        same_visit=tuple(Neighbour(id=id, document_name=names.get(id, "another file")) for id in encounter.same_visit),
        stale=encounter.latest_reading > encounter.reading,
        cards=cards,
        findings=findings(cards),
        standing=standing(review, entities, warnings, modifiers),
        unmatched=tuple(code_line(verdict, entities) for verdict in lost),
        history=_history(decisions, closed=confirmed),
        undecided=sum(card.open for card in cards),
        reopened=review.reopened,
        blocked=None if confirmed else refusal(review, _signature(encounter)),
        confirmed_by=review.confirmed_by,
        confirmed_at=review.confirmed_at,
        sheets=sheets(reading, proposal, inks),
    )


def day_of(finding: Finding | None) -> date | None:
    """The day that was read; None where none was, or where it is no day of the calendar."""
    try:
        return None if finding is None else date.fromisoformat(finding.value)
    except ValueError:
        return None


def value_of(finding: Finding | None) -> str | None:
    """What was read; None where nothing was."""
    return None if finding is None else finding.value


def _history(decisions: tuple[Decision, ...], *, closed: bool) -> tuple[Event, ...]:
    """Everything that was decided, the newest first; what counts and is no milestone can be undone."""
    made = {decision.id: decision for decision in decisions}
    counting = {decision.id for decision in effective(decisions)}
    return tuple(
        Event(
            at=d.at,
            who=d.who,
            sentence=sentence_of(d, made.get(d.about) if d.about is not None else None),
            undo=d.id if not closed and d.id in counting and d.action not in LASTING else None,
        )
        for d in reversed(decisions)
    )


def _signature(encounter: ProposedEncounter) -> Decision:
    """The signature that the coder would give next, to ask whether it may be given."""
    return Decision(
        id=0,
        at=datetime.min.replace(tzinfo=UTC),
        who="",
        encounter=encounter.id,
        reading=encounter.reading,
        action=Action.CONFIRM_ENCOUNTER,
    )


def _fields(encounter: ProposedEncounter, review: Review, inks: dict[int, tuple[Ink, ...]]) -> dict[str, Field]:
    confirmed: dict[str, str] = {}
    if review.patient is not None:
        patient = review.patient
        confirmed = {
            "patient_name": patient.name,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else "",
            "record_number": patient.record_number or "",
            "sex": patient.sex or "",
        }
    if review.date_of_service is not None:
        confirmed["date_of_service"] = review.date_of_service.isoformat()
    drawn = {ink.id for found in inks.values() for ink in found}
    read = facts(encounter.proposal)
    fields = {}
    for name in ("patient_name", "birth_date", "record_number", "sex", "date_of_service", "provider"):
        finding = read.get(name)
        fields[name] = Field(
            name=name,
            value=confirmed.get(name, finding.value if finding else ""),
            read=finding.text if finding else None,
            sure=percent(finding.confidence) if finding else None,
            ink=f"fact-{name}" if f"fact-{name}" in drawn else None,
        )
    return fields


def _said(encounter: Encounter, inks: dict[int, tuple[Ink, ...]]) -> tuple[Said, ...]:
    """New or established, level, time, signature and addenda, as far as the chart gives them."""
    drawn = {ink.id for found in inks.values() for ink in found}
    words = {
        "patient_status": "{} patient",
        "visit_level": "level {}",
        "time_spent": "{} min",
        "signature": "{}",
    }
    dates = {f"addendum_{n}": addendum.written for n, addendum in enumerate(encounter.addenda, start=1)}
    said = []
    for name, finding in facts(encounter).items():
        day = day_of(dates.get(name))
        if name in dates:
            phrase = "addendum" if day is None else f"addendum of {day:%m/%d/%Y}"
        elif name in words:
            phrase = words[name].format(finding.value)
        else:
            continue
        ink = f"fact-{name}" if f"fact-{name}" in drawn else None
        said.append(Said(words=phrase, read=finding.text, ink=ink, doubtful=finding.value == "unsigned"))
    return tuple(said)

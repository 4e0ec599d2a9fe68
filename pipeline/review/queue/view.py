"""The list of encounters as frozen records, computed from the store's records by pure functions."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.records import CodeSystem
from pipeline.review.chart.cards import shown_first
from pipeline.review.chart.view import day_of, value_of
from pipeline.store.review_state import Review
from pipeline.store.rows import Arrival, ArrivalState, Document, DocumentState, EncounterState, ProposedEncounter

ROWS = 50
"""Encounters on one screen."""

Proposed = Callable[[str, int], dict[str, frozenset[tuple[CodeSystem, str]]]]
"""The proposed codes of each encounter of a reading, asked for by document id and reading number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One encounter of the list."""

    id: str
    state: EncounterState
    patient: str | None
    patient_confirmed: bool
    day: str | None
    """Date of service, YYYY-MM-DD."""
    day_confirmed: bool
    provider: str | None
    document_name: str
    part: int | None
    """None where the file has one part only."""
    batch: str
    pages: int
    proposed: int
    accepted: int
    age: str
    """How long it waits: `3 h`, `2 days`."""
    flags: tuple[str, ...]
    same_visit: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch that the list can be narrowed to."""

    key: str
    """Stands for the label in addresses, since a folder's name may hold a patient's."""
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """How many encounters stand in a state."""

    state: EncounterState | None
    """None for all."""
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A file that needs the clerk."""

    name: str
    batch: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """All that the list shows."""

    rows: tuple[Row, ...]
    states: tuple[StateCount, ...]
    batches: tuple[Batch, ...]
    batch_key: str | None
    state: EncounterState | None
    screen: int
    """From 1."""
    screens: int
    total: int
    files: dict[ArrivalState, int]
    rejected: tuple[Trouble, ...]
    without_encounter: tuple[str, ...]
    """Names of files that were read and in which no encounter was found."""


def batch_key(label: str) -> str:
    """An opaque key of a batch."""
    return hashlib.sha256(label.encode(errors="surrogatepass")).hexdigest()[:12]


def waiting(encounters: Iterable[ProposedEncounter], reviews: dict[str, Review]) -> list[ProposedEncounter]:
    """Those that nobody confirmed, the longest waiting first."""
    done = {id for id, review in reviews.items() if review.state is EncounterState.CONFIRMED}
    return [encounter for encounter in encounters if encounter.id not in done]


def queue(
    encounters: tuple[ProposedEncounter, ...],
    reviews: dict[str, Review],
    arrivals: tuple[Arrival, ...],
    documents: tuple[Document, ...],
    proposed: Proposed,
    now: datetime,
    *,
    state: EncounterState | None = None,
    batch: str | None = None,
    screen: int = 1,
) -> Queue:
    """The list of encounters, the longest waiting first and the confirmed ones last.

    Args:
        encounters: all, the longest waiting first.
        reviews: where review stands, by encounter id.
        arrivals: all files that were seen.
        documents: all documents.
        proposed: proposed codes of a reading; asked for the rows of this screen only.
        now: the time.
        state: only encounters in this state.
        batch: only encounters of the batch with this key.
        screen: which screenful, from 1.
    """
    states = {e.id: reviews.get(e.id, Review()).state for e in encounters}
    in_batch = [e for e in encounters if batch in (None, batch_key(e.batch))]
    chosen = [e for e in in_batch if state in (None, states[e.id])]
    chosen.sort(key=lambda e: states[e.id] is EncounterState.CONFIRMED)
    screens = max(1, -(-len(chosen) // ROWS))
    screen = min(max(1, screen), screens)
    parts = {e.document for e in encounters if e.proposal.part > 1}
    seen = {e.document for e in encounters}
    return Queue(
        rows=tuple(
            _row(e, reviews.get(e.id, Review()), proposed, e.document in parts, now)
            for e in chosen[(screen - 1) * ROWS : screen * ROWS]
        ),
        states=tuple(
            StateCount(state=s, count=sum(s in (None, states[e.id]) for e in in_batch), chosen=s is state)
            for s in (None, *EncounterState)
        ),
        batches=tuple(
            Batch(key=batch_key(label), label=label, chosen=batch_key(label) == batch)
            for label in sorted({e.batch for e in encounters})
        ),
        batch_key=batch,
        state=state,
        screen=screen,
        screens=screens,
        total=len(chosen),
        files={s: sum(arrival.state is s for arrival in arrivals) for s in ArrivalState},
        rejected=tuple(
            Trouble(name=a.name, batch=a.batch, sentence=a.sentence or "This file was rejected.")
            for a in reversed(arrivals)
            if a.state is ArrivalState.REJECTED
        ),
        without_encounter=tuple(d.name for d in documents if d.state is DocumentState.READ and d.id not in seen),
    )


def _row(encounter: ProposedEncounter, review: Review, proposed: Proposed, parted: bool, now: datetime) -> Row:
    proposal = encounter.proposal
    day = review.date_of_service or day_of(proposal.date_of_service)
    codes = proposed(encounter.document, encounter.reading).get(proposal.id, frozenset())
    flags = []
    if proposal.conflicts:
        flags.append("conflict")
    if encounter.latest_reading > encounter.reading:
        flags.append("not in the latest reading")
    return Row(
        id=encounter.id,
        state=review.state,
        patient=review.patient.name if review.patient else value_of(proposal.patient_name),
        patient_confirmed=review.patient is not None,
        day=None if day is None else day.isoformat(),
        day_confirmed=review.date_of_service is not None,
        provider=value_of(proposal.provider),
        document_name=encounter.document_name,
        part=proposal.part if parted else None,
        batch=encounter.batch,
        pages=len(proposal.pages),
        proposed=sum(system in shown_first(day) for system, _ in codes),
        accepted=len(review.accepted()),
        age=age(encounter.read_at, now),
        flags=tuple(flags),
        same_visit=encounter.same_visit,
    )


def age(since: datetime, now: datetime) -> str:
    """How long something waits, in the largest unit that says it."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"

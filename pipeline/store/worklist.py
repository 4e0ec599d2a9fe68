"""The queue: what waits for a coder, narrowed, searched and ordered by the database."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from pipeline.store import rebuilding, tables
from pipeline.store.arrivals import utc_now
from pipeline.store.claim_steps import ClaimState
from pipeline.store.connect import snapshot
from pipeline.store.projection import fold_text
from pipeline.store.rows import EncounterState

TABLE = tables.worklist
NEVER, FAR, SURE = date(1, 1, 1), date(9999, 12, 31), 2.0


class Order(StrEnum):
    """What comes first; what is done always comes last."""

    PRIORITY = "priority"
    """What is overdue, then what waits longest."""
    AGE = "age"
    HARDEST = "hardest"
    """The proposed codes that are least likely right."""
    SUREST = "surest"
    PATIENT = "patient"
    DAY = "day"
    """Date of service, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which encounters are asked for."""

    batches: frozenset[str] | None = None
    """The batches that the account may see; None for all."""
    batch: str | None = None
    state: EncounterState | None = None
    held: bool = False
    mine: str | None = None
    """Only those that this person has begun and nobody finished, or is to see to."""
    served_before: date | None = None
    """Only unfinished ones of visits before this day: their filing deadline is near."""
    claim: ClaimState | None = None
    claimed: bool = False
    """Only those with a claim, however far it is."""
    words: str = ""
    """Each of them in the patient's name, provider, file name or record number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What an encounter waits for, beyond a coder."""

    kind: str
    owner: str
    since: datetime
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One encounter of the queue."""

    encounter: str
    document_name: str
    part: int | None
    """None where the file has one part only."""
    batch: str
    pages: int
    state: EncounterState
    done: bool
    waiting_since: datetime
    """When it was first read."""
    patient: str | None
    patient_confirmed: bool
    day: date | None
    day_confirmed: bool
    provider: str | None
    proposed: int
    accepted: int
    confidence: float | None
    """Mean probability that its proposed codes are right; None where none is proposed."""
    coder: str | None
    """Who decided last."""
    hold: Hold | None
    claim: ClaimState | None
    second: str | None
    """How far the second coder is; None where there is none."""
    conflict: bool
    stale: bool
    """The document's latest reading lacks it."""
    same_visit: tuple[str, ...]


class Worklist:
    """The queue's door."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def rebuild(self) -> int:
        """Make every row again from proposals and journal; tells how many there are."""
        return rebuilding.rebuild(self._engine)

    def differences(self) -> tuple[str, ...]:
        """Encounters whose row is not what proposals and journal add up to."""
        return rebuilding.differences(self._engine)

    def page(
        self, narrowing: Narrowing, order: Order, *, overdue_before: date | None, start: int, limit: int
    ) -> tuple[Waiting, ...]:
        """A screenful of the queue.

        Args:
            narrowing: which encounters.
            order: which of them first.
            overdue_before: visits before this day missed their filing deadline; None where there is none.
            start: how many are passed over.
            limit: how many at most.
        """
        keys = _keys(order, overdue_before)
        query = select(TABLE.c.encounter).where(*_conditions(narrowing)).order_by(*keys).offset(start).limit(limit)
        with snapshot(self._engine) as connection:
            # Ids first: to sort whole rows costs several times as much.
            ids = connection.execute(query).scalars().all()
            rows = connection.execute(select(TABLE).where(TABLE.c.encounter.in_(ids)).order_by(*keys)).all()
            documents = {row.document for row in rows}
            parted = connection.execute(
                select(TABLE.c.document).where(TABLE.c.document.in_(documents), TABLE.c.part > 1)
            )
            in_parts = set(parted.scalars())
            found = tuple(_waiting(row, in_parts) for row in rows)
            if narrowing.batches is None:
                return found
            linked = {other for each in found for other in each.same_visit}
            conditions = _conditions(Narrowing(batches=narrowing.batches))
            seen = select(TABLE.c.encounter).where(TABLE.c.encounter.in_(linked), *conditions)
            ids = connection.execute(seen).scalars().all()
        return tuple(replace(each, same_visit=tuple(o for o in each.same_visit if o in ids)) for each in found)

    def counts(self, narrowing: Narrowing) -> dict[EncounterState, int]:
        """How many encounters stand in each state, whatever state is asked for."""
        conditions = tuple(_conditions(replace(narrowing, state=None)))
        by_batch_only = replace(narrowing, state=None, batch=None, batches=None) == Narrowing()
        state = TABLE.c.state if by_batch_only else _scanned(TABLE.c.state)
        query = select(state, func.count()).where(*conditions).group_by(state)
        with snapshot(self._engine) as connection:
            found = {EncounterState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in EncounterState}

    def claims(self, narrowing: Narrowing) -> dict[ClaimState, int]:
        """How many claims stand in each state, whatever state is asked for."""
        conditions = tuple(_conditions(replace(narrowing, claim=None, claimed=True)))
        query = select(TABLE.c.claim, func.count()).where(*conditions).group_by(TABLE.c.claim)
        with snapshot(self._engine) as connection:
            found = {ClaimState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in ClaimState}

    def batches(self, narrowing: Narrowing) -> tuple[str, ...]:
        """The batches that there are to narrow the queue to, of those that the account may see."""
        seen = Narrowing(batches=narrowing.batches)
        with snapshot(self._engine) as connection:
            return tuple(connection.execute(select(TABLE.c.batch).where(*_conditions(seen)).distinct()).scalars())

    def candidates(
        self,
        narrowing: Narrowing,
        order: Order,
        *,
        account: str,
        overdue_before: date | None,
        after: str = "",
        limit: int = 20,
    ) -> tuple[str, ...]:
        """Encounters that may be taken next, best first: not done, not held, and open before nobody else.

        Args:
            narrowing: which encounters.
            order: which of them first.
            account: id of who asks; an own lease is no hindrance.
            overdue_before: as for `page`.
            after: the encounter just left; what comes after it is told first, then the list from its start.
            limit: how many at most.
        """
        lease, keys = tables.lease, _keys(order, overdue_before)
        taken = select(lease.c.encounter).where(
            lease.c.encounter == TABLE.c.encounter, lease.c.until > self._clock(), lease.c.account != account
        )
        free = (TABLE.c.done.is_(False), TABLE.c.hold_kind.is_(None), ~taken.exists(), TABLE.c.encounter != after)
        query = select(TABLE.c.encounter).where(*_conditions(narrowing), *free).order_by(*keys).limit(limit)
        with snapshot(self._engine) as connection:
            place = connection.execute(select(*keys).where(TABLE.c.encounter == after)).first() if after else None
            found: list[str] = []
            if place is not None:
                beyond = tuple_(*keys) > tuple_(*(literal(v, k.type) for v, k in zip(place, keys, strict=True)))
                found = list(connection.execute(query.where(beyond)).scalars())
            if len(found) < limit:
                start = connection.execute(query).scalars()
                found += [encounter for encounter in start if encounter not in found]
        return tuple(found[:limit])


def _keys(order: Order, overdue_before: date | None) -> tuple[ColumnElement[Any], ...]:
    """What is sorted by, all of it ascending and never null, ending with what no two rows share."""
    last = (TABLE.c.document, TABLE.c.first_page, TABLE.c.encounter)
    by_age = (TABLE.c.waiting_since, *last)
    keys: tuple[ColumnElement[Any], ...]
    match order:
        case Order.PRIORITY if overdue_before is not None:
            keys = (_is_late(overdue_before), *by_age)
        case Order.PRIORITY | Order.AGE:
            keys = by_age
        case Order.HARDEST:
            keys = (func.coalesce(TABLE.c.confidence, SURE), *by_age)
        case Order.SUREST:
            keys = (-func.coalesce(TABLE.c.confidence, -SURE), *by_age)
        case Order.PATIENT:
            keys = (TABLE.c.patient_folded, func.coalesce(TABLE.c.day, FAR), *last)
        case Order.DAY:
            keys = (func.coalesce(TABLE.c.day, FAR), *by_age)
    return (case((TABLE.c.done, 1), else_=0), *keys)


def _scanned(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column that no index is used for: a walk along it would fetch row after row, slower than reading all."""
    return func.coalesce(column, "")


def _is_late(before: date) -> ColumnElement[int]:
    """0 for what missed its deadline, 1 for the rest."""
    return case((func.coalesce(TABLE.c.day, FAR) < before, 0), else_=1)


def _conditions(narrowing: Narrowing) -> Iterable[ColumnElement[bool]]:
    if narrowing.batches is not None:
        yield TABLE.c.batch.in_(sorted(narrowing.batches)) if narrowing.batches else false()
    if narrowing.batch is not None:
        yield TABLE.c.batch == narrowing.batch
    if narrowing.state is not None:
        yield _scanned(TABLE.c.state) == narrowing.state
    if narrowing.held:
        yield TABLE.c.hold_kind.is_not(None)
    if narrowing.mine is not None:
        begun = and_(TABLE.c.coder == narrowing.mine, TABLE.c.done.is_(False))
        yield or_(begun, TABLE.c.hold_owner == narrowing.mine)
    if narrowing.served_before is not None:
        yield and_(TABLE.c.day < narrowing.served_before, TABLE.c.done.is_(False))
    if narrowing.claim is not None:
        yield TABLE.c.claim == narrowing.claim
    if narrowing.claimed:
        yield TABLE.c.claim.is_not(None)
    for word in fold_text(narrowing.words).split():
        yield TABLE.c.search.contains(word, autoescape=True)


def _waiting(row: Row[tuple[object, ...]], in_parts: set[str]) -> Waiting:
    hold = None
    if row.hold_kind is not None:
        hold = Hold(kind=row.hold_kind, owner=row.hold_owner, since=row.hold_since, due=row.hold_due)
    return Waiting(
        encounter=row.encounter,
        document_name=row.document_name,
        part=row.part if row.document in in_parts else None,
        batch=row.batch,
        pages=row.pages,
        state=EncounterState(row.state),
        done=row.done,
        waiting_since=row.waiting_since,
        patient=row.patient,
        patient_confirmed=row.patient_confirmed,
        day=row.day,
        day_confirmed=row.day_confirmed,
        provider=row.provider,
        proposed=row.proposed,
        accepted=row.accepted,
        confidence=row.confidence,
        coder=row.coder,
        hold=hold,
        claim=None if row.claim is None else ClaimState(row.claim),
        second=row.second,
        conflict=row.conflict,
        stale=row.stale,
        same_visit=tuple(json.loads(row.same_visit)),
    )

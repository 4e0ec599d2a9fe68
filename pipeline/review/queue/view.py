"""The list of encounters as frozen records, computed from the store's records by pure functions."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.review.chart.sentences import WAITS_FOR
from pipeline.review.queue.chosen import Chosen, Only
from pipeline.store.decided import HoldKind
from pipeline.store.leases import Lease
from pipeline.store.rows import ArrivalState, EncounterState
from pipeline.store.worklist import Hold, Order, Waiting

ROWS = 50
"""Encounters on one screen."""
NEAR_DAYS = 30
"""A filing deadline is near from so many days before it on."""
ORDERS = {
    Order.PRIORITY: "Overdue, then oldest",
    Order.AGE: "Waiting longest",
    Order.HARDEST: "Hardest first",
    Order.SUREST: "Surest first",
    Order.PATIENT: "Patient",
    Order.DAY: "Date of service",
}
ONLY = {Only.MINE: "Mine", Only.HELD: "On hold", Only.DEADLINE: "Deadline near"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When the claim must be filed."""

    words: str
    """`12 days left`, `overdue`."""
    near: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What an encounter is held for."""

    waits_for: str
    owner: str
    age: str
    due: date | None
    late: bool
    """It should have been looked at again by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One encounter of the list."""

    id: str
    state: EncounterState
    patient: str | None
    patient_confirmed: bool
    day: date | None
    """Date of service."""
    day_confirmed: bool
    provider: str | None
    document_name: str
    part: int | None
    """None where the file has one part only."""
    batch: str
    pages: int
    proposed: int
    accepted: int
    sure: int | None
    """Mean probability in percent that its proposed codes are right; None where none is proposed."""
    age: str | None
    """How long it waits: `3 h`, `2 days`; None where nothing is left to do."""
    deadline: Deadline | None
    hold: Badge | None
    open_by: str | None
    """Who else has it open now."""
    flags: tuple[str, ...]
    same_visit: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to narrow or order the list."""

    label: str
    address: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """All that the list shows."""

    rows: tuple[Row, ...]
    states: tuple[Link, ...]
    only: tuple[Link, ...]
    batches: tuple[Link, ...]
    """Empty where there is nothing to choose."""
    batch: str | None
    """Label of the chosen one."""
    orders: tuple[Link, ...]
    order: str
    chosen: Chosen
    words: str
    """What was searched for."""
    screen: int
    """From 1."""
    screens: int
    earlier: str | None
    later: str | None
    """Addresses of the screens beside this one."""
    total: int
    files: dict[ArrivalState, int]


def batch_key(label: str) -> str:
    """An opaque key of a batch: it stands for the label in addresses, since a folder's name may hold a patient's."""
    return hashlib.sha256(label.encode(errors="surrogatepass")).hexdigest()[:12]


def queue(
    waiting: Iterable[Waiting],
    counts: dict[EncounterState, int],
    batches: Collection[str],
    leases: dict[str, Lease],
    files: dict[ArrivalState, int],
    now: datetime,
    *,
    chosen: Chosen,
    words: str,
    account: str,
    filing_days: int,
) -> Queue:
    """The list of encounters.

    Args:
        waiting: those of this screen, in order.
        counts: how many stand in each state, narrowed as chosen but for the state.
        batches: labels of all batches that the account may see.
        leases: those that hold now, by encounter.
        files: how many files stand in each state.
        now: the time.
        chosen: how the list is narrowed and ordered; its screen is one that there is.
        words: what is searched for.
        account: id of who looks.
        filing_days: from the date of service to the filing deadline; 0 for none.
    """
    total = sum(counts.values()) if chosen.state is None else counts[chosen.state]
    screens = screens_of(total)
    labels = {batch_key(label): label for label in sorted(batches)}
    every = Link(label="Every batch", address=chosen.but(batch=None).address(), chosen=chosen.batch is None)
    return Queue(
        rows=tuple(_row(each, leases.get(each.encounter), now, account, filing_days) for each in waiting),
        states=tuple(
            Link(
                label=state.value.capitalize() if state else "All",
                address=chosen.but(state=state).address(),
                chosen=chosen.state is state,
                count=counts[state] if state else sum(counts.values()),
            )
            for state in (None, *EncounterState)
            if state in {None, EncounterState.OPEN, EncounterState.CONFIRMED, chosen.state} or counts[state]
        ),
        only=tuple(
            Link(
                label=label,
                address=chosen.but(only=None if chosen.only is only else only).address(),
                chosen=chosen.only is only,
            )
            for only, label in ONLY.items()
            if only is not Only.DEADLINE or filing_days
        ),
        batches=(
            every,
            *(
                Link(label=label or "No batch", address=chosen.but(batch=key).address(), chosen=chosen.batch == key)
                for key, label in labels.items()
            ),
        )
        if len(labels) > 1
        else (),
        batch=labels[chosen.batch] or "No batch" if chosen.batch in labels else None,
        orders=tuple(
            Link(label=label, address=chosen.but(order=order).address(), chosen=chosen.order is order)
            for order, label in ORDERS.items()
        ),
        order=ORDERS[chosen.order],
        chosen=chosen,
        words=words,
        screen=chosen.screen,
        screens=screens,
        earlier=chosen.at(chosen.screen - 1).address() if chosen.screen > 1 else None,
        later=chosen.at(chosen.screen + 1).address() if chosen.screen < screens else None,
        total=total,
        files=files,
    )


def screens_of(total: int) -> int:
    """How many screens so many encounters fill, at least one."""
    return max(1, -(-total // ROWS))


def overdue_before(now: datetime, filing_days: int) -> date | None:
    """Visits before this day missed their filing deadline; None where there is none."""
    return now.date() - timedelta(days=filing_days) if filing_days else None


def _row(each: Waiting, lease: Lease | None, now: datetime, account: str, filing_days: int) -> Row:
    flags = []
    if each.conflict:
        flags.append("conflict")
    if each.stale:
        flags.append("not in the latest reading")
    return Row(
        id=each.encounter,
        state=each.state,
        patient=each.patient,
        patient_confirmed=each.patient_confirmed,
        day=each.day,
        day_confirmed=each.day_confirmed,
        provider=each.provider,
        document_name=each.document_name,
        part=each.part,
        batch=each.batch,
        pages=each.pages,
        proposed=each.proposed,
        accepted=each.accepted,
        sure=None if each.confidence is None else round(100 * each.confidence),
        age=None if each.done else age(each.waiting_since, now),
        deadline=None if each.done else deadline(each.day, now.date(), filing_days),
        hold=None if each.hold is None else _badge(each.hold, now),
        open_by=lease.name if lease is not None and lease.account != account else None,
        flags=tuple(flags),
        same_visit=each.same_visit,
    )


def _badge(hold: Hold, now: datetime) -> Badge:
    return Badge(
        waits_for=WAITS_FOR[HoldKind(hold.kind)],
        owner=hold.owner,
        age=age(hold.since, now),
        due=hold.due,
        late=hold.due is not None and hold.due < now.date(),
    )


def deadline(day: date | None, today: date, filing_days: int) -> Deadline | None:
    """How much time is left to file a claim of a visit; None where the day is unknown or nothing is set."""
    if day is None or not filing_days:
        return None
    left = (day - today).days + filing_days
    words = "overdue" if left < 0 else "today" if left == 0 else f"{left} day{'s' if left > 1 else ''} left"
    return Deadline(words=words, near=0 <= left <= NEAR_DAYS, late=left < 0)


def age(since: datetime, now: datetime) -> str:
    """How long something waits, in the largest unit that says it."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"

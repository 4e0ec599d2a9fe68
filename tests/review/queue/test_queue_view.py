from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pipeline.review.queue.chosen import Chosen, Only, chosen_in
from pipeline.review.queue.view import Queue, age, batch_key, deadline, overdue_before, queue
from pipeline.store.leases import Lease
from pipeline.store.rows import ArrivalState, EncounterState
from pipeline.store.worklist import Hold, Order, Waiting
from tests.conftest import NOON

WAITING = Waiting(
    encounter="e1",
    document_name="okafor march.pdf",
    part=None,
    batch="monday",
    pages=3,
    state=EncounterState.STARTED,
    done=False,
    waiting_since=NOON - timedelta(hours=5),
    patient="Okafor, Ruth",
    patient_confirmed=False,
    day=date(2025, 3, 14),
    day_confirmed=True,
    provider="Marsh, Helen",
    proposed=7,
    accepted=2,
    confidence=0.834,
    coder="kim",
    hold=None,
    claim=None,
    second=None,
    conflict=True,
    stale=True,
    same_visit=("e9",),
)
LEASE = Lease(
    encounter="e1",
    account="u-lee",
    name="Lee",
    token="t",
    taken_at=NOON,
    until=NOON + timedelta(minutes=3),
    taken_from=None,
)


def counts(**given: int) -> dict[EncounterState, int]:
    return {state: given.get(state.value, 0) for state in EncounterState}


def listed(
    *waiting: Waiting,
    found: dict[EncounterState, int] | None = None,
    batches: tuple[str, ...] = ("monday",),
    leases: dict[str, Lease] | None = None,
    chosen: Chosen = Chosen(),  # noqa: B008 -- frozen
    words: str = "",
    filing_days: int = 365,
) -> Queue:
    return queue(
        waiting,
        counts(started=len(waiting)) if found is None else found,
        batches,
        leases or {},
        {ArrivalState.READ: 1},
        NOON,
        chosen=chosen,
        words=words,
        account="u-kim",
        filing_days=filing_days,
    )


def test_a_row_tells_codes_sureness_wait_and_deadline() -> None:
    (row,) = listed(WAITING).rows
    assert (row.proposed, row.accepted, row.sure, row.age) == (7, 2, 83, "5 h")
    assert row.deadline is not None and row.deadline.words == "13 days left" and row.deadline.near
    assert row.flags == ("conflict", "not in the latest reading") and row.same_visit == ("e9",)


def test_what_is_done_neither_waits_nor_has_a_deadline() -> None:
    (row,) = listed(replace(WAITING, state=EncounterState.CONFIRMED, done=True, confidence=None)).rows
    assert (row.age, row.deadline, row.sure) == (None, None, None)


def test_who_else_has_a_chart_open_is_told_and_an_own_lease_is_not() -> None:
    assert [row.open_by for row in listed(WAITING, leases={"e1": LEASE}).rows] == ["Lee"]
    own = replace(LEASE, account="u-kim", name="Kim")
    assert [row.open_by for row in listed(WAITING, leases={"e1": own}).rows] == [None]


@pytest.mark.parametrize(("due", "late"), [(None, False), (NOON.date(), False), (date(2026, 2, 28), True)])
def test_a_hold_shows_its_owner_and_age_and_whether_it_is_late(due: date | None, late: bool) -> None:
    hold = Hold(kind="missing-page", owner="Sam", since=NOON - timedelta(days=3), due=due)
    (row,) = listed(replace(WAITING, state=EncounterState.HELD, hold=hold)).rows
    assert row.hold is not None
    assert (row.hold.waits_for, row.hold.owner, row.hold.age, row.hold.late) == (
        "a missing page",
        "Sam",
        "3 days",
        late,
    )


@pytest.mark.parametrize(
    ("day", "words", "near", "late"),
    [
        (date(2025, 2, 28), "overdue", False, True),
        (date(2025, 3, 1), "today", True, False),
        (date(2025, 3, 2), "1 day left", True, False),
        (date(2025, 3, 31), "30 days left", True, False),
        (date(2025, 4, 1), "31 days left", False, False),
    ],
)
def test_a_deadline_is_told_in_days(day: date, words: str, near: bool, late: bool) -> None:
    told = deadline(day, date(2026, 3, 1), 365)
    assert told is not None and (told.words, told.near, told.late) == (words, near, late)
    before = overdue_before(NOON, 365)
    assert before is not None and (day < before) is late


def test_without_a_day_or_a_setting_there_is_no_deadline() -> None:
    assert deadline(None, NOON.date(), 365) is None and deadline(NOON.date(), NOON.date(), 0) is None
    assert overdue_before(NOON, 0) is None
    assert Only.DEADLINE not in {link.label for link in listed(WAITING, filing_days=0).only}
    assert "Deadline near" not in {link.label for link in listed(WAITING, filing_days=0).only}


def test_states_are_counted_and_empty_ones_that_are_rare_are_left_out() -> None:
    told = listed(WAITING, found=counts(open=3, confirmed=0, held=2)).states
    assert [(link.label, link.count) for link in told] == [("All", 5), ("Open", 3), ("Held", 2), ("Confirmed", 0)]
    merged = listed(WAITING, found=counts(open=3), chosen=Chosen(state=EncounterState.MERGED))
    assert [link.label for link in merged.states] == ["All", "Open", "Confirmed", "Merged"] and merged.total == 0


def test_links_keep_what_else_is_chosen_and_go_to_the_first_screen() -> None:
    chosen = Chosen(state=EncounterState.OPEN, order=Order.HARDEST, screen=3)
    found = listed(WAITING, found=counts(open=200), chosen=chosen)
    assert found.states[0].address == "/?order=hardest"
    assert next(link for link in found.only if link.label == "Mine").address == "/?state=open&only=mine&order=hardest"
    assert (found.earlier, found.later) == (
        "/?state=open&order=hardest&screen=2",
        "/?state=open&order=hardest&screen=4",
    )
    assert (found.screen, found.screens, found.total, found.order) == (3, 4, 200, "Hardest first")


def test_batches_are_offered_where_there_are_several_and_named_by_a_key_only() -> None:
    assert listed(WAITING).batches == ()
    key = batch_key("smith, john")
    found = listed(WAITING, batches=("smith, john", ""), chosen=Chosen(batch=key))
    assert [(link.label, link.chosen) for link in found.batches] == [
        ("Every batch", False),
        ("No batch", False),
        ("smith, john", True),
    ]
    assert all("smith" not in link.address for link in found.batches) and found.batch == "smith, john"
    assert batch_key("a") != batch_key("b")


def test_what_an_address_says_comes_back_from_it() -> None:
    chosen = Chosen(state=EncounterState.HELD, batch="abc", only=Only.MINE, order=Order.DAY)
    assert chosen_in(chosen.fields()) == chosen
    assert chosen_in({}) == Chosen() and Chosen().query() == "order=priority"
    assert chosen_in({"screen": "4", "q": "okafor"}) == Chosen(screen=4)
    with pytest.raises(ValueError, match="order"):
        chosen_in({"order": "name"})


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_age_is_told_in_the_largest_unit(waited: timedelta, told: str) -> None:
    moment: datetime = NOON - waited
    assert age(moment, NOON) == told

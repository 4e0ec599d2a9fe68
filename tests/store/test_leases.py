from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from pipeline.store import Store
from pipeline.store.leases import LASTS
from tests.charts import reading
from tests.conftest import NOON, store_on
from tests.store.test_readings import document
from tests.store.test_worklist import accounts


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(engine: Engine, clock: Clock) -> Store:
    return store_on(engine, clock)


@pytest.fixture
def one(timed: Store) -> str:
    timed.readings.add(reading(document(timed)))
    return timed.readings.encounters()[0].id


@pytest.fixture
def people(timed: Store) -> tuple[str, str]:
    return accounts(timed)


def test_who_opens_a_free_chart_holds_it_and_others_are_told_who(
    timed: Store, one: str, people: tuple[str, str]
) -> None:
    kim, lee = people
    mine = timed.leases.take(one, kim, "tab")
    assert (mine.account, mine.name, mine.taken_at, mine.until) == (kim, "kim", NOON, NOON + LASTS)
    assert timed.leases.take(one, lee, "other") == mine
    assert timed.leases.holds(one, kim) and not timed.leases.holds(one, lee)
    assert timed.leases.of([one, "nothing"]) == {one: mine}


def test_a_lease_holds_on_while_its_tab_lives_and_frees_itself_when_the_tab_is_gone(
    timed: Store, one: str, people: tuple[str, str], clock: Clock
) -> None:
    kim, lee = people
    timed.leases.take(one, kim, "tab")
    clock.now += LASTS - timedelta(seconds=1)
    assert timed.leases.renew(one, kim, "tab") is not None
    clock.now += LASTS - timedelta(seconds=1)
    assert timed.leases.take(one, lee, "other").account == kim
    clock.now += timedelta(seconds=1)
    assert timed.leases.of([one]) == {}
    taken = timed.leases.take(one, lee, "other")
    assert (taken.account, taken.taken_at, taken.taken_from) == (lee, clock.now, None)


def test_a_tab_that_slept_gets_its_chart_back_only_while_nobody_else_had_it(
    timed: Store, one: str, people: tuple[str, str], clock: Clock
) -> None:
    kim, lee = people
    timed.leases.take(one, kim, "tab")
    clock.now += timedelta(hours=1)
    renewed = timed.leases.renew(one, kim, "tab")
    assert renewed is not None and renewed.taken_at == clock.now
    clock.now += timedelta(hours=1)
    timed.leases.take(one, lee, "other")
    clock.now += timedelta(hours=1)
    assert timed.leases.renew(one, kim, "tab") is None


def test_a_lease_is_taken_over_and_says_from_whom(timed: Store, one: str, people: tuple[str, str]) -> None:
    kim, lee = people
    timed.leases.take(one, kim, "tab")
    over = timed.leases.take_over(one, lee, "other")
    assert (over.account, over.taken_from) == (lee, kim)
    assert timed.leases.renew(one, kim, "tab") is None
    assert timed.leases.renew(one, lee, "other") == over
    assert timed.leases.take(one, lee, "third") == replace(over, token="third")


def test_leaving_frees_a_chart_unless_another_tab_shows_it(timed: Store, one: str, people: tuple[str, str]) -> None:
    kim, lee = people
    timed.leases.take(one, kim, "first")
    timed.leases.take(one, kim, "second")
    timed.leases.release(one, kim, "first")
    assert timed.leases.holds(one, kim)
    timed.leases.release(one, lee, "second")
    assert timed.leases.holds(one, kim)
    timed.leases.release(one, kim, "second")
    assert timed.leases.of([one]) == {}


def test_signing_out_frees_everything(timed: Store, one: str, people: tuple[str, str]) -> None:
    kim, lee = people
    timed.readings.add(reading(document(timed, "b")))
    two = timed.readings.encounters()[1].id
    timed.leases.take(one, kim, "tab")
    timed.leases.take(two, lee, "tab")
    timed.leases.release_all(kim)
    assert list(timed.leases.of([one, two])) == [two]


def test_of_two_who_open_a_chart_at_once_one_gets_it(timed: Store, one: str, people: tuple[str, str]) -> None:
    both, got = Barrier(2, timeout=20), []

    def open_it(account: str) -> None:
        both.wait()
        got.append(timed.leases.take(one, account, account).account)

    threads = [Thread(target=open_it, args=(account,)) for account in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2 and len(set(got)) == 1

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from pipeline.store import Store
from pipeline.store.rows import Role
from pipeline.store.sign_ins import Purpose, SignIns
from tests.conftest import NOON

HOUR = timedelta(hours=1)
IDLE = timedelta(minutes=15)


def at(engine: Engine, when: datetime) -> SignIns:
    return SignIns(engine, lambda: when)


def opened(store: Store) -> str:
    user = store.users.add("kim", frozenset({Role.CODE}))
    assert user is not None
    return store.sign_ins.open(user.id, 12 * HOUR)


def test_a_link_makes_its_account_and_gives_it_a_password_once(store: Store) -> None:
    token = store.sign_ins.issue("Kim Lee", HOUR, roles=frozenset({Role.LEAD}))
    holder = store.sign_ins.holder(token, Purpose.LINK)
    assert holder is not None and holder.name == "Kim Lee" and holder.roles == {Role.LEAD}
    assert store.sign_ins.redeem(token, "first") == holder
    assert store.sign_ins.redeem(token, "second") is None
    found = store.users.password("kim  LEE")
    assert found == (holder, "first")


def test_a_link_for_an_account_that_exists_leaves_its_roles_and_its_password_until_it_is_used(store: Store) -> None:
    user = store.users.add("kim", frozenset({Role.AUDIT}))
    assert user is not None
    store.users.set_password(user.id, "old")
    token = store.sign_ins.issue("KIM", HOUR)
    assert store.users.password("kim") == (user, "old")
    session = store.sign_ins.open(user.id, HOUR)
    store.sign_ins.redeem(token, "new")
    assert store.users.password("kim") == (user, "new")
    assert store.sign_ins.session(session, IDLE) is None


def test_a_link_takes_the_second_step_away(store: Store) -> None:
    user = store.users.add("kim", frozenset({Role.CODE}))
    assert user is not None
    store.second_steps.begin(user.id, "SECRET")
    store.second_steps.confirm(user.id, "SECRET", 1, ["A-B"])
    store.sign_ins.redeem(store.sign_ins.issue("kim", HOUR), "new")
    assert store.second_steps.secret(user.id) is None and store.second_steps.codes_left(user.id) == 0


def test_using_one_link_voids_the_others_of_the_account(store: Store) -> None:
    one, other = store.sign_ins.issue("kim", HOUR), store.sign_ins.issue("kim", HOUR)
    assert store.sign_ins.redeem(one, "new") is not None
    assert store.sign_ins.redeem(other, "newer") is None


def test_a_link_that_was_not_used_in_time_is_void(sqlite: Engine, sqlite_store: Store) -> None:
    token = sqlite_store.sign_ins.issue("kim", HOUR)
    assert at(sqlite, NOON + HOUR).redeem(token, "new") is None
    assert at(sqlite, NOON + HOUR).holder(token, Purpose.LINK) is None


def test_a_token_for_a_code_chooses_no_password_and_the_reverse(store: Store) -> None:
    link = store.sign_ins.issue("kim", HOUR)
    holder = store.sign_ins.holder(link, Purpose.LINK)
    assert holder is not None
    half = store.sign_ins.half_open(holder.id, HOUR)
    assert store.sign_ins.holder(half, Purpose.CODE) == holder
    assert store.sign_ins.redeem(half, "new") is None and store.sign_ins.holder(link, Purpose.CODE) is None
    assert store.sign_ins.use_up(half) and not store.sign_ins.use_up(half)


@pytest.mark.parametrize("token", ["", "guess"])
def test_what_nobody_issued_opens_nothing(store: Store, token: str) -> None:
    assert store.sign_ins.redeem(token, "new") is None
    assert store.sign_ins.holder(token, Purpose.LINK) is None
    assert store.sign_ins.session(token, IDLE) is None


def test_a_session_ends_after_its_idle_time_and_lives_on_while_something_is_done(store: Store, engine: Engine) -> None:
    session = opened(store)
    for minutes in (14, 28, 42):
        found = at(engine, NOON + timedelta(minutes=minutes)).session(session, IDLE)
        assert found is not None and found.idle_until == NOON + timedelta(minutes=minutes) + IDLE
    assert at(engine, NOON + timedelta(minutes=57)).session(session, IDLE) is None
    assert at(engine, NOON + timedelta(minutes=43)).session(session, IDLE) is not None


def test_looking_on_keeps_nobody_signed_in(store: Store, engine: Engine) -> None:
    session = opened(store)
    for minutes in (5, 10, 14):
        found = at(engine, NOON + timedelta(minutes=minutes)).session(session, IDLE, stays=False)
        assert found is not None and found.idle_until == NOON + IDLE
    assert at(engine, NOON + IDLE).session(session, IDLE, stays=False) is None


def test_a_session_ends_after_its_hours_whatever_is_done(sqlite: Engine, sqlite_store: Store) -> None:
    session = opened(sqlite_store)
    found = at(sqlite, NOON + timedelta(hours=11, minutes=55)).session(session, 12 * HOUR)
    assert found is not None and found.idle_until == found.ends_at == NOON + 12 * HOUR
    assert at(sqlite, NOON + 12 * HOUR).session(session, 12 * HOUR) is None


def test_a_burst_of_requests_writes_once(sqlite: Engine, sqlite_store: Store) -> None:
    session = opened(sqlite_store)
    for seconds in (40, 41, 45):
        at(sqlite, NOON + timedelta(seconds=seconds)).session(session, IDLE)
    with sqlite.connect() as connection:
        assert "12:00:40" in str(connection.execute(text("SELECT seen_at FROM session")).scalar_one())


def test_signing_out_ends_one_session_and_signing_out_everywhere_all(store: Store) -> None:
    first = opened(store)
    kim = store.users.named("kim")
    assert kim is not None
    second, third = (store.sign_ins.open(kim.id, HOUR) for _ in range(2))
    store.sign_ins.end(first)
    assert store.sign_ins.session(first, IDLE) is None and store.sign_ins.session(second, IDLE) is not None
    store.sign_ins.end_all(kim.id)
    assert store.sign_ins.session(second, IDLE) is None and store.sign_ins.session(third, IDLE) is None


def test_only_hashes_of_tokens_are_kept(sqlite: Engine, sqlite_store: Store) -> None:
    link, session = sqlite_store.sign_ins.issue("lee", HOUR), opened(sqlite_store)
    with sqlite.connect() as connection:
        kept = [
            str(row) for table in ("sign_in", "session") for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert kept and not any(token in row for token in (link, session) for row in kept)

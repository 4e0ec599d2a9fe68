from datetime import timedelta

from sqlalchemy import Engine

from pipeline.store import Store
from pipeline.store.sign_ins import SignIns
from tests.conftest import NOON

HOUR = timedelta(hours=1)


def test_a_link_signs_in_once(store: Store) -> None:
    token = store.sign_ins.issue("kim", HOUR)
    session = store.sign_ins.redeem(token, HOUR)
    assert session is not None and store.sign_ins.who(session) == "kim"
    assert store.sign_ins.redeem(token, HOUR) is None


def test_a_link_that_was_not_used_in_time_is_void(sqlite: Engine, sqlite_store: Store) -> None:
    token = sqlite_store.sign_ins.issue("kim", HOUR)
    assert SignIns(sqlite, lambda: NOON + HOUR).redeem(token, HOUR) is None


def test_a_session_ends_by_itself_and_by_signing_out(sqlite: Engine, sqlite_store: Store) -> None:
    session = sqlite_store.sign_ins.redeem(sqlite_store.sign_ins.issue("kim", HOUR), HOUR)
    assert session is not None
    assert SignIns(sqlite, lambda: NOON + HOUR).who(session) is None
    sqlite_store.sign_ins.end(session)
    assert sqlite_store.sign_ins.who(session) is None


def test_what_nobody_issued_opens_nothing(store: Store) -> None:
    assert store.sign_ins.redeem("guess", HOUR) is None
    assert store.sign_ins.who("guess") is None

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.command import upgrade
from alembic.config import Config
from sqlalchemy import Engine, text

from pipeline.store import Store
from pipeline.store.connect import migrate
from pipeline.store.rows import Role, User
from tests.conftest import NOON, store_on
from tests.store.test_arrivals import File, seen

CODE, ADMIN = frozenset({Role.CODE}), frozenset({Role.ADMIN})


def made(store: Store, name: str, roles: frozenset[Role] = CODE, batches: frozenset[str] | None = None) -> User:
    user = store.users.add(name, roles, batches)
    assert user is not None
    return user


def test_an_account_keeps_its_roles_and_batches(store: Store) -> None:
    user = made(store, " Kim   Lee ", frozenset({Role.CODE, Role.LEAD}), frozenset({"", "march"}))
    assert user.name == "Kim Lee"
    (account,) = store.users.all()
    assert account.user == user == store.users.named("kim lee")
    assert (account.created_at, account.disabled_at, account.has_password, account.seen_at) == (NOON, None, False, None)


@pytest.mark.parametrize("name", ["Zoë", "ZOË", " zoë ", "zoe\u0308", "ＺＯË"])
def test_a_name_is_taken_in_whatever_letters(store: Store, name: str) -> None:
    made(store, "Zoë")
    assert store.users.add(name, CODE) is None
    assert len(store.users.all()) == 1 and store.users.named(name) is not None


def test_only_who_can_sign_in_has_a_password_to_check(store: Store) -> None:
    user = made(store, "kim")
    assert store.users.password("kim") is None and store.users.password("nobody") is None
    store.users.set_password(user.id, "hash")
    assert store.users.password("Kim") == (user, "hash")
    store.users.disable(user.id)
    assert store.users.password("kim") is None
    store.users.enable(user.id)
    assert store.users.password("kim") == (user, "hash")


def test_disabling_ends_sessions_at_once_and_voids_links(store: Store) -> None:
    user = made(store, "kim")
    session = store.sign_ins.open(user.id, timedelta(hours=1))
    link = store.sign_ins.issue("kim", timedelta(hours=1))
    assert store.users.disable(user.id)
    store.users.enable(user.id)
    assert store.sign_ins.session(session, timedelta(hours=1)) is None
    assert store.sign_ins.redeem(link, "new") is None


def test_the_last_admin_stays_one(store: Store) -> None:
    first, second = made(store, "kim", ADMIN), made(store, "lee", ADMIN)
    assert not store.users.has_admin()  # nobody has chosen a password yet
    store.users.set_password(first.id, "hash")
    assert store.users.has_admin()
    assert not store.users.disable(first.id) and not store.users.change(first.id, CODE, None)
    assert store.users.change(first.id, ADMIN | CODE, None)
    store.users.set_password(second.id, "hash")
    assert store.users.change(first.id, CODE, frozenset({"march"}))
    assert not store.users.disable(second.id)
    changed = store.users.get(first.id)
    assert changed is not None and changed.user.roles == CODE and changed.user.batches == frozenset({"march"})


def test_the_batches_are_those_of_charts(store: Store) -> None:
    for path, sha in (("march/a.pdf", "a"), ("b.pdf", "b"), ("march/c.pdf", "c")):
        arrival = seen(store, File(Path(path), batch=str(Path(path).parent).removeprefix(".")))
        store.arrivals.take(arrival, sha * 64, size=10, mtime_ns=5)
    assert store.users.batches() == ("", "march")


def test_names_in_an_older_journal_stay_and_nobody_is_signed_in_any_more(sqlite: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "pipeline/store/migrations")
    config.set_main_option("path_separator", "os")
    with sqlite.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO session (token_sha256, who, expires_at) VALUES ('a', 'kim', '2030-01-01')")
        )
        connection.execute(text("INSERT INTO document VALUES ('d', 's', 1, 'n', '', 'read', 0, '2026-01-01')"))
        connection.execute(text("INSERT INTO encounter VALUES ('d-1', 'd')"))
        connection.execute(
            text(
                "INSERT INTO decision (id, at, who, encounter, action, record) "
                "VALUES (1, '2026-01-01', 'kim', 'd-1', 'reopen', '{\"reading\": 1}')"
            )
        )
    migrate(sqlite)
    store = store_on(sqlite)
    with sqlite.connect() as connection:
        assert connection.execute(text("SELECT who FROM decision")).scalars().all() == ["kim"]
    assert store.users.all() == () and not store.users.has_admin()

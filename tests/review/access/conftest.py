"""Accounts with passwords, and a clock that tests move."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from pipeline.review import build_app
from pipeline.review.access.passwords import Passwords
from pipeline.settings import ReviewSettings
from pipeline.store import Store
from pipeline.store.arrivals import Arrivals
from pipeline.store.attempts import Attempts
from pipeline.store.rows import Role, User
from pipeline.store.second_steps import SecondSteps
from pipeline.store.sign_ins import SignIns
from pipeline.store.users import Users
from tests.conftest import NOON
from tests.review.conftest import small_books
from tests.review.drawn_chart import put_in
from tests.review.small_claims import NoClaims, no_packet
from tests.review.small_text import SMALL_TEXT

PASSWORD = "correct horse battery"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sqlite_store(sqlite: Engine, sqlite_store: Store, clock: Clock) -> Store:
    """The same store, with the clock that moves at its door."""
    return replace(
        sqlite_store,
        arrivals=Arrivals(sqlite, clock),
        sign_ins=SignIns(sqlite, clock),
        users=Users(sqlite, clock),
        second_steps=SecondSteps(sqlite, clock),
        attempts=Attempts(sqlite, clock),
    )


Heard = list[tuple[str, str | None, str | None]]


@pytest.fixture
def heard() -> Heard:
    """What was told to the audit log."""
    return []


@pytest.fixture
def empty_app(sqlite_store: Store, pictures: Path, clock: Clock, heard: Heard) -> FastAPI:
    def picture(document: str, page: int) -> Path:
        return pictures / f"page-{page}.jpg"

    return build_app(
        store=sqlite_store,
        codebooks=small_books(),
        claims=NoClaims(),
        packet=no_packet,
        text=lambda: SMALL_TEXT,
        picture=picture,
        settings=ReviewSettings(),
        clock=clock,
        audit=lambda kind, who, subject: heard.append((kind, who, subject)),
    )


@pytest.fixture
def app(sqlite_store: Store, empty_app: FastAPI) -> FastAPI:
    put_in(sqlite_store)
    return empty_app


@pytest.fixture(scope="session")
def hashed() -> str:
    """The hash of the password that every account of these tests has: each hash takes a while."""
    return Passwords().hash(PASSWORD)


def account(store: Store, hashed: str, name: str = "kim", *roles: Role, batches: frozenset[str] | None = None) -> User:
    """An account that has chosen its password."""
    user = store.users.add(name, frozenset(roles) or frozenset({Role.SCAN, Role.CODE}), batches)
    assert user is not None
    store.users.set_password(user.id, hashed)
    return user

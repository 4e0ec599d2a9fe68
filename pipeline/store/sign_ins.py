"""Who is at the desk: one-time sign-in links and the sessions they open. Only hashes of tokens are kept."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import Role, User

NEW_ACCOUNT = frozenset({Role.SCAN, Role.CODE})
"""Roles of an account that a sign-in link makes."""


class SignIns:
    """Sign-in links and sessions."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self, who: str, lifetime: timedelta, *, roles: frozenset[Role] = NEW_ACCOUNT) -> str:
        """A token that signs one person in once; a name without an account gets one with these roles."""
        token = secrets.token_urlsafe(32)
        with transaction(self._engine) as connection:
            _make_sure_of(connection, who, roles, self._clock())
            connection.execute(
                insert(tables.sign_in).values(token_sha256=_hash(token), who=who, expires_at=self._clock() + lifetime)
            )
        return token

    def redeem(self, token: str, lifetime: timedelta) -> str | None:
        """A session token for a sign-in token; None where that is unknown, used or void."""
        link, now = tables.sign_in, self._clock()
        with transaction(self._engine) as connection:
            # One statement marks it used, so that of two clicks at the same time only one gets in.
            used = connection.execute(
                update(link)
                .where(link.c.token_sha256 == _hash(token), link.c.used_at.is_(None), link.c.expires_at > now)
                .values(used_at=now)
            )
            if used.rowcount != 1:
                return None
            who = connection.execute(select(link.c.who).where(link.c.token_sha256 == _hash(token))).scalar_one()
            session = secrets.token_urlsafe(32)
            connection.execute(
                insert(tables.session).values(token_sha256=_hash(session), who=who, expires_at=now + lifetime)
            )
        return session

    def who(self, session: str) -> str | None:
        """Whose session it is; None where it is unknown or over."""
        table = tables.session
        with snapshot(self._engine) as connection:
            return connection.execute(
                select(table.c.who).where(
                    table.c.token_sha256 == _hash(session),
                    table.c.ended_at.is_(None),
                    table.c.expires_at > self._clock(),
                )
            ).scalar()

    def user(self, session: str) -> User | None:
        """The account of a session; None where it is unknown or over."""
        who = self.who(session)
        if who is None:
            return None
        with snapshot(self._engine) as connection:
            row = connection.execute(select(tables.user).where(tables.user.c.name == who)).first()
        return None if row is None else _user_of(row)

    def end(self, session: str) -> None:
        """Sign out."""
        table = tables.session
        with transaction(self._engine) as connection:
            connection.execute(
                update(table).where(table.c.token_sha256 == _hash(session)).values(ended_at=self._clock())
            )


def _make_sure_of(connection: Connection, name: str, roles: frozenset[Role], now: datetime) -> None:
    if connection.execute(select(tables.user.c.id).where(tables.user.c.name == name)).first() is None:
        connection.execute(
            insert(tables.user).values(
                id=secrets.token_urlsafe(12), name=name, roles=json.dumps(sorted(roles)), created_at=now
            )
        )


def _user_of(row: Row[tuple[object, ...]]) -> User:
    return User(id=row.id, name=row.name, roles=frozenset(Role(role) for role in json.loads(row.roles)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Who is at the desk: one-time links, half-done sign-ins and sessions. Only hashes of tokens are kept."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import Role, Session, User
from pipeline.store.users import end_sessions, insert_user, name_key, user_of

NEW_ACCOUNT = frozenset({Role.SCAN, Role.CODE})
"""Roles of an account that a sign-in link makes."""
SEEN_EVERY = timedelta(seconds=30)
"""A session is written to at most this often; it may end this much early, never late."""


class Purpose(StrEnum):
    """What a one-time token is for."""

    LINK = "link"
    """Choosing a password."""
    CODE = "code"
    """The second step after a right password."""


class SignIns:
    """Links and sessions."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self, who: str, lifetime: timedelta, *, roles: frozenset[Role] = NEW_ACCOUNT) -> str:
        """A token of a link with which an account chooses a password; a name without one gets one, with these roles."""
        with transaction(self._engine) as connection:
            row = connection.execute(select(tables.user.c.id).where(tables.user.c.name_key == name_key(who))).first()
            now = self._clock()
            user = insert_user(connection, who, roles, None, now).id if row is None else row.id
            return _give(connection, user, Purpose.LINK, now, lifetime)

    def half_open(self, user: str, lifetime: timedelta) -> str:
        """A token for who gave the right password and owes the code."""
        with transaction(self._engine) as connection:
            return _give(connection, user, Purpose.CODE, self._clock(), lifetime)

    def holder(self, token: str, purpose: Purpose) -> User | None:
        """Whose token it is; None where it is unknown, used, void, or its account disabled."""
        link, user = tables.sign_in, tables.user
        with snapshot(self._engine) as connection:
            row = connection.execute(
                select(user)
                .join(link, link.c.user == user.c.id)
                .where(
                    link.c.token_sha256 == _hash(token),
                    link.c.purpose == purpose,
                    link.c.used_at.is_(None),
                    link.c.expires_at > self._clock(),
                    user.c.disabled_at.is_(None),
                )
            ).first()
        return None if row is None else user_of(row)

    def redeem(self, token: str, hashed: str) -> User | None:
        """Use a link up: its account has this password, no second step and no session any more.

        Args:
            token: of the link.
            hashed: hash of the password that was chosen.

        Returns:
            None, and nothing is changed, where the link is unknown, used or void.
        """
        user = self.holder(token, Purpose.LINK)
        if user is None:
            return None
        with transaction(self._engine) as connection:
            if not self._use_up(connection, token):
                return None
            end_sessions(connection, user.id, self._clock())
            connection.execute(delete(tables.recovery_code).where(tables.recovery_code.c.user == user.id))
            connection.execute(
                update(tables.user)
                .where(tables.user.c.id == user.id)
                .values(password=hashed, totp_secret=None, totp_since=None, totp_step=None)
            )
        return user

    def use_up(self, token: str) -> bool:
        """Mark a token used; False where another was quicker."""
        with transaction(self._engine) as connection:
            return self._use_up(connection, token)

    def open(self, user: str, lifetime: timedelta) -> str:
        """A new session's token."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with transaction(self._engine) as connection:
            connection.execute(
                insert(tables.session).values(
                    token_sha256=_hash(token), user=user, opened_at=now, seen_at=now, expires_at=now + lifetime
                )
            )
        return token

    def session(self, token: str, idle: timedelta, *, stays: bool = True) -> Session | None:
        """Whose session it is; None where it is unknown or over, or its account disabled.

        Args:
            token: of the session.
            idle: it ends when nothing was done for this long.
            stays: whether this look counts as something that was done.
        """
        table, user, now = tables.session, tables.user, self._clock()
        with snapshot(self._engine) as connection:
            row = connection.execute(
                select(user, table.c.seen_at, table.c.expires_at)
                .join(table, table.c.user == user.c.id)
                .where(
                    table.c.token_sha256 == _hash(token),
                    table.c.ended_at.is_(None),
                    table.c.expires_at > now,
                    table.c.seen_at > now - idle,
                    user.c.disabled_at.is_(None),
                )
            ).first()
        if row is None:
            return None
        seen = row.seen_at
        if stays and now - seen >= min(SEEN_EVERY, idle / 10):
            seen = now
            with transaction(self._engine) as connection:
                connection.execute(update(table).where(table.c.token_sha256 == _hash(token)).values(seen_at=now))
        return Session(user=user_of(row), idle_until=min(seen + idle, row.expires_at), ends_at=row.expires_at)

    def end(self, token: str) -> None:
        """Sign out."""
        table = tables.session
        with transaction(self._engine) as connection:
            connection.execute(
                update(table)
                .where(table.c.token_sha256 == _hash(token), table.c.ended_at.is_(None))
                .values(ended_at=self._clock())
            )

    def end_all(self, user: str) -> None:
        """Sign an account out everywhere; its unused links are void, too."""
        with transaction(self._engine) as connection:
            end_sessions(connection, user, self._clock())

    def _use_up(self, connection: Connection, token: str) -> bool:
        link, now = tables.sign_in, self._clock()
        # One statement, so that of two clicks at the same time only one gets in.
        used = connection.execute(
            update(link)
            .where(link.c.token_sha256 == _hash(token), link.c.used_at.is_(None), link.c.expires_at > now)
            .values(used_at=now)
        )
        return used.rowcount == 1


def _give(connection: Connection, user: str, purpose: Purpose, now: datetime, lifetime: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(tables.sign_in).values(token_sha256=_hash(token), user=user, purpose=purpose, expires_at=now + lifetime)
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

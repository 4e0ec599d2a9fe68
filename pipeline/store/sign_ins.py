"""Who is at the desk: one-time sign-in links and the sessions they open. Only hashes of tokens are kept."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction


class SignIns:
    """Sign-in links and sessions."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def issue(self, who: str, lifetime: timedelta) -> str:
        """A token that signs one person in once."""
        token = secrets.token_urlsafe(32)
        with transaction(self._engine) as connection:
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

    def end(self, session: str) -> None:
        """Sign out."""
        table = tables.session
        with transaction(self._engine) as connection:
            connection.execute(
                update(table).where(table.c.token_sha256 == _hash(session)).values(ended_at=self._clock())
            )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

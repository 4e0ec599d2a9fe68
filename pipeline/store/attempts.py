"""How often signing in failed, so that guessing takes for ever. Kept here, so that a restart forgets nothing."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import transaction

FORGOTTEN_AFTER = timedelta(hours=24)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Something of which failures are counted: an account's name, or an address."""

    key: str
    """Hashed before it is kept: people type passwords into the field of the name."""
    free: int
    """Failures without a wait."""


class Attempts:
    """Failures, and until when nothing is tried again."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, counted: Sequence[Counted]) -> timedelta | None:
        """Count an attempt as a failure beforehand, so that many at once are counted, too.

        Returns:
            None where it may go on; otherwise for how long nothing is tried, and nothing was counted.
        """
        now, table = self._clock(), tables.attempt
        with transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.last_at < now - FORGOTTEN_AFTER))
            keys = {_hash(each.key): each for each in counted}
            # The rows are there before they are locked, so that of two first attempts neither is lost.
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            for key in sorted(keys):
                row = insert(table).values(key_sha256=key, failures=0, last_at=now, open_at=now)
                connection.execute(row.on_conflict_do_nothing())
            rows = {
                row.key_sha256: row
                for row in connection.execute(
                    select(table).where(table.c.key_sha256.in_(keys)).order_by(table.c.key_sha256).with_for_update()
                )
            }
            opens: datetime = max(row.open_at for row in rows.values())
            if opens > now:
                return opens - now
            for key, each in keys.items():
                failures = rows[key].failures + 1
                connection.execute(
                    update(table)
                    .where(table.c.key_sha256 == key)
                    .values(failures=failures, last_at=now, open_at=now + wait_after(failures, each.free))
                )
        return None

    def succeeded(self, counted: Sequence[Counted], *, forget: str) -> None:
        """Take the attempt back; of the key `forget` every failure."""
        table = tables.attempt
        with transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.key_sha256 == _hash(forget)))
            for each in counted:
                connection.execute(
                    update(table)
                    .where(table.c.key_sha256 == _hash(each.key), table.c.failures > 0)
                    .values(failures=table.c.failures - 1, open_at=self._clock())
                )


def wait_after(failures: int, free: int) -> timedelta:
    """How long nothing is tried after so many failures: none, then 2 seconds, 4, 8 ... to a quarter of an hour."""
    over = failures - free
    return timedelta() if over <= 0 else min(timedelta(seconds=2 ** min(over, 20)), LONGEST_WAIT)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

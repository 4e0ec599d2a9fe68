"""The second step of signing in: the secret of an authenticator app, and recovery codes for who lost the app."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, or_, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction


class SecondSteps:
    """Secrets and recovery codes; of the codes only hashes are kept."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, user: str, secret: str) -> bool:
        """Keep a secret that does not count yet; False where one counts already."""
        table = tables.user
        with transaction(self._engine) as connection:
            changed = connection.execute(
                update(table).where(table.c.id == user, table.c.totp_since.is_(None)).values(totp_secret=secret)
            )
        return changed.rowcount == 1

    def begun(self, user: str) -> str | None:
        """The secret that waits for its first code."""
        table = tables.user
        with snapshot(self._engine) as connection:
            return connection.execute(
                select(table.c.totp_secret).where(table.c.id == user, table.c.totp_since.is_(None))
            ).scalar()

    def confirm(self, user: str, secret: str, step: int, codes: Sequence[str]) -> bool:
        """Let a secret count from now on; False where another one was begun meanwhile.

        Args:
            user: id of the account.
            secret: the one that the first code was of.
            step: time step of that code, which is used up with it.
            codes: recovery codes.
        """
        table = tables.user
        with transaction(self._engine) as connection:
            changed = connection.execute(
                update(table)
                .where(table.c.id == user, table.c.totp_secret == secret, table.c.totp_since.is_(None))
                .values(totp_since=self._clock(), totp_step=step)
            )
            if changed.rowcount != 1:
                return False
            connection.execute(delete(tables.recovery_code).where(tables.recovery_code.c.user == user))
            connection.execute(
                insert(tables.recovery_code), [{"user": user, "code_sha256": _hash(code)} for code in codes]
            )
        return True

    def secret(self, user: str) -> str | None:
        """The secret that counts; None where signing in takes the password alone."""
        table = tables.user
        with snapshot(self._engine) as connection:
            return connection.execute(
                select(table.c.totp_secret).where(table.c.id == user, table.c.totp_since.is_not(None))
            ).scalar()

    def use_step(self, user: str, step: int) -> bool:
        """Use a time step up; False where its code, or a later one, was taken before."""
        table = tables.user
        with transaction(self._engine) as connection:
            changed = connection.execute(
                update(table)
                .where(table.c.id == user, or_(table.c.totp_step.is_(None), table.c.totp_step < step))
                .values(totp_step=step)
            )
        return changed.rowcount == 1

    def use_recovery_code(self, user: str, code: str) -> bool:
        """Use a recovery code up; False where it is none of theirs or was used before."""
        table = tables.recovery_code
        with transaction(self._engine) as connection:
            changed = connection.execute(
                update(table)
                .where(table.c.user == user, table.c.code_sha256 == _hash(code), table.c.used_at.is_(None))
                .values(used_at=self._clock())
            )
        return changed.rowcount == 1

    def codes_left(self, user: str) -> int:
        """Recovery codes that were not used."""
        table = tables.recovery_code
        with snapshot(self._engine) as connection:
            return connection.execute(
                select(func.count()).select_from(table).where(table.c.user == user, table.c.used_at.is_(None))
            ).scalar_one()

    def remove(self, user: str) -> None:
        """Let the password alone do."""
        with transaction(self._engine) as connection:
            connection.execute(delete(tables.recovery_code).where(tables.recovery_code.c.user == user))
            connection.execute(
                update(tables.user)
                .where(tables.user.c.id == user)
                .values(totp_secret=None, totp_since=None, totp_step=None)
            )


def _hash(code: str) -> str:
    # 80 random bits a code: a plain hash cannot be turned round.
    return hashlib.sha256("".join(c for c in code.upper() if c.isalnum()).encode()).hexdigest()

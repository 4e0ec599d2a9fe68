"""The second coder's charts: a share of what was signed is coded once more, blind."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReview:
    """A chart that is coded a second time by somebody who does not see the first codes."""

    encounter: str
    first: str
    """Who signed it."""
    chosen_at: datetime
    second: str | None
    """Who took it; None while it waits."""
    taken_at: datetime | None
    done_at: datetime | None


class SecondReviews:
    """Which charts are coded twice."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def choose(self, encounter: str, first: str, share: float) -> bool:
        """Draw whether a chart that was just signed is coded twice; by its id alone, so that nobody can steer it."""
        if not drawn(encounter, share):
            return False
        table = tables.second_review
        with transaction(self._engine) as connection:
            if connection.execute(select(table.c.encounter).where(table.c.encounter == encounter)).first() is None:
                connection.execute(insert(table).values(encounter=encounter, first=first, chosen_at=self._clock()))
        return True

    def take(self, encounter: str, who: str) -> bool:
        """Let somebody be the second coder; False where it is taken, unknown, or was signed by the same person."""
        table = tables.second_review
        with transaction(self._engine) as connection:
            taken = connection.execute(
                update(table)
                .where(table.c.encounter == encounter, table.c.second.is_(None), table.c.first != who)
                .values(second=who, taken_at=self._clock())
            )
            return taken.rowcount == 1

    def finish(self, encounter: str) -> None:
        """The second coder signed, too."""
        table = tables.second_review
        with transaction(self._engine) as connection:
            connection.execute(
                update(table)
                .where(table.c.encounter == encounter, table.c.done_at.is_(None))
                .values(done_at=self._clock())
            )

    def of(self, encounter: str) -> SecondReview | None:
        """The second review of a chart; None where it has none."""
        table = tables.second_review
        with snapshot(self._engine) as connection:
            row = connection.execute(select(table).where(table.c.encounter == encounter)).first()
            return None if row is None else SecondReview(**row._mapping)

    def all(self) -> tuple[SecondReview, ...]:
        """Every one, the longest waiting first."""
        table = tables.second_review
        with snapshot(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.chosen_at, table.c.encounter))
            return tuple(SecondReview(**row._mapping) for row in rows)


def drawn(encounter: str, share: float) -> bool:
    """Whether an encounter is among the share that is coded twice."""
    return int.from_bytes(hashlib.sha256(f"second {encounter}".encode()).digest()[:8], "big") < share * 2**64

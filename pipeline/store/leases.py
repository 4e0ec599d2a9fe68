"""Who has which chart open: for minutes only, renewed while its tab lives, free by itself afterwards."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction

LASTS = timedelta(minutes=3)
"""After the last sign of life of its tab."""
TABLE = tables.lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One account has one chart open."""

    encounter: str
    account: str
    """Id of the account."""
    name: str
    """Of the account, for people."""
    token: str
    """Of the tab that showed it last."""
    taken_at: datetime
    until: datetime
    taken_from: str | None
    """Id of the account that it was taken over from."""


class Leases:
    """The leases on charts. One account may have a chart open in several tabs; two accounts never have the same."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def take(self, encounter: str, account: str, token: str) -> Lease:
        """Take a chart where it is free, renew it where it is one's own; the lease that holds from now on.

        The answer's account tells whose it is: of two who ask at the same time, one gets it.
        """
        with transaction(self._engine) as connection:
            self._seize(connection, encounter, account, token, or_(TABLE.c.until <= self._clock(), _own(account)))
            return _lease(connection, encounter)

    def take_over(self, encounter: str, account: str, token: str) -> Lease:
        """Take a chart whoever has it; the other one is told with the next thing that he does."""
        with transaction(self._engine) as connection:
            self._seize(connection, encounter, account, token, None)
            return _lease(connection, encounter)

    def renew(self, encounter: str, account: str, token: str) -> Lease | None:
        """A sign of life of a tab: its lease holds on, and one that ran out is taken again while nobody else has it.

        None where somebody else has the chart, or took it and left: what the tab shows may be old.
        """
        with transaction(self._engine) as connection:
            known = _of(connection, [encounter]).get(encounter)
            if known is not None and known.account != account:
                return None
            self._seize(connection, encounter, account, token, _own(account))
            held = _lease(connection, encounter)
            return held if held.account == account else None

    def release(self, encounter: str, account: str, token: str) -> None:
        """A tab was left; nothing happens where another one shows the chart by now."""
        with transaction(self._engine) as connection:
            own = (TABLE.c.encounter == encounter, TABLE.c.token == token)
            connection.execute(delete(TABLE).where(*own, _own(account)))

    def release_all(self, account: str) -> None:
        """Somebody signed out."""
        with transaction(self._engine) as connection:
            connection.execute(delete(TABLE).where(_own(account)))

    def of(self, encounters: Collection[str]) -> dict[str, Lease]:
        """The leases that hold now on some encounters."""
        now = self._clock()
        with snapshot(self._engine) as connection:
            found = _of(connection, encounters)
        return {encounter: lease for encounter, lease in found.items() if lease.until > now}

    def holds(self, encounter: str, account: str) -> bool:
        """Whether an account has a chart open now."""
        lease = self.of([encounter]).get(encounter)
        return lease is not None and lease.account == account

    def _seize(
        self, connection: Connection, encounter: str, account: str, token: str, where: ColumnElement[bool] | None
    ) -> None:
        now = self._clock()
        # One statement, so that of two who ask at the same time only one gets it.
        upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        statement = upsert(TABLE).values(
            encounter=encounter, account=account, token=token, taken_at=now, until=now + LASTS, taken_from=None
        )
        kept = _own(account) & (TABLE.c.until > now)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[TABLE.c.encounter],
                set_={
                    "account": account,
                    "token": token,
                    "taken_at": case((kept, TABLE.c.taken_at), else_=now),
                    "until": now + LASTS,
                    "taken_from": case((kept, TABLE.c.taken_from), (TABLE.c.until > now, TABLE.c.account), else_=None),
                },
                where=where,
            )
        )


def _own(account: str) -> ColumnElement[bool]:
    return TABLE.c.account == account


def _lease(connection: Connection, encounter: str) -> Lease:
    return _of(connection, [encounter])[encounter]


def _of(connection: Connection, encounters: Collection[str]) -> dict[str, Lease]:
    user = tables.user
    query = select(TABLE, user.c.name).join(user, user.c.id == TABLE.c.account)
    rows = connection.execute(query.where(TABLE.c.encounter.in_(list(encounters))))
    return {row.encounter: Lease(**row._mapping) for row in rows}

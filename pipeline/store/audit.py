"""Who did what, appended to a chain of hashes: each entry carries the hash of the one before it.

Whoever changes, removes or slips in an entry breaks the chain at that place. Cutting off its end does not
show in itself, so the head is written down elsewhere from time to time and asked for later.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError
from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.audit_proof import Proof, prove
from pipeline.store.audit_rows import DETAIL, GENESIS, SUBJECT, Act, Entry, Wanted, digest, text_of
from pipeline.store.connect import snapshot, transaction

REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
"""Opaque id of the request that is being answered; entries carry it."""

HEAD_LOCK = 0x1AC0DE
"""Key of the lock under which PostgreSQL's writers find the head one after the other."""
ROWS_AT_ONCE = 2_000


def chain(
    connection: Connection,
    *,
    at: datetime,
    who: str | None,
    act: Act,
    subject: str | None = None,
    detail: str | None = None,
) -> None:
    """Append an entry within a transaction, so that it stands exactly if what it tells of does.

    Call it last: until the transaction ends, every other writer of the log waits.

    Args:
        connection: within a transaction that writes.
        at: the time, aware.
        who: name of the account; None where it is unknown.
        act: what was done.
        subject: opaque id of an encounter, a document or an account.
        detail: a number or a few plain words of the program; never a word of a chart.

    Raises:
        ValueError: the subject is no id, or the detail holds more than plain words.
    """
    if (subject is not None and not SUBJECT.fullmatch(subject)) or (
        detail is not None and not DETAIL.fullmatch(detail)
    ):
        raise ValueError("an audit entry holds ids, numbers and plain words only")
    table = tables.audit
    if connection.dialect.name == "postgresql":  # SQLite's writers queue at BEGIN IMMEDIATE
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": HEAD_LOCK})
    head = connection.execute(select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)).first()
    id, previous = (1, GENESIS) if head is None else (head.id + 1, head.hash)
    request = REQUEST.get()
    connection.execute(
        insert(table).values(
            id=id,
            at=at,
            who=who,
            action=act.value,
            subject=subject,
            detail=detail,
            request=request,
            previous=previous,
            hash=digest(
                id=id,
                at=text_of(at),
                who=who,
                action=act.value,
                subject=subject,
                detail=detail,
                request=request,
                previous=previous,
            ),
        )
    )


class Audit:
    """The audit log."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def write(
        self,
        act: Act,
        *,
        who: str | None,
        vouched: bool = False,
        subject: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Append an entry of its own.

        A name that no account has and an id that the store does not know are left out: either may be anything that
        somebody typed into a form or an address.

        Args:
            act: what was done.
            who: name of the account; None where it is unknown.
            vouched: the name is the operating system's, of who runs a command, and needs no account.
            subject: opaque id of an encounter, a document or an account.
            detail: a number or a few plain words of the program.

        Raises:
            StoreError: it could not be written; what it tells of must not happen then.
            DiskFullError: no room left.
        """
        try:
            with transaction(self._engine) as connection:
                chain(
                    connection,
                    at=self._clock(),
                    who=who if who is not None and (vouched or _is_account(connection, who)) else None,
                    act=act,
                    subject=subject if subject is not None and _is_known(connection, subject) else None,
                    detail=detail,
                )
        except DBAPIError as error:
            raise StoreError("The audit log cannot be written to, so nothing is shown; check the store.") from error

    def newest(self, wanted: Wanted, *, before: int | None = None, limit: int) -> tuple[Entry, ...]:
        """Entries, the newest first; those that stand before one of that id."""
        table = tables.audit
        query = select(table).where(*_conditions(wanted)).order_by(table.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(table.c.id < before)
        with snapshot(self._engine) as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def each(self, wanted: Wanted, count: int) -> Iterator[Entry]:
        """So many entries, the oldest first, fetched some at a time; what is appended meanwhile comes after them."""
        table, after = tables.audit, 0
        while count > 0:
            query = (
                select(table).where(*_conditions(wanted), table.c.id > after).order_by(table.c.id).limit(ROWS_AT_ONCE)
            )
            with snapshot(self._engine) as connection:
                found = [_entry(row) for row in connection.execute(query)][:count]
            yield from found
            if len(found) < ROWS_AT_ONCE:
                return
            count, after = count - len(found), found[-1].id

    def count(self, wanted: Wanted) -> int:
        """How many entries there are."""
        with snapshot(self._engine) as connection:
            return connection.execute(
                select(func.count()).select_from(tables.audit).where(*_conditions(wanted))
            ).scalar_one()

    def accounts(self) -> dict[str, str]:
        """Names of all accounts by their ids, in the order of the alphabet."""
        query = select(tables.user.c.id, tables.user.c.name).order_by(tables.user.c.name)
        with snapshot(self._engine) as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def account(self, name: str) -> str | None:
        """Id of the account with a name; None where there is none."""
        return next((id for id, known in self.accounts().items() if known == name), None)

    def verify(self, expect: str | None = None) -> Proof:
        """Prove the chain, or name its first broken link.

        Args:
            expect: the hash of a head that was written down earlier, which must still be in the chain.
        """
        with snapshot(self._engine) as connection:
            return prove(connection, expect)


def _is_account(connection: Connection, name: str) -> bool:
    if "\0" in name:  # which PostgreSQL does not even look for
        return False
    return connection.execute(select(tables.user.c.id).where(tables.user.c.name == name)).first() is not None


def _is_known(connection: Connection, subject: str) -> bool:
    return SUBJECT.fullmatch(subject) is not None and any(
        connection.execute(select(table.c.id).where(table.c.id == subject)).first() is not None
        for table in (tables.encounter, tables.document, tables.user)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    table, conditions = tables.audit, []
    if wanted.who is not None:
        conditions.append(table.c.who == wanted.who if wanted.who else table.c.who.is_(None))
    if wanted.act is not None:
        conditions.append(table.c.action == wanted.act.value)
    if wanted.subject is not None:
        conditions.append(table.c.subject == wanted.subject)
    if wanted.since is not None:
        conditions.append(table.c.at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None:
        conditions.append(table.c.at < datetime.combine(wanted.until, time(), UTC) + timedelta(days=1))
    return conditions


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(**row._asdict())

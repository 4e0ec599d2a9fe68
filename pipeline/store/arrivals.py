"""Files that were seen, and the content they brought.

An arrival is one file at one time; a document is content, known by its SHA-256. A state changes
here in one transaction or not at all, and always before the file itself moves.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from pipeline.store import tables
from pipeline.store.concerns import note_rejection
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import Arrival, ArrivalState, Document, DocumentState

UNDECIDED = (ArrivalState.WAITING, ArrivalState.READING)


def utc_now() -> datetime:
    """The time that rows are stamped with."""
    return datetime.now(UTC)


class Seen(Protocol):
    """A file in the inbox, as the inbox hands it over."""

    @property
    def path(self) -> Path:
        """Below the inbox."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def batch(self) -> str:
        """Folder below the inbox."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def mtime_ns(self) -> int:
        """Modification time."""


class Arrivals:
    """The journal of the inbox."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def sight(self, files: Sequence[Seen]) -> dict[Path, Arrival]:
        """Write down what lies in the inbox, and tell the arrival of each file.

        A path is one arrival until its file has moved. A waiting file that was renamed, as scanners do when they
        are done, stays the same arrival.
        """
        table = tables.arrival
        with transaction(self._engine) as connection:
            known = {
                arrival.path: arrival
                for arrival in map(arrival_of, connection.execute(select(table).where(table.c.moved_at.is_(None))))
            }
            here = {file.path for file in files}
            vanished = {
                (arrival.size, arrival.mtime_ns): arrival
                for arrival in known.values()
                if arrival.state is ArrivalState.WAITING and arrival.path not in here
            }
            for file in files:
                arrival = known.get(file.path)
                if arrival is None:
                    renamed = vanished.pop((file.size, file.mtime_ns), None)
                    known[file.path] = (
                        self._renamed(connection, renamed, file) if renamed else self._new(connection, file)
                    )
                elif arrival.state is ArrivalState.WAITING and (arrival.size, arrival.mtime_ns) != (
                    file.size,
                    file.mtime_ns,
                ):
                    change(connection, arrival.id, size=file.size, mtime_ns=str(file.mtime_ns))
                    known[file.path] = load_arrival(connection, arrival.id)
            return {path: known[path] for path in here}

    def _new(self, connection: Connection, file: Seen) -> Arrival:
        key = connection.execute(
            insert(tables.arrival)
            .values(
                path=os.fsencode(file.path),
                name=file.name,
                batch=file.batch,
                state=ArrivalState.WAITING,
                size=file.size,
                mtime_ns=str(file.mtime_ns),
                first_seen=self._clock(),
            )
            .returning(tables.arrival.c.id)
        ).scalar_one()
        return load_arrival(connection, key)

    def _renamed(self, connection: Connection, arrival: Arrival, file: Seen) -> Arrival:
        change(connection, arrival.id, path=os.fsencode(file.path), name=file.name, batch=file.batch)
        return load_arrival(connection, arrival.id)

    def take(self, arrival: int, sha256: str, *, size: int, mtime_ns: int) -> Arrival:
        """The content is safe among the originals: read it, unless it was read already.

        The arrival that comes back is READING, or a DUPLICATE of content that was read, or still WAITING where
        another arrival with the same content is just being read.
        """
        document = sha256[:16]
        with transaction(self._engine) as connection:
            seen = connection.execute(select(tables.document).where(tables.document.c.id == document)).first()
            row = load_arrival(connection, arrival)
            change(connection, arrival, size=size, mtime_ns=str(mtime_ns))
            if seen is None:
                connection.execute(
                    insert(tables.document).values(
                        id=document,
                        sha256=sha256,
                        size=size,
                        name=row.name,
                        batch=row.batch,
                        state=DocumentState.READING,
                        attempts=0,
                        taken_at=self._clock(),
                    )
                )
                change(connection, arrival, state=ArrivalState.READING, document=document)
            elif seen.state == DocumentState.REJECTED:
                connection.execute(
                    update(tables.document)
                    .where(tables.document.c.id == document)
                    .values(state=DocumentState.READING, attempts=0)
                )
                change(connection, arrival, state=ArrivalState.READING, document=document)
            elif seen.state == DocumentState.READ:
                change(
                    connection,
                    arrival,
                    state=ArrivalState.DUPLICATE,
                    document=document,
                    sentence=f"This is a second copy of “{seen.name}”, which was read already; nothing is to be done.",
                    finished_at=self._clock(),
                )
            return load_arrival(connection, arrival)

    def reject(self, arrival: int, sentence: str) -> Arrival:
        """The file cannot be read; its content is marked so too, and is tried again when it comes again."""
        with transaction(self._engine) as connection:
            row, now = load_arrival(connection, arrival), self._clock()
            change(connection, arrival, state=ArrivalState.REJECTED, sentence=sentence, finished_at=now)
            note_rejection(connection, arrival, row.document, now)
            if row.document is not None:
                connection.execute(
                    update(tables.document)
                    .where(tables.document.c.id == row.document, tables.document.c.state == DocumentState.READING)
                    .values(state=DocumentState.REJECTED)
                )
            return load_arrival(connection, arrival)

    def count_attempt(self, document: str) -> int:
        """Reading this content took a reading process down; tells how often that was."""
        with transaction(self._engine) as connection:
            connection.execute(
                update(tables.document)
                .where(tables.document.c.id == document)
                .values(attempts=tables.document.c.attempts + 1)
            )
            return int(
                connection.execute(
                    select(tables.document.c.attempts).where(tables.document.c.id == document)
                ).scalar_one()
            )

    def plan_move(self, arrival: int, moved_to: Path) -> None:
        """Write down where the file will go, before it goes."""
        with transaction(self._engine) as connection:
            change(connection, arrival, moved_to=os.fsencode(moved_to))

    def moved(self, arrival: int) -> None:
        """The file lies where it was planned to."""
        with transaction(self._engine) as connection:
            change(connection, arrival, moved_at=self._clock())

    def gone(self, arrival: int) -> None:
        """Somebody took the file away, or put another in its place, before it could move."""
        with transaction(self._engine) as connection:
            change(connection, arrival, moved_at=self._clock(), moved_to=None)

    def purged(self, arrival: int) -> None:
        """The receipt in `done/` was deleted; its original is kept."""
        with transaction(self._engine) as connection:
            now = self._clock()
            change(connection, arrival, purged_at=now)
            connection.execute(insert(tables.event).values(at=now, kind="purge", arrival=arrival))

    def of(self, arrival: int) -> Arrival:
        """One arrival, as it stands now."""
        with snapshot(self._engine) as connection:
            return load_arrival(connection, arrival)

    def undecided(self, state: ArrivalState | None = None) -> tuple[Arrival, ...]:
        """Waiting and reading ones, or one kind of them, oldest first."""
        return self._where(tables.arrival.c.state.in_(UNDECIDED if state is None else (state,)))

    def unmoved(self) -> tuple[Arrival, ...]:
        """Decided ones whose file did not move yet, oldest first."""
        return self._where(tables.arrival.c.state.not_in(UNDECIDED) & tables.arrival.c.moved_at.is_(None))

    def moved_before(self, moment: datetime) -> tuple[Arrival, ...]:
        """Read and duplicate ones that moved to `done/` before a time and were not purged."""
        return self._where(
            tables.arrival.c.state.in_((ArrivalState.READ, ArrivalState.DUPLICATE))
            & (tables.arrival.c.moved_at < moment)
            & tables.arrival.c.purged_at.is_(None)
        )

    def all(self) -> tuple[Arrival, ...]:
        """Every one, oldest first."""
        return self._where(tables.arrival.c.id > 0)

    def documents(self) -> tuple[Document, ...]:
        """Every document, oldest first."""
        with snapshot(self._engine) as connection:
            rows = connection.execute(
                select(tables.document).order_by(tables.document.c.taken_at, tables.document.c.id)
            )
            return tuple(document_of(row) for row in rows)

    def document(self, id: str) -> Document | None:
        """One document, or None where the store has no such one."""
        with snapshot(self._engine) as connection:
            row = connection.execute(select(tables.document).where(tables.document.c.id == id)).first()
            return None if row is None else document_of(row)

    def counts(self, batches: frozenset[str] | None = None) -> dict[ArrivalState, int]:
        """How many arrivals of these batches stand in each state; None for all."""
        with snapshot(self._engine) as connection:
            query = select(tables.arrival.c.state, func.count()).group_by(tables.arrival.c.state)
            if batches is not None:
                query = query.where(tables.arrival.c.batch.in_(sorted(batches)))
            found = {ArrivalState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in ArrivalState}

    def _where(self, condition: object) -> tuple[Arrival, ...]:
        with snapshot(self._engine) as connection:
            rows = connection.execute(select(tables.arrival).where(condition).order_by(tables.arrival.c.id))  # type: ignore[arg-type]
            return tuple(arrival_of(row) for row in rows)


def change(connection: Connection, arrival: int, **values: object) -> None:
    """Write over columns of one arrival."""
    connection.execute(update(tables.arrival).where(tables.arrival.c.id == arrival).values(**values))


def load_arrival(connection: Connection, id: int) -> Arrival:
    """One arrival, as it stands in this transaction."""
    return arrival_of(connection.execute(select(tables.arrival).where(tables.arrival.c.id == id)).one())


def arrival_of(row: Row[tuple[object, ...]]) -> Arrival:
    """A row of the arrival table as a record."""
    values = dict(row._mapping)
    return Arrival(
        **{
            **values,
            "path": Path(os.fsdecode(row.path)),
            "moved_to": None if row.moved_to is None else Path(os.fsdecode(row.moved_to)),
            "state": ArrivalState(row.state),
            "mtime_ns": int(row.mtime_ns),
        }
    )


def document_of(row: Row[tuple[object, ...]]) -> Document:
    """A row of the document table as a record."""
    values = dict(row._mapping)
    return Document(**{**values, "state": DocumentState(values["state"])})

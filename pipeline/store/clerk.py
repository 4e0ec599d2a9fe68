"""What the clerk can do about what the inbox page lists.

A file that is tried again is the same arrival with its state set back: the worker takes it up as it does after a
stop, so a kill at any point loses nothing. A chart that is read again keeps its state and stands in `wanted` until
the new reading is kept, in the same transaction.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from pipeline.errors import DecisionRefusedError
from pipeline.store import tables
from pipeline.store.arrivals import arrival_of, change, load_arrival, utc_now
from pipeline.store.concerns import Concern, ConcernKind, all_concerns, concern_of, listed, note_failure
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import Arrival, ArrivalState, DocumentState

NO_COPY = "Inkchart kept no copy of this file; please drop it into the inbox again."


class Errand(StrEnum):
    """What somebody asked for, as the record keeps it."""

    RETRY = "retry"
    READ_AGAIN = "read-again"
    DEALT = "dealt"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A chart that is to be read again."""

    arrival: Arrival
    """That brought it."""
    at: datetime
    who: str


class Clerk:
    """The clerk's acts, each on the record with who and when."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def retry(self, concern: str, who: str) -> str:
        """Let a rejected file be read again from the original; its name.

        Raises:
            DecisionRefusedError: it cannot be, with the reason.
        """
        with transaction(self._engine) as connection:
            found = self._open(connection, concern)
            reason = refusal(found)
            if reason is not None:
                raise DecisionRefusedError(reason)
            self._set_back(connection, found, who)
            return found.name

    def retry_batch(self, batch: str, who: str) -> int:
        """Let every rejected file of a batch be read again that can be; how many."""
        query = listed(ConcernKind.REJECTED).where(tables.arrival.c.batch == batch)
        with transaction(self._engine) as connection:
            found = [each for each in map(concern_of, connection.execute(query)) if refusal(each) is None]
            once = {each.document: each for each in reversed(found)}  # two copies of one content are read once
            for each in once.values():
                self._set_back(connection, each, who)
            return len(once)

    def _set_back(self, connection: Connection, found: Concern, who: str) -> None:
        arrival = load_arrival(connection, found.arrival or 0)
        path = arrival.moved_to or arrival.path
        change(
            connection,
            arrival.id,
            state=ArrivalState.READING,
            path=os.fsencode(path),
            sentence=None,
            finished_at=None,
            moved_to=None,
            moved_at=None,
        )
        connection.execute(
            update(tables.document)
            .where(tables.document.c.id == found.document)
            .values(state=DocumentState.READING, attempts=0)
        )
        connection.execute(delete(tables.concern).where(tables.concern.c.id == found.id))
        self._record(connection, who, Errand.RETRY, arrival=arrival.id, document=found.document)

    def read_again(self, document: str, who: str) -> str:
        """Ask for a new reading of a chart that was read; its name.

        Raises:
            DecisionRefusedError: it was never read, or there is no such one.
        """
        with transaction(self._engine) as connection:
            brought = self._brought(connection, document)
            if brought is None:
                raise DecisionRefusedError("Only a chart that was read can be read again.")
            wanted = select(tables.wanted.c.document).where(tables.wanted.c.document == document)
            if connection.execute(wanted).first() is None:
                now = self._clock()
                connection.execute(insert(tables.wanted).values(document=document, at=now, who=who))
                connection.execute(update(tables.document).where(tables.document.c.id == document).values(attempts=0))
                connection.execute(
                    delete(tables.concern).where(
                        tables.concern.c.document == document, tables.concern.c.kind == ConcernKind.AGAIN
                    )
                )
                self._record(connection, who, Errand.READ_AGAIN, document=document)
            return brought.name

    def not_read_again(self, document: str, sentence: str) -> None:
        """The new reading that was asked for could not be made; the one before stands."""
        with transaction(self._engine) as connection:
            note_failure(connection, document, sentence, self._clock())

    def wanted(self) -> tuple[Wanted, ...]:
        """Charts that are to be read again, the first asked first."""
        query = select(tables.wanted).order_by(tables.wanted.c.at, tables.wanted.c.document)
        with snapshot(self._engine) as connection:
            rows = connection.execute(query).all()
            found = ((row, self._brought(connection, row.document)) for row in rows)
            return tuple(Wanted(arrival=a, at=row.at, who=row.who) for row, a in found if a is not None)

    def _brought(self, connection: Connection, document: str) -> Arrival | None:
        """The arrival whose content was read as this document."""
        arrival = tables.arrival
        row = connection.execute(
            select(arrival)
            .where(arrival.c.document == document, arrival.c.state == ArrivalState.READ)
            .order_by(arrival.c.id)
            .limit(1)
        ).first()
        return None if row is None else arrival_of(row)

    def tries(self, arrival: int) -> int:
        """How often somebody asked to read a rejected file again."""
        errand = tables.errand
        with snapshot(self._engine) as connection:
            query = select(func.count()).where(errand.c.arrival == arrival, errand.c.kind == Errand.RETRY)
            return int(connection.execute(query).scalar_one())

    def deal(self, concern: str, who: str) -> Concern:
        """Somebody dealt with it: it leaves the list and stays in the record.

        Raises:
            DecisionRefusedError: it is not in the list any more.
        """
        with transaction(self._engine) as connection:
            found = self._open(connection, concern)
            self._set(connection, found, who, Errand.DEALT, dealt_at=self._clock(), dealt_by=who)
            return found

    def restore(self, concern: str, who: str) -> Concern:
        """Nobody dealt with it after all.

        Raises:
            DecisionRefusedError: there is no such one.
        """
        with transaction(self._engine) as connection:
            found = self._one(connection, concern)
            if found is None:
                raise DecisionRefusedError("This is not in the list any more.")
            self._set(connection, found, who, Errand.RESTORED, dealt_at=None, dealt_by=None)
            return found

    def _set(self, connection: Connection, found: Concern, who: str, kind: Errand, **values: object) -> None:
        connection.execute(update(tables.concern).where(tables.concern.c.id == found.id).values(**values))
        self._record(connection, who, kind, arrival=found.arrival, document=found.document, page=found.page)

    def _open(self, connection: Connection, concern: str) -> Concern:
        found = self._one(connection, concern)
        if found is None or found.dealt_at is not None:
            raise DecisionRefusedError("This is not in the list any more; somebody was quicker.")
        return found

    def _one(self, connection: Connection, concern: str) -> Concern | None:
        row = connection.execute(all_concerns().where(tables.concern.c.id == concern)).first()
        return None if row is None else concern_of(row)

    def _record(self, connection: Connection, who: str, kind: Errand, **about: object) -> None:
        connection.execute(insert(tables.errand).values(at=self._clock(), who=who, kind=kind, **about))


def refusal(concern: Concern) -> str | None:
    """Why a rejected file cannot be tried again now; None where it can be."""
    if concern.kind is not ConcernKind.REJECTED:
        return "This was not rejected."
    if concern.document is None:
        return NO_COPY
    if not concern.moved:
        return "This file is still being moved out of the inbox; try again in a moment."
    match concern.document_state:
        case DocumentState.READ:
            return "The same content was read meanwhile; nothing is to be done."
        case DocumentState.READING:
            return "A second copy of this file is being read just now."
    return None

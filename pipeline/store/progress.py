"""How the worker gets on, as it tells it to the store: it is another process than the web app."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction

THE_WORKER = 1
"""One worker works on one store."""
SHOWN = 200
"""Sentences of one kind that are kept; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asides:
    """What lies in the inbox and is not read, in sentences."""

    passed_over: tuple[str, ...] = ()
    """Never opened: symbolic links, FIFOs, folders that may not be looked into."""
    unfinished: tuple[str, ...] = ()
    """Names of hidden files and of those that a copying program has not finished."""
    unmoved: tuple[str, ...] = ()
    """Decided files that could not be moved out of the inbox."""
    more: int = 0
    """How many more there are than are named here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerAtWork:
    """The worker as it last told of itself."""

    started_at: datetime
    beat_at: datetime
    due_at: datetime
    """When it will have told again, if it runs."""
    stopped_at: datetime | None
    stopped_why: str | None
    """A sentence, where it did not stop because somebody ended it."""
    free_bytes: int | None
    """Room on the fuller one of the disks of the data folder and of the inbox."""
    asides: Asides

    def runs(self, now: datetime) -> bool:
        """Whether it can be taken to be at work."""
        return self.stopped_at is None and now <= self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class BeingRead:
    """A chart that is being read."""

    arrival: int
    document: str
    name: str
    batch: str
    again: bool
    """It was read before, and somebody asked for a new reading."""
    attempt: int
    """Which try this is, from 1."""
    pages_done: int
    pages: int | None
    """None until its file was opened."""
    started_at: datetime


class WorkerProgress:
    """The worker writes here, the clerk's page reads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def starts(self, within: timedelta) -> None:
        """The worker begins; what one before it told is over.

        Args:
            within: it will tell again within this time.
        """
        now = self._clock()
        with transaction(self._engine) as connection:
            connection.execute(delete(tables.progress))
            connection.execute(delete(tables.worker))
            connection.execute(
                insert(tables.worker).values(
                    id=THE_WORKER, started_at=now, beat_at=now, due_at=now + within, asides=json.dumps({})
                )
            )

    def beats(
        self, within: timedelta, *, asides: Asides, free_bytes: int | None, pages: dict[str, tuple[int, int | None]]
    ) -> None:
        """The worker lives.

        Args:
            within: it will tell again within this time.
            asides: what it does not read.
            free_bytes: room on the disk.
            pages: pages that are done and pages in all of each document that got further.
        """
        now = self._clock()
        with transaction(self._engine) as connection:
            connection.execute(
                update(tables.worker)
                .where(tables.worker.c.id == THE_WORKER)
                .values(beat_at=now, due_at=now + within, free_bytes=free_bytes, asides=_packed(asides))
            )
            for document, (done, of) in pages.items():
                connection.execute(
                    update(tables.progress)
                    .where(tables.progress.c.document == document)
                    .values(pages_done=done, pages=of)
                )

    def stops(self, why: str | None) -> None:
        """The worker ends, by a wish or for a reason."""
        with transaction(self._engine) as connection:
            connection.execute(delete(tables.progress))
            connection.execute(
                update(tables.worker)
                .where(tables.worker.c.id == THE_WORKER)
                .values(stopped_at=self._clock(), stopped_why=why)
            )

    def reads(self, document: str, *, arrival: int, again: bool, attempt: int) -> None:
        """A chart goes to a reading process."""
        with transaction(self._engine) as connection:
            connection.execute(delete(tables.progress).where(tables.progress.c.document == document))
            connection.execute(
                insert(tables.progress).values(
                    document=document,
                    arrival=arrival,
                    again=again,
                    attempt=attempt,
                    pages_done=0,
                    started_at=self._clock(),
                )
            )

    def ends(self, document: str) -> None:
        """A chart is read, or is not being read any more."""
        with transaction(self._engine) as connection:
            connection.execute(delete(tables.progress).where(tables.progress.c.document == document))

    def worker(self) -> WorkerAtWork | None:
        """The worker as it last told; None where none ever ran."""
        with snapshot(self._engine) as connection:
            row = connection.execute(select(tables.worker).where(tables.worker.c.id == THE_WORKER)).first()
        if row is None:
            return None
        return WorkerAtWork(
            started_at=row.started_at,
            beat_at=row.beat_at,
            due_at=row.due_at,
            stopped_at=row.stopped_at,
            stopped_why=row.stopped_why,
            free_bytes=row.free_bytes,
            asides=_unpacked(row.asides),
        )

    def being_read(self) -> tuple[BeingRead, ...]:
        """What is being read, the longest first."""
        progress, arrival = tables.progress, tables.arrival
        query = (
            select(progress, arrival.c.name, arrival.c.batch)
            .join(arrival, arrival.c.id == progress.c.arrival)
            .order_by(progress.c.started_at, progress.c.document)
        )
        with snapshot(self._engine) as connection:
            return tuple(BeingRead(**row._mapping) for row in connection.execute(query))


def _packed(asides: Asides) -> str:
    kinds = {"passed_over": asides.passed_over, "unfinished": asides.unfinished, "unmoved": asides.unmoved}
    more = sum(max(0, len(sentences) - SHOWN) for sentences in kinds.values())
    return json.dumps({**{kind: sentences[:SHOWN] for kind, sentences in kinds.items()}, "more": more})


def _unpacked(text: str) -> Asides:
    values: dict[str, Sequence[str] | int] = json.loads(text)
    return Asides(**{k: v if isinstance(v, int) else tuple(v) for k, v in values.items()})  # type: ignore[arg-type]

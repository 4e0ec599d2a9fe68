"""What the inbox page lists: never more than a screenful, by indices, so that a large inbox stays quick."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, Select, func, select

from pipeline.store import tables
from pipeline.store.arrivals import arrival_of
from pipeline.store.concerns import Concern, ConcernKind, all_concerns, concern_of, listed
from pipeline.store.connect import snapshot
from pipeline.store.rows import Arrival, ArrivalState


class InboxLists:
    """Lists and counts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self) -> dict[ConcernKind, int]:
        """How many concerns of each kind are open."""
        concern = tables.concern
        query = select(concern.c.kind, func.count()).where(concern.c.dealt_at.is_(None)).group_by(concern.c.kind)
        with snapshot(self._engine) as connection:
            found: dict[str, int] = dict(connection.execute(query).all())
        return {kind: found.get(kind, 0) for kind in ConcernKind}

    def dealt_count(self) -> int:
        """How many concerns were dealt with."""
        query = select(func.count()).where(tables.concern.c.dealt_at.is_not(None))
        with snapshot(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def concerns(self, kind: ConcernKind, *, limit: int, skip: int = 0) -> tuple[Concern, ...]:
        """Open ones of a kind, newest first."""
        return self._listed(listed(kind).limit(limit).offset(skip))

    def dealt(self, *, limit: int, skip: int = 0) -> tuple[Concern, ...]:
        """Those that were dealt with, newest first."""
        concern = tables.concern
        query = all_concerns().where(concern.c.dealt_at.is_not(None)).order_by(concern.c.dealt_at.desc(), concern.c.id)
        return self._listed(query.limit(limit).offset(skip))

    def advised(self, document: str, page: int) -> bool:
        """Whether a page is one that is better scanned again."""
        concern = tables.concern
        query = select(concern.c.id).where(
            concern.c.document == document, concern.c.page == page, concern.c.kind == ConcernKind.PAGE
        )
        with snapshot(self._engine) as connection:
            return connection.execute(query.limit(1)).first() is not None

    def files(self, state: ArrivalState, *, limit: int, skip: int = 0) -> tuple[Arrival, ...]:
        """Arrivals in a state, newest first."""
        arrival = tables.arrival
        newest = arrival.c.id if state in (ArrivalState.WAITING, ArrivalState.READING) else arrival.c.finished_at
        query = select(arrival).where(arrival.c.state == state).order_by(newest.desc(), arrival.c.id.desc())
        with snapshot(self._engine) as connection:
            return tuple(arrival_of(row) for row in connection.execute(query.limit(limit).offset(skip)))

    def newer_scans(self, documents: Iterable[str]) -> dict[str, str]:
        """Names of charts that were read later and are of the same patient and date, by document id."""
        old, new = tables.proposal.alias("old"), tables.proposal.alias("new")
        was, now = tables.reading.alias("was"), tables.reading.alias("now")
        query = (
            select(was.c.document, tables.document.c.name)
            .join(old, old.c.reading == was.c.id)
            .join(new, new.c.visit == old.c.visit)
            .join(now, now.c.id == new.c.reading)
            .join(tables.document, tables.document.c.id == now.c.document)
            .where(was.c.document.in_(tuple(documents)), now.c.document != was.c.document, now.c.id > was.c.id)
            .order_by(now.c.id)
        )
        with snapshot(self._engine) as connection:
            return {row.document: row.name for row in connection.execute(query)}

    def rejected_batches(self) -> tuple[str, ...]:
        """Batches with a rejected file in the list."""
        query = listed(ConcernKind.REJECTED).with_only_columns(tables.arrival.c.batch).order_by(None).distinct()
        with snapshot(self._engine) as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def _listed(self, query: "Select[*tuple[Any, ...]]") -> tuple[Concern, ...]:
        with snapshot(self._engine) as connection:
            return tuple(concern_of(row) for row in connection.execute(query))

"""What the inbox page lists: never more than a screenful, by indices, so that a large inbox stays quick.

`batches` are those that the account may see, everywhere; None is all of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, func, select, true

from pipeline.store import tables
from pipeline.store.arrivals import arrival_of
from pipeline.store.concerns import Concern, ConcernKind, all_concerns, concern_of, in_batches, listed
from pipeline.store.connect import snapshot
from pipeline.store.rows import Arrival, ArrivalState

Batches = frozenset[str] | None
COPY_OF_HIDDEN = "This is a second copy of a file of another batch, which was read already; nothing is to be done."


class InboxLists:
    """Lists and counts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self, batches: Batches = None) -> dict[ConcernKind, int]:
        """How many concerns of each kind are open."""
        concern, count = tables.concern, func.count()
        seen = all_concerns().where(in_batches(batches), concern.c.dealt_at.is_(None))
        query = seen.with_only_columns(concern.c.kind, count).group_by(concern.c.kind)
        with snapshot(self._engine) as connection:
            found: dict[str, int] = dict(connection.execute(query).all())
        return {kind: found.get(kind, 0) for kind in ConcernKind}

    def dealt_count(self, batches: Batches = None) -> int:
        """How many concerns were dealt with."""
        seen = all_concerns().where(in_batches(batches), tables.concern.c.dealt_at.is_not(None))
        with snapshot(self._engine) as connection:
            return int(connection.execute(seen.with_only_columns(func.count())).scalar_one())

    def concerns(self, kind: ConcernKind, *, limit: int, skip: int = 0, batches: Batches = None) -> tuple[Concern, ...]:
        """Open ones of a kind, newest first."""
        return self._listed(listed(kind).where(in_batches(batches)).limit(limit).offset(skip))

    def dealt(self, *, limit: int, skip: int = 0, batches: Batches = None) -> tuple[Concern, ...]:
        """Those that were dealt with, newest first."""
        concern = tables.concern
        query = all_concerns().where(in_batches(batches), concern.c.dealt_at.is_not(None))
        return self._listed(query.order_by(concern.c.dealt_at.desc(), concern.c.id).limit(limit).offset(skip))

    def has(self, concern: str, batches: Batches) -> bool:
        """Whether there is such a concern, dealt with or not, about a file of these batches."""
        query = all_concerns().where(in_batches(batches), tables.concern.c.id == concern)
        with snapshot(self._engine) as connection:
            return connection.execute(query).first() is not None

    def has_document(self, document: str, batches: Batches) -> bool:
        """Whether there is such a document in these batches."""
        table = tables.document
        query = select(table.c.id).where(table.c.id == document, _within(table.c.batch, batches))
        with snapshot(self._engine) as connection:
            return connection.execute(query).first() is not None

    def advised(self, document: str, page: int, batches: Batches = None) -> bool:
        """Whether a page is one that is better scanned again."""
        concern = tables.concern
        query = all_concerns().where(
            in_batches(batches),
            concern.c.document == document,
            concern.c.page == page,
            concern.c.kind == ConcernKind.PAGE,
        )
        with snapshot(self._engine) as connection:
            return connection.execute(query.limit(1)).first() is not None

    def files(self, state: ArrivalState, *, limit: int, skip: int = 0, batches: Batches = None) -> tuple[Arrival, ...]:
        """Arrivals in a state, newest first; a second copy does not name a file of another batch."""
        arrival, document = tables.arrival, tables.document
        newest = arrival.c.id if state in (ArrivalState.WAITING, ArrivalState.READING) else arrival.c.finished_at
        query = select(arrival).where(arrival.c.state == state, _within(arrival.c.batch, batches))
        query = query.order_by(newest.desc(), arrival.c.id.desc()).limit(limit).offset(skip)
        with snapshot(self._engine) as connection:
            found = tuple(arrival_of(row) for row in connection.execute(query))
            if batches is None or state is not ArrivalState.DUPLICATE:
                return found
            first = select(document.c.id).where(document.c.id.in_({each.document for each in found}))
            seen = set(connection.execute(first.where(_within(document.c.batch, batches))).scalars())
        return tuple(
            each if each.document in seen else replace(each, document=None, sentence=COPY_OF_HIDDEN) for each in found
        )

    def newer_scans(self, documents: Iterable[str], batches: Batches = None) -> dict[str, str]:
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
            .where(_within(tables.document.c.batch, batches))
            .order_by(now.c.id)
        )
        with snapshot(self._engine) as connection:
            return {row.document: row.name for row in connection.execute(query)}

    def rejected_batches(self, batches: Batches = None) -> tuple[str, ...]:
        """Batches with a rejected file in the list."""
        seen = listed(ConcernKind.REJECTED).where(in_batches(batches))
        query = seen.with_only_columns(tables.arrival.c.batch).order_by(None).distinct()
        with snapshot(self._engine) as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def _listed(self, query: "Select[*tuple[Any, ...]]") -> tuple[Concern, ...]:
        with snapshot(self._engine) as connection:
            return tuple(concern_of(row) for row in connection.execute(query))


def _within(column: ColumnElement[str], batches: Batches) -> ColumnElement[bool]:
    return true() if batches is None else column.in_(sorted(batches))

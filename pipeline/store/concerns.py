"""What needs the clerk's hand, noted in the transaction that brings it about.

A concern is open until somebody deals with it or it is settled by itself: a rejected file whose content was read
after all, a page that a later reading finds good.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, true, update

from pipeline.records import PageRole, Reading
from pipeline.store import tables
from pipeline.store.rows import DocumentState

MEASURES = ("sharpness", "contrast", "brightness", "letter_height", "cut_letters")
"""Of a page's quality, kept with its advice."""


class ConcernKind(StrEnum):
    """What needs a hand."""

    REJECTED = "rejected"
    """A file that could not be read."""
    PAGE = "page"
    """A page that is better scanned again."""
    UNPLACED = "unplaced"
    """A file that was read and in which no encounter was found."""
    AGAIN = "again"
    """A chart that was asked to be read again and could not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a page's advice rests on, as in `PageQuality`."""

    sharpness: float | None
    contrast: float | None
    brightness: float | None
    letter_height: float | None
    cut_letters: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that needs the clerk's hand."""

    id: str
    """Opaque."""
    kind: ConcernKind
    at: datetime
    arrival: int | None
    """Of a rejected file."""
    document: str | None
    """None where the file never came as far as the originals."""
    document_state: DocumentState | None
    name: str
    """The file's name, for people."""
    batch: str
    page: int | None
    sentence: str | None
    """What is wrong and what to do."""
    measures: Measures
    moved: bool
    """Whether the file lies where it belongs; False while it is still in the inbox."""
    dealt_at: datetime | None
    dealt_by: str | None
    """None where it settled itself."""


def all_concerns() -> "Select[*tuple[Any, ...]]":
    """A query for concerns with the file that each is about."""
    concern, arrival, document = tables.concern, tables.arrival, tables.document
    return (
        select(
            concern,
            func.coalesce(arrival.c.name, document.c.name).label("name"),
            func.coalesce(arrival.c.batch, document.c.batch).label("batch"),
            func.coalesce(concern.c.sentence, arrival.c.sentence).label("said"),
            arrival.c.moved_at,
            document.c.state.label("document_state"),
        )
        .join(arrival, arrival.c.id == concern.c.arrival, isouter=True)
        .join(document, document.c.id == concern.c.document, isouter=True)
    )


def in_batches(batches: frozenset[str] | None) -> ColumnElement[bool]:
    """Of these queries, what is about a file of one of these batches; None for all."""
    batch = func.coalesce(tables.arrival.c.batch, tables.document.c.batch)
    return true() if batches is None else batch.in_(sorted(batches))


def listed(kind: ConcernKind) -> "Select[*tuple[Any, ...]]":
    """A query for the open concerns of a kind, newest first."""
    concern = tables.concern
    return (
        all_concerns()
        .where(concern.c.kind == kind, concern.c.dealt_at.is_(None))
        .order_by(concern.c.at.desc(), concern.c.document, concern.c.page, concern.c.id)
    )


def concern_of(row: Row[tuple[Any, ...]]) -> Concern:
    """A row of these queries as a record."""
    return Concern(
        id=row.id,
        kind=ConcernKind(row.kind),
        at=row.at,
        arrival=row.arrival,
        document=row.document,
        document_state=None if row.document_state is None else DocumentState(row.document_state),
        name=row.name,
        batch=row.batch,
        page=row.page,
        sentence=row.said,
        measures=Measures(**{name: row._mapping[name] for name in MEASURES}),
        moved=row.moved_at is not None,
        dealt_at=row.dealt_at,
        dealt_by=row.dealt_by,
    )


def note_rejection(connection: Connection, arrival: int, document: str | None, now: datetime) -> None:
    """A file was rejected; what was noted of the same file before is replaced."""
    connection.execute(delete(tables.concern).where(tables.concern.c.arrival == arrival))
    connection.execute(delete(tables.progress).where(tables.progress.c.document == document))
    _note(connection, ConcernKind.REJECTED, now, arrival=arrival, document=document)


def note_reading(connection: Connection, reading: Reading, now: datetime) -> None:
    """A reading was kept: its advice replaces that of earlier readings, and what waited for it is settled.

    Called once the encounters of the reading are in the store.
    """
    concern, document = tables.concern, reading.document
    dealt = _dealt_with(connection, document)
    connection.execute(
        delete(concern).where(
            concern.c.document == document,
            concern.c.kind.in_((ConcernKind.PAGE, ConcernKind.UNPLACED, ConcernKind.AGAIN)),
        )
    )
    connection.execute(
        update(concern)
        .where(concern.c.document == document, concern.c.dealt_at.is_(None))
        .values(dealt_at=now, dealt_by=None)
    )
    connection.execute(delete(tables.wanted).where(tables.wanted.c.document == document))
    connection.execute(delete(tables.progress).where(tables.progress.c.document == document))
    for page in reading.pages:
        if page.quality.advice and page.role is not PageRole.SEPARATOR:
            _note(
                connection,
                ConcernKind.PAGE,
                now,
                document=document,
                page=page.number,
                sentence=page.quality.advice,
                **{name: getattr(page.quality, name) for name in MEASURES},
                **dealt.get((ConcernKind.PAGE, page.number), {}),
            )
    placed = select(tables.encounter.c.id).where(tables.encounter.c.document == document).limit(1)
    if connection.execute(placed).first() is None:
        _note(connection, ConcernKind.UNPLACED, now, document=document, **dealt.get((ConcernKind.UNPLACED, None), {}))


def note_failure(connection: Connection, document: str, sentence: str, now: datetime) -> None:
    """A chart that was to be read again could not be; what was read before stands."""
    connection.execute(delete(tables.wanted).where(tables.wanted.c.document == document))
    connection.execute(delete(tables.progress).where(tables.progress.c.document == document))
    _note(connection, ConcernKind.AGAIN, now, document=document, sentence=sentence)


def _dealt_with(connection: Connection, document: str) -> dict[tuple[str, int | None], dict[str, object]]:
    """What somebody dealt with stays so when a reading says the same again."""
    concern = tables.concern
    rows = connection.execute(
        select(concern.c.kind, concern.c.page, concern.c.dealt_at, concern.c.dealt_by).where(
            concern.c.document == document, concern.c.dealt_at.is_not(None)
        )
    )
    return {(row.kind, row.page): {"dealt_at": row.dealt_at, "dealt_by": row.dealt_by} for row in rows}


def _note(connection: Connection, kind: ConcernKind, now: datetime, **values: object) -> None:
    connection.execute(insert(tables.concern).values(id=secrets.token_hex(8), kind=kind, at=now, **values))

"""Where the pages of the encounters are now: as proposed, or as people arranged them."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, func, select

from pipeline.records import Encounter, PageRole, PageSource
from pipeline.store import tables
from pipeline.store.decided import Decision
from pipeline.store.decisions import journal_of
from pipeline.store.review_state import Review, fold
from pipeline.store.rows import EncounterState

ENCOUNTER = TypeAdapter(Encounter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An encounter with the pages that it has now."""

    id: str
    document: str
    """Its own file; pages of others were brought to it."""
    document_name: str
    batch: str
    reading: int
    """Number of the reading that proposes it."""
    proposal: Encounter
    review: Review
    journal: tuple[Decision, ...]
    pages: tuple[PageSource, ...]
    """None of them once its pages went into another encounter."""

    def sources(self) -> frozenset[tuple[str, int]]:
        """Document and page of each of its pages."""
        return frozenset((page.document, page.page) for page in self.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoosePage:
    """A page that stands in no encounter."""

    document: str
    document_name: str
    page: int
    role: PageRole


def pages_of(proposal: Encounter, document: str, review: Review) -> tuple[PageSource, ...]:
    """The pages that an encounter has now; none once they went into another one."""
    if review.state is EncounterState.MERGED:
        return ()
    return review.pages if review.pages is not None else proposed_pages(proposal, document)


def proposed_pages(proposal: Encounter, document: str) -> tuple[PageSource, ...]:
    """The pages of an encounter that nobody arranged."""
    return tuple(PageSource(number=number, document=document, page=number) for number in proposal.pages)


def placed(connection: Connection, id: str) -> Placed | None:
    """One encounter; None where there is no such one."""
    row = connection.execute(
        _latest().where(tables.encounter.c.id == id).order_by(tables.proposal.c.reading.desc())
    ).first()
    return None if row is None else _placed(connection, row)


def linked(connection: Connection, id: str) -> tuple[Placed, ...]:
    """All encounters of the files that an encounter has pages of, and those that pages went to or came from."""
    found: dict[str, Placed] = {}
    documents: set[str] = set()
    waiting = [id]
    while waiting:
        here = placed(connection, waiting.pop())
        if here is None or here.id in found:
            continue
        found[here.id] = here
        waiting += [d.other for d in here.journal if d.other is not None]
        for document in {here.document, *(page.document for page in here.pages)} - documents:
            documents.add(document)
            of = select(tables.encounter.c.id).where(tables.encounter.c.document == document)
            waiting += list(connection.execute(of).scalars())
    return tuple(found[id] for id in sorted(found, key=lambda id: _place(found[id])))


def loose_pages(
    connection: Connection, encounter: Placed, all_linked: Iterable[Placed], batches: frozenset[str] | None = None
) -> tuple[LoosePage, ...]:
    """Pages of the files of an encounter that stand in no encounter at all, in the order of the files.

    Files are looked at where they lie in the batches; None for all.
    """
    taken = {source for other in all_linked for source in other.sources()}
    documents = dict.fromkeys((encounter.document, *(page.document for page in encounter.pages)))
    seen = [d for d in documents if batches is None or batch_of(connection, d) in batches]
    return tuple(page for d in seen for page in _pages(connection, d) if (page.document, page.page) not in taken)


def batch_of(connection: Connection, document: str) -> str:
    """The batch that a file came with."""
    query = select(tables.document.c.batch).where(tables.document.c.id == document)
    return str(connection.execute(query).scalar_one())


def page_count(connection: Connection, document: str) -> int:
    """How many pages a file has, by its latest reading."""
    return max((page.page for page in _pages(connection, document)), default=0)


def _pages(connection: Connection, document: str) -> list[LoosePage]:
    page, reading = tables.page, tables.reading
    latest = select(func.max(reading.c.id)).where(reading.c.document == document).scalar_subquery()
    query = select(page.c.number, page.c.role).where(page.c.reading == latest).order_by(page.c.number)
    name = connection.execute(select(tables.document.c.name).where(tables.document.c.id == document)).scalar() or ""
    return [
        LoosePage(document=document, document_name=name, page=row.number, role=PageRole(row.role))
        for row in connection.execute(query)
    ]


def _latest() -> Select[tuple[str, str, str, str, int, str]]:
    return (
        select(
            tables.encounter.c.id,
            tables.encounter.c.document,
            tables.document.c.name,
            tables.document.c.batch,
            tables.reading.c.number,
            tables.proposal.c.record,
        )
        .join(tables.proposal, tables.proposal.c.encounter == tables.encounter.c.id)
        .join(tables.reading, tables.reading.c.id == tables.proposal.c.reading)
        .join(tables.document, tables.document.c.id == tables.encounter.c.document)
    )


def _placed(connection: Connection, row: Row[tuple[str, str, str, str, int, str]]) -> Placed:
    journal = journal_of(connection, row.id)
    review = fold(journal)
    proposal = ENCOUNTER.validate_json(row.record)
    return Placed(
        id=row.id,
        document=row.document,
        document_name=row.name,
        batch=row.batch,
        reading=row.number,
        proposal=proposal,
        review=review,
        journal=journal,
        pages=pages_of(proposal, row.document, review),
    )


def _place(encounter: Placed) -> tuple[str, int, str]:
    return (encounter.document, min((page.page for page in encounter.pages), default=0), encounter.id)

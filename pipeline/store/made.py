"""Encounters that people made by splitting one: proposed as far as a reading tells of their pages."""

import zlib
from collections.abc import Collection, Iterable
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from pipeline.errors import DecisionRefusedError
from pipeline.records import Encounter, Finding, Reading
from pipeline.store import projection, tables
from pipeline.store.decisions import rounds_of
from pipeline.store.placed import placed
from pipeline.store.readings import visit
from pipeline.store.rows import EncounterState

MADE = "s"
"""How their ids in a reading begin, where those that a reading proposes begin with `e`."""
ENCOUNTER = TypeAdapter(Encounter)
READING = TypeAdapter(Reading)
FACTS = (
    "patient_name",
    "birth_date",
    "record_number",
    "date_of_service",
    "provider",
    "sex",
    "age",
    "payer",
    "signature",
    "patient_status",
    "visit_level",
    "time_spent",
)


def made_from(reading: Reading, pages: Collection[int], id: str) -> Encounter:
    """An encounter of chosen pages: of the encounter that these were in, what stands on them.

    Args:
        reading: of their file.
        pages: their numbers in the file.
        id: unique in the reading.
    """
    here = set(pages)
    whole = max(reading.encounters, key=lambda e: len(here & {*e.pages}), default=None)
    parts = [page.part for page in reading.pages if page.number in here]
    empty = Encounter(
        id=id,
        part=parts[0] if parts else 1,
        pages=tuple(sorted(here)),
        patient_name=None,
        birth_date=None,
        record_number=None,
        date_of_service=None,
        provider=None,
        entities=tuple(e.id for e in reading.entities if e.spans and all(s.page in here for s in e.spans)),
    )
    if whole is None:
        return empty
    facts = {name: _on(getattr(whole, name), here) for name in FACTS}
    addenda = tuple(a for a in whole.addenda if _on(a.note, here) is not None)
    return replace(empty, addenda=addenda, **facts)  # type: ignore[arg-type]  # each fact is a Finding or None


def save_made(connection: Connection, id: str, document: str, pages: Collection[int]) -> int:
    """Write a new encounter of some pages of a file; the number of the reading that it is proposed by."""
    table = tables.reading
    row = connection.execute(
        select(table.c.id, table.c.number, table.c.record)
        .where(table.c.document == document)
        .order_by(table.c.number.desc())
    ).first()
    if row is None:
        raise DecisionRefusedError("This file was not read yet.")
    known = connection.execute(select(tables.encounter.c.id).where(tables.encounter.c.document == document)).all()
    connection.execute(insert(tables.encounter).values(id=id, document=document))
    _propose(connection, id, row.id, _reading(row.record), pages, f"{MADE}{len(known) + 1}")
    return int(row.number)


def is_made(connection: Connection, id: str) -> bool:
    """Whether a person made this encounter: no reading proposed it first."""
    table = tables.proposal
    query = select(table.c.record).where(table.c.encounter == id).order_by(table.c.reading).limit(1)
    return ENCOUNTER.validate_json(connection.execute(query).scalar_one()).id.startswith(MADE)


def carry_over(connection: Connection, reading: Reading, row: int) -> None:
    """Let encounters whose pages people chose live on in a new reading that does not propose them.

    Args:
        connection: within the transaction that adds the reading.
        reading: the new one.
        row: its id among the readings.
    """
    encounter, proposal = tables.encounter, tables.proposal
    proposed = select(proposal.c.encounter).where(proposal.c.reading == row)
    query = select(encounter.c.id).where(encounter.c.document == reading.document, encounter.c.id.not_in(proposed))
    for id in connection.execute(query).scalars().all():
        here = placed(connection, id)
        if here is None or here.review.pages is None or here.review.state is EncounterState.MERGED:
            continue
        own = [page.page for page in here.pages if page.document == reading.document]
        name = here.proposal.id if here.proposal.id.startswith(MADE) else f"{MADE}-{here.proposal.id}"
        if own:
            _propose(connection, id, row, reading, own, name)
            # The queue's row was marked as one that the latest reading lacks.
            projection.propose(connection, id, made_from(reading, own, name), (), rounds_of(connection, id))


def _propose(connection: Connection, id: str, row: int, reading: Reading, pages: Iterable[int], name: str) -> None:
    proposed = made_from(reading, tuple(pages), name)
    connection.execute(
        insert(tables.proposal).values(
            encounter=id, reading=row, record=ENCOUNTER.dump_json(proposed).decode(), visit=visit(proposed)
        )
    )


def _reading(record: bytes) -> Reading:
    return READING.validate_json(zlib.decompress(record))


def _on(finding: Finding | None, pages: set[int]) -> Finding | None:
    """A fact that stands on these pages and on no other."""
    stands = finding is not None and finding.spans and all(span.page in pages for span in finding.spans)
    return finding if stands else None

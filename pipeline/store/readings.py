"""Readings: immutable and numbered, with the encounters they propose."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, func, insert, select, update

from pipeline.records import Encounter, Finding, PageRole, Reading
from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.concerns import note_reading
from pipeline.store.connect import snapshot, transaction
from pipeline.store.rows import ArrivalState, DocumentState, PageCount, ProposedEncounter

READING = TypeAdapter(Reading)
ENCOUNTER = TypeAdapter(Encounter)


class Readings:
    """What was read, every time that it was read."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, reading: Reading, *, arrival: int | None = None) -> int:
        """Keep a reading and tell its number; in the same transaction the arrival that brought it becomes READ."""
        with transaction(self._engine) as connection:
            now = self._clock()
            number = 1 + self._latest(connection, reading.document)
            row = connection.execute(
                insert(tables.reading)
                .values(
                    document=reading.document, number=number, at=now, record=zlib.compress(READING.dump_json(reading))
                )
                .returning(tables.reading.c.id)
            ).scalar_one()
            for page in reading.pages:
                connection.execute(
                    insert(tables.page).values(
                        reading=row, number=page.number, part=page.part, role=page.role, lines=len(page.lines)
                    )
                )
            for id, proposed in self._identified(connection, reading):
                connection.execute(
                    insert(tables.proposal).values(
                        encounter=id, reading=row, record=ENCOUNTER.dump_json(proposed).decode(), visit=visit(proposed)
                    )
                )
            connection.execute(
                update(tables.document).where(tables.document.c.id == reading.document).values(state=DocumentState.READ)
            )
            if arrival is not None:
                connection.execute(
                    update(tables.arrival)
                    .where(tables.arrival.c.id == arrival)
                    .values(state=ArrivalState.READ, finished_at=now)
                )
            note_reading(connection, reading, now)
            return number

    def get(self, document: str, number: int | None = None) -> Reading | None:
        """A reading by its number, or the latest; None where there is none."""
        with snapshot(self._engine) as connection:
            number = number or self._latest(connection, document)
            record = connection.execute(
                select(tables.reading.c.record).where(
                    tables.reading.c.document == document, tables.reading.c.number == number
                )
            ).scalar()
            return None if record is None else READING.validate_json(zlib.decompress(record))

    def page_counts(self) -> dict[str, PageCount]:
        """Pages by role in the latest reading of each document; a document without a reading is not in it."""
        page, reading = tables.page, tables.reading
        with snapshot(self._engine) as connection:
            latest = select(func.max(reading.c.id)).group_by(reading.c.document)
            query = (
                select(reading.c.document, page.c.role, func.count())
                .join(page, page.c.reading == reading.c.id, isouter=True)
                .where(reading.c.id.in_(latest))
                .group_by(reading.c.document, page.c.role)
            )
            found: dict[str, dict[str, int]] = {}
            for document, role, count in connection.execute(query):
                found.setdefault(document, {})[role] = count
        return {
            document: PageCount(**{role.value: roles.get(role.value, 0) for role in PageRole})
            for document, roles in found.items()
        }

    def encounters(self, document: str | None = None, *, id: str | None = None) -> tuple[ProposedEncounter, ...]:
        """Every encounter with its latest proposal, the longest waiting first; or those of a document, or one."""
        proposal, reading, doc = tables.proposal, tables.reading, tables.document
        with snapshot(self._engine) as connection:
            latest = select(func.max(proposal.c.reading)).group_by(proposal.c.encounter)
            query = (
                select(
                    proposal.c.encounter,
                    proposal.c.record,
                    proposal.c.visit,
                    reading.c.document,
                    reading.c.number,
                    reading.c.at,
                    doc.c.name,
                    doc.c.batch,
                )
                .join(reading, reading.c.id == proposal.c.reading)
                .join(doc, doc.c.id == reading.c.document)
                .where(proposal.c.reading.in_(latest))
                .order_by(reading.c.id, proposal.c.encounter)
            )
            rows = connection.execute(query).all()
            newest_of = select(reading.c.document, func.max(reading.c.number)).group_by(reading.c.document)
            numbers: dict[str, int] = dict(connection.execute(newest_of).all())
        same: dict[str, list[tuple[str, Encounter]]] = {}
        newest: dict[str, int] = {}
        for row in rows:
            newest[row.encounter] = max(row.number, newest.get(row.encounter, 0))
        rows = [row for row in rows if row.number == newest[row.encounter]]
        times = Counter(row.visit for row in rows if row.visit)
        for row in rows:
            if times[row.visit] > 1:
                same.setdefault(row.visit, []).append((row.encounter, ENCOUNTER.validate_json(row.record)))
        return tuple(
            ProposedEncounter(
                id=row.encounter,
                document=row.document,
                document_name=row.name,
                batch=row.batch,
                reading=row.number,
                latest_reading=numbers[row.document],
                proposal=ENCOUNTER.validate_json(row.record),
                read_at=row.at,
                same_visit=_alike(row.encounter, same.get(row.visit or "", [])),
            )
            for row in rows
            if document in (None, row.document) and id in (None, row.encounter)
        )

    def encounter(self, id: str) -> ProposedEncounter | None:
        """One encounter with its latest proposal; None where there is no such one."""
        return next(iter(self.encounters(id=id)), None)

    def _latest(self, connection: Connection, document: str) -> int:
        query = select(func.max(tables.reading.c.number)).where(tables.reading.c.document == document)
        return connection.execute(query).scalar() or 0

    def _identified(self, connection: Connection, reading: Reading) -> list[tuple[str, Encounter]]:
        """Each proposal with the encounter that it continues, by the pages they share, or with a new one."""
        query = (
            select(tables.proposal.c.encounter, tables.proposal.c.record)
            .join(tables.encounter, tables.encounter.c.id == tables.proposal.c.encounter)
            .where(tables.encounter.c.document == reading.document)
            .order_by(tables.proposal.c.reading)
        )
        known = {id: ENCOUNTER.validate_json(record) for id, record in connection.execute(query)}
        made = len(known)
        identified = []
        for proposed in reading.encounters:
            id = max(known, key=lambda id: (_sameness(known[id], proposed), id), default=None)
            if id is None or _sameness(known[id], proposed) == 0:
                made += 1
                id = f"{reading.document}-{made}"
                connection.execute(insert(tables.encounter).values(id=id, document=reading.document))
            else:
                del known[id]
            identified.append((id, proposed))
        return identified


def _sameness(old: Encounter, new: Encounter) -> float:
    """Share of pages that two proposals have in common, and a little for the same date of service."""
    if old.part != new.part:
        return 0.0
    shared = len({*old.pages} & {*new.pages}) / max(1, len({*old.pages} | {*new.pages}))
    same_day = (
        old.date_of_service is not None
        and new.date_of_service is not None
        and old.date_of_service.value == new.date_of_service.value
    )
    return shared and shared + 0.5 * same_day


def _alike(id: str, others: Sequence[tuple[str, Encounter]]) -> tuple[str, ...]:
    """Ids of the encounters of the same name and day that may be the visit of this one."""
    own = next((encounter for other, encounter in others if other == id), None)
    return tuple(other for other, encounter in others if own is not None and other != id and may_be_one(own, encounter))


def may_be_one(one: Encounter, other: Encounter) -> bool:
    """Whether nothing that both encounters state speaks against their being one visit of one patient."""
    for name in ("birth_date", "record_number", "sex", "provider"):
        stated: list[Finding | None] = [getattr(one, name), getattr(other, name)]
        values = {finding.value.casefold() for finding in stated if finding is not None}
        if name == "record_number":
            values = {"".join(char for char in value if char.isalnum()) for value in values}
        elif name == "provider":
            values = {value.partition(",")[0].strip() for value in values}
        if len(values) > 1:
            return False
    return True


def visit(encounter: Encounter) -> str | None:
    """A fingerprint of patient's name and date of service; None where one is unknown."""
    if encounter.patient_name is None or encounter.date_of_service is None:
        return None
    facts = (encounter.patient_name, encounter.date_of_service)
    words = "|".join(" ".join(fact.value.lower().split()) for fact in facts)
    return hashlib.sha256(words.encode()).hexdigest()

"""Readings: immutable and numbered, with the encounters they propose."""

import hashlib
import secrets
import zlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update

from pipeline.records import Encounter, Finding, PageRole, Reading
from pipeline.store import projection, tables
from pipeline.store.arrivals import utc_now
from pipeline.store.concerns import note_reading
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decisions import rounds_of
from pipeline.store.rows import ArrivalState, DocumentState, PageCount, ProposedEncounter

READING = TypeAdapter(Reading)
ENCOUNTER = TypeAdapter(Encounter)
Notice = Callable[[Connection, Reading, int], None]
"""Told a reading that is just added, and its id among the readings."""
VISITS_AT_ONCE = 500
"""Fingerprints in one question: databases limit how many values a statement may hold."""


class Readings:
    """What was read, every time that it was read."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = utc_now, *, notice: Notice = lambda *_: None
    ) -> None:
        """The readings of a store; `notice` looks at every new one in the transaction that adds it."""
        self._engine = engine
        self._clock = clock
        self._notice = notice

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
            identified = self._identified(connection, reading)
            for id, proposed in identified:
                connection.execute(
                    insert(tables.proposal).values(
                        encounter=id, reading=row, record=ENCOUNTER.dump_json(proposed).decode(), visit=visit(proposed)
                    )
                )
            self._project(connection, reading, identified)
            self._notice(connection, reading, row)
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

    def latest(self, document: str) -> int:
        """Number of a document's latest reading; 0 where there is none."""
        with snapshot(self._engine) as connection:
            return self._latest(connection, document)

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

    def encounters(self, document: str | None = None) -> tuple[ProposedEncounter, ...]:
        """Every encounter with its latest proposal, the longest waiting first; or those of a document."""
        with snapshot(self._engine) as connection:
            return _proposed(connection, None if document is None else tables.encounter.c.document == document)

    def encounter(self, id: str) -> ProposedEncounter | None:
        """One encounter with its latest proposal; None where there is no such one."""
        with snapshot(self._engine) as connection:
            return next(iter(_proposed(connection, tables.encounter.c.id == id)), None)

    def document_names(self, encounters: Sequence[str]) -> dict[str, str]:
        """The name of the file of each of some encounters."""
        encounter, document = tables.encounter, tables.document
        query = select(encounter.c.id, document.c.name).join(document, document.c.id == encounter.c.document)
        with snapshot(self._engine) as connection:
            rows = connection.execute(query.where(encounter.c.id.in_(list(encounters))))
            return {row.id: row.name for row in rows}

    def _project(self, connection: Connection, reading: Reading, identified: list[tuple[str, Encounter]]) -> None:
        """Bring the queue's rows up to a reading that was just added."""
        codes = projection.proposed_codes(reading)
        known = _visits_of(connection, [id for id, _ in identified])
        for id, proposed in identified:
            projection.propose(connection, id, proposed, codes.get(proposed.id, ()), rounds_of(connection, id))
        projection.mark_stale(connection, reading.document, [id for id, _ in identified])
        visits = known | {found for _, proposed in identified if (found := visit(proposed))}
        projection.mark_same_visits(connection, same_visits(connection, visits))

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
        identified = []
        for proposed in reading.encounters:
            id = max(known, key=lambda id: (_sameness(known[id], proposed), id), default=None)
            if id is None or _sameness(known[id], proposed) == 0:
                id = secrets.token_urlsafe(16)
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


def _proposed(connection: Connection, which: ColumnElement[bool] | None) -> tuple[ProposedEncounter, ...]:
    encounter, proposal, reading, doc = tables.encounter, tables.proposal, tables.reading, tables.document
    latest, newest = proposal.alias(), reading.alias()
    of_encounter = select(func.max(latest.c.reading)).where(latest.c.encounter == proposal.c.encounter)
    of_document = select(func.max(newest.c.number)).where(newest.c.document == encounter.c.document)
    query = (
        select(
            proposal.c.encounter,
            proposal.c.record,
            proposal.c.visit,
            reading.c.document,
            reading.c.id,
            reading.c.number,
            reading.c.at,
            doc.c.name,
            doc.c.batch,
            of_document.scalar_subquery().label("newest"),
        )
        .select_from(encounter)
        .join(proposal, proposal.c.encounter == encounter.c.id)
        .join(reading, reading.c.id == proposal.c.reading)
        .join(doc, doc.c.id == encounter.c.document)
        .where(proposal.c.reading == of_encounter.scalar_subquery())
    )
    rows = connection.execute(query if which is None else query.where(which)).all()
    same = same_visits(connection, {row.visit for row in rows if row.visit})
    found = [
        (
            row.id,
            ProposedEncounter(
                id=row.encounter,
                document=row.document,
                document_name=row.name,
                batch=row.batch,
                reading=row.number,
                latest_reading=row.newest,
                proposal=ENCOUNTER.validate_json(row.record),
                read_at=row.at,
                same_visit=same.get(row.encounter, ()),
            ),
        )
        for row in rows
    ]
    found.sort(key=lambda each: (each[0], min(each[1].proposal.pages, default=0), each[1].id))
    return tuple(encounter for _, encounter in found)


def _visits_of(connection: Connection, encounters: Sequence[str]) -> set[str]:
    """The visits that any reading took these encounters for."""
    query = select(tables.proposal.c.visit).where(tables.proposal.c.encounter.in_(list(encounters)))
    return {found for found in connection.execute(query).scalars() if found}


def same_visits(connection: Connection, visits: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of every encounter of these visits: the others that may be the same one."""
    proposal, latest = tables.proposal, tables.proposal.alias()
    of_encounter = select(func.max(latest.c.reading)).where(latest.c.encounter == proposal.c.encounter)
    current: dict[str, list[tuple[str, str]]] = {}
    same: dict[str, tuple[str, ...]] = {}
    wanted = sorted(visits)
    for start in range(0, len(wanted), VISITS_AT_ONCE):
        query = select(proposal.c.encounter, proposal.c.record, proposal.c.visit, proposal.c.reading).where(
            proposal.c.visit.in_(wanted[start : start + VISITS_AT_ONCE])
        )
        newest = query.add_columns(of_encounter.scalar_subquery().label("latest"))
        for row in connection.execute(newest):
            if row.reading == row.latest:
                current.setdefault(row.visit, []).append((row.encounter, row.record))
    for members in current.values():
        alike = [(id, ENCOUNTER.validate_json(record)) for id, record in members]
        for id, own in alike:
            same[id] = tuple(sorted(other for other, each in alike if other != id and may_be_one(own, each)))
    return same


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

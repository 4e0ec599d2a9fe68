"""Making the queue again from proposals and journal, and proving that the kept one agrees with them."""

import zlib
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, select

from pipeline.store import projection, tables
from pipeline.store.connect import transaction
from pipeline.store.decisions import rounds_of
from pipeline.store.projection import READING, Proposed
from pipeline.store.readings import ENCOUNTER, same_visits

TABLE = tables.worklist
AT_ONCE = 200


def catch_up(engine: Engine) -> int:
    """Make the rows that an older program left out; tells how many."""
    encounter = tables.encounter
    missing = select(encounter.c.id).where(
        ~select(TABLE.c.encounter).where(TABLE.c.encounter == encounter.c.id).exists()
    )
    with transaction(engine) as connection:
        ids = connection.execute(missing).scalars().all()
        _make(connection, ids)
    return len(ids)


def rebuild(engine: Engine) -> int:
    """Make every row again; tells how many there are."""
    with transaction(engine) as connection:
        connection.execute(delete(TABLE))
        ids = connection.execute(select(tables.encounter.c.id)).scalars().all()
        _make(connection, ids)
    return len(ids)


def differences(engine: Engine) -> tuple[str, ...]:
    """Ids of the encounters whose row is not what proposals and journal add up to; nothing is changed."""
    with engine.connect() as connection:
        transaction_ = connection.begin()
        try:
            kept = _rows(connection)
            connection.execute(delete(TABLE))
            _make(connection, connection.execute(select(tables.encounter.c.id)).scalars().all())
            made = _rows(connection)
        finally:
            transaction_.rollback()
    return tuple(sorted(id for id in kept.keys() | made.keys() if kept.get(id) != made.get(id)))


def _rows(connection: Connection) -> dict[str, tuple[object, ...]]:
    return {row.encounter: tuple(row) for row in connection.execute(select(TABLE))}


def _make(connection: Connection, encounters: Sequence[str]) -> None:
    """Project encounters that have no row."""
    proposal = tables.proposal
    for start in range(0, len(encounters), AT_ONCE):
        some = list(encounters[start : start + AT_ONCE])
        latest = (
            select(proposal.c.encounter, func.max(proposal.c.reading).label("reading"))
            .where(proposal.c.encounter.in_(some))
            .group_by(proposal.c.encounter)
            .subquery()
        )
        rows = connection.execute(
            select(proposal.c.encounter, proposal.c.reading, proposal.c.record, proposal.c.visit)
            .join(latest, (latest.c.encounter == proposal.c.encounter) & (latest.c.reading == proposal.c.reading))
            .order_by(proposal.c.reading)
        ).all()
        codes: dict[int, Proposed] = {}
        for row in rows:
            if row.reading not in codes:
                codes[row.reading] = _codes(connection, row.reading)
            proposed = ENCOUNTER.validate_json(row.record)
            found = codes[row.reading].get(proposed.id, ())
            projection.propose(connection, row.encounter, proposed, found, rounds_of(connection, row.encounter))
        same = same_visits(connection, {row.visit for row in rows if row.visit})
        projection.mark_same_visits(connection, {id: same[id] for id in some if id in same})


def _codes(connection: Connection, reading: int) -> Proposed:
    record = connection.execute(select(tables.reading.c.record).where(tables.reading.c.id == reading)).scalar_one()
    return projection.proposed_codes(READING.validate_json(zlib.decompress(record)))

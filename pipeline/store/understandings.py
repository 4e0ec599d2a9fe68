"""Understandings: what was made of readings with people's corrections, as each coder saw it.

They are kept by what went into them. A later version of the program does not change one that is there, so what a
coder decided on can always be shown again.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, Row, insert, select

from pipeline.records import Layer, Provenance, Understanding
from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction

UNDERSTANDING = TypeAdapter(Understanding)
PROVENANCE = TypeAdapter(Provenance)
LAYER = TypeAdapter(Layer)

ReadingId = tuple[str, int]
"""Document id and number of a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An understanding, with what it was made of."""

    id: int
    encounter: str
    key: str
    readings: tuple[ReadingId, ...]
    decision: int
    """Id of the latest decision in it, 0 for none."""
    at: datetime
    understanding: Understanding


def key_of(readings: Sequence[ReadingId], layer: Layer) -> str:
    """A fingerprint of what an understanding is made of.

    Who the patient is changes nothing that is understood; birth date and sex do.
    """
    patient = None if layer.patient is None else replace(layer.patient, name="", record_number=None)
    said = LAYER.dump_json(replace(layer, patient=patient))
    return hashlib.sha256(json.dumps(sorted(readings)).encode() + said).hexdigest()


class Understandings:
    """What was understood, every time that it was understood anew."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def get(self, encounter: str, key: str) -> Kept | None:
        """The understanding of an encounter by what went into it; None where there is none yet."""
        with snapshot(self._engine) as connection:
            return _get(connection, encounter, key)

    def add(
        self, encounter: str, key: str, understanding: Understanding, *, readings: Sequence[ReadingId], decision: int
    ) -> Kept:
        """Keep an understanding; where another process was quicker, its one stands and is handed out.

        Args:
            encounter: its id.
            key: fingerprint of what it is made of, by `key_of`.
            understanding: what was made.
            readings: that it is made of.
            decision: id of the latest decision in it, 0 for none.
        """
        table = tables.understanding
        with transaction(self._engine) as connection:
            known = select(tables.encounter.c.id).where(tables.encounter.c.id == encounter).with_for_update()
            connection.execute(known).one()
            kept = _get(connection, encounter, key)
            if kept is None:
                connection.execute(
                    insert(table).values(
                        encounter=encounter,
                        key=key,
                        readings=json.dumps(list(readings)),
                        decision=decision or None,
                        at=self._clock(),
                        provenance=PROVENANCE.dump_json(understanding.provenance).decode(),
                        record=zlib.compress(UNDERSTANDING.dump_json(understanding)),
                    )
                )
                kept = _get(connection, encounter, key)
            assert kept is not None
            return kept

    def of(self, encounter: str) -> tuple[Kept, ...]:
        """All of an encounter, oldest first."""
        table = tables.understanding
        with snapshot(self._engine) as connection:
            query = select(table).where(table.c.encounter == encounter).order_by(table.c.id)
            return tuple(_kept(row) for row in connection.execute(query))


def _get(connection: Connection, encounter: str, key: str) -> Kept | None:
    table = tables.understanding
    query = select(table).where(table.c.encounter == encounter, table.c.key == key)
    row = connection.execute(query).first()
    return None if row is None else _kept(row)


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    return Kept(
        id=row.id,
        encounter=row.encounter,
        key=row.key,
        readings=tuple((document, number) for document, number in json.loads(row.readings)),
        decision=row.decision or 0,
        at=row.at,
        understanding=UNDERSTANDING.validate_json(zlib.decompress(row.record)),
    )

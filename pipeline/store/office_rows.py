"""What the office entered by hand for its claims: appended row by row, the latest of each key counts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.audit import chain
from pipeline.store.audit_rows import Act
from pipeline.store.connect import snapshot, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """One entry: a row as a file of the office would have it."""

    id: int
    at: datetime
    who: str
    kind: str
    """`patients`, `visits` and so on, as the files of the office are called."""
    cells: Mapping[str, str]
    """By column."""


class OfficeRows:
    """What was entered."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def enter(self, kind: str, cells: Mapping[str, str], *, who: str) -> OfficeRow:
        """Add a row."""
        table, now = tables.office_row, self._clock()
        with transaction(self._engine) as connection:
            id = connection.execute(
                insert(table)
                .values(at=now, who=who, kind=kind, record=json.dumps(dict(cells), ensure_ascii=False))
                .returning(table.c.id)
            ).scalar_one()
            chain(connection, at=now, who=who, act=Act.OFFICE, detail=f"{kind} {id}")
        return OfficeRow(id=id, at=now, who=who, kind=kind, cells=dict(cells))

    def all(self) -> tuple[OfficeRow, ...]:
        """Every row, oldest first."""
        table = tables.office_row
        with snapshot(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
        return tuple(
            OfficeRow(id=row.id, at=row.at, who=row.who, kind=row.kind, cells=json.loads(row.record)) for row in rows
        )

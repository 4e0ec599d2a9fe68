"""What people decided: appended, never edited, with who and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, insert, select

from pipeline.errors import DecisionRefusedError
from pipeline.records import Anchor, CodeSystem, Patient
from pipeline.store import projection, tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction
from pipeline.store.review_state import Review, fold, refusal
from pipeline.store.rows import Action, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class _Detail:
    """What the `record` column holds: everything that is not searched for."""

    reading: int
    system: CodeSystem | None
    code: str | None
    display: str | None
    replaces: str | None
    anchors: tuple[Anchor, ...]
    patient: Patient | None
    date_of_service: date | None


DETAIL = TypeAdapter(_Detail)


class Decisions:
    """The coders' journal."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def append(
        self,
        *,
        who: str,
        encounter: str,
        reading: int,
        action: Action,
        system: CodeSystem | None = None,
        code: str | None = None,
        display: str | None = None,
        replaces: str | None = None,
        anchors: tuple[Anchor, ...] = (),
        patient: Patient | None = None,
        date_of_service: date | None = None,
    ) -> Decision:
        """Add one decision.

        Raises:
            DecisionRefusedError: the encounter is unknown, or its state does not allow this now.
        """
        detail = _Detail(
            reading=reading,
            system=system,
            code=code,
            display=display,
            replaces=replaces,
            anchors=anchors,
            patient=patient,
            date_of_service=date_of_service,
        )
        with transaction(self._engine) as connection:
            known = select(tables.encounter.c.id).where(tables.encounter.c.id == encounter).with_for_update()
            if connection.execute(known).first() is None:
                raise DecisionRefusedError("There is no such encounter.")
            now = self._clock()
            made = _decision(0, now, who, encounter, action, detail)
            refused = refusal(fold(_of(connection, encounter)), made)
            if refused is not None:
                raise DecisionRefusedError(refused)
            id = connection.execute(
                insert(tables.decision)
                .values(at=now, who=who, encounter=encounter, action=action, record=DETAIL.dump_json(detail).decode())
                .returning(tables.decision.c.id)
            ).scalar_one()
            projection.refresh(connection, encounter, _of(connection, encounter))
        return _decision(id, now, who, encounter, action, detail)

    def of(self, encounter: str) -> tuple[Decision, ...]:
        """All decisions of one encounter, oldest first."""
        with snapshot(self._engine) as connection:
            return _of(connection, encounter)

    def reviews(self) -> dict[str, Review]:
        """Where review of every encounter with a decision stands."""
        with snapshot(self._engine) as connection:
            rows = connection.execute(select(tables.decision).order_by(tables.decision.c.id)).all()
        made: dict[str, list[Decision]] = {}
        for row in rows:
            made.setdefault(row.encounter, []).append(
                _from_row(row.id, row.at, row.who, row.encounter, row.action, row.record)
            )
        return {encounter: fold(tuple(decisions)) for encounter, decisions in made.items()}


def journal_of(connection: Connection, encounter: str) -> tuple[Decision, ...]:
    """The first coder's decisions of one encounter, oldest first, within a transaction of the store."""
    return _of(connection, encounter)


def _of(connection: Connection, encounter: str) -> tuple[Decision, ...]:
    query = select(tables.decision).where(tables.decision.c.encounter == encounter).order_by(tables.decision.c.id)
    return tuple(
        _from_row(row.id, row.at, row.who, row.encounter, row.action, row.record) for row in connection.execute(query)
    )


def _from_row(id: int, at: datetime, who: str, encounter: str, action: str, record: str) -> Decision:
    return _decision(id, at, who, encounter, Action(action), DETAIL.validate_json(record))


def _decision(id: int, at: datetime, who: str, encounter: str, action: Action, detail: _Detail) -> Decision:
    return Decision(
        id=id,
        at=at,
        who=who,
        encounter=encounter,
        reading=detail.reading,
        action=action,
        system=detail.system,
        code=detail.code,
        display=detail.display,
        replaces=detail.replaces,
        anchors=detail.anchors,
        patient=detail.patient,
        date_of_service=detail.date_of_service,
    )

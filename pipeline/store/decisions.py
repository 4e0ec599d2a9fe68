"""What people decided: appended, never edited, with who and when."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, Unpack

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, Row, insert, select

from pipeline.errors import DecisionRefusedError, OvertakenError
from pipeline.records import Anchor, CodeSystem, Context, Label, PageSource, Patient, WrittenLine
from pipeline.store import projection, tables
from pipeline.store.arrivals import utc_now
from pipeline.store.audit import chain
from pipeline.store.audit_rows import Act
from pipeline.store.connect import snapshot, transaction
from pipeline.store.decided import FIRST_ROUND, Action, Decision, HoldKind
from pipeline.store.refusals import refusal
from pipeline.store.review_state import Review, fold
from pipeline.store.rounds import LOOKER, round_of

DECISION = TypeAdapter(Decision)
COLUMNS = frozenset({"id", "at", "who", "encounter", "round", "action"})
"""Parts of a decision with a column of their own; the others are JSON in `record`."""


class What(TypedDict, total=False):
    """The parts of a decision that not every action has; `Decision` says what they are."""

    system: CodeSystem | None
    code: str | None
    display: str | None
    replaces: str | None
    anchors: tuple[Anchor, ...]
    patient: Patient | None
    date_of_service: date | None
    units: int | None
    modifiers: tuple[str, ...]
    points_to: tuple[str, ...]
    order: tuple[str, ...]
    line: WrittenLine | None
    label: Label | None
    context: Context | None
    pages: tuple[PageSource, ...]
    other: str | None
    hold: HoldKind | None
    owner: str | None
    due: date | None
    text: str | None
    about: int | None


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
        seen: int | None = None,
        round: int | None = None,
        **what: Unpack[What],
    ) -> Decision:
        """Add one decision.

        Args:
            who: whose it is.
            encounter: its id.
            reading: number of the reading that the person saw.
            action: what is decided.
            seen: id of the latest decision that the person saw, 0 for none; None where nobody looked.
            round: the first coder's or the second's; None for the one that this person works on.
            what: the parts that the action has.

        Raises:
            OvertakenError: somebody else decided after `seen`.
            DecisionRefusedError: the encounter is unknown, or its state does not allow this now.
        """
        with transaction(self._engine) as connection:
            return self.append_in(
                connection,
                Decision(
                    id=0,
                    at=self._clock(),
                    who=who,
                    encounter=encounter,
                    round=round_of(connection, encounter, who) if round is None else round,
                    reading=reading,
                    action=action,
                    **what,
                ),
                seen=seen,
            )

    def append_all(self, decisions: tuple[Decision, ...], *, seen: int | None = None) -> tuple[Decision, ...]:
        """Add decisions on one or several encounters, all of them or none; ids and times are given here.

        Args:
            decisions: in order.
            seen: as for `append`, of the first one's encounter.

        Raises:
            OvertakenError, DecisionRefusedError: as `append`; nothing was written.
        """
        ids = sorted({decision.encounter for decision in decisions})
        rows = select(tables.encounter.c.id).where(tables.encounter.c.id.in_(ids)).order_by(tables.encounter.c.id)
        with transaction(self._engine) as connection:
            # All of them first and in one order: the log's lock, which each decision takes, comes last for everybody.
            connection.execute(rows.with_for_update()).all()
            now = self._clock()
            return tuple(
                self.append_in(connection, replace(decision, at=now), seen=None if n else seen)
                for n, decision in enumerate(decisions)
            )

    def append_in(self, connection: Connection, decision: Decision, *, seen: int | None = None) -> Decision:
        """The same within a transaction of the store."""
        known = select(tables.encounter.c.id).where(tables.encounter.c.id == decision.encounter).with_for_update()
        if connection.execute(known).first() is None:
            raise DecisionRefusedError("There is no such encounter.")
        made = _of(connection, decision.encounter, decision.round)
        overtaken = tuple(d for d in made if seen is not None and d.id > seen and d.who != decision.who)
        if overtaken:
            raise OvertakenError(overtaken[-1].who, decision.encounter, seen or 0)
        refused = refusal(fold(made), decision, made)
        if refused is not None:
            raise DecisionRefusedError(refused)
        record = DECISION.dump_json(decision, exclude=set(COLUMNS), exclude_defaults=True).decode()
        id = connection.execute(
            insert(tables.decision)
            .values(
                at=decision.at,
                who=decision.who,
                encounter=decision.encounter,
                round=decision.round,
                action=decision.action,
                record=record,
            )
            .returning(tables.decision.c.id)
        ).scalar_one()
        projection.refresh(connection, decision.encounter, rounds_of(connection, decision.encounter))
        chain(  # last: it holds the log's lock until the commit
            connection,
            at=decision.at,
            who=decision.who,
            act=Act.DECIDE,
            subject=decision.encounter,
            detail=f"{decision.action.value} {id}",
        )
        return replace(decision, id=id)

    def of(self, encounter: str, round: int | None = None) -> tuple[Decision, ...]:
        """All decisions of one encounter and round, oldest first; without a round, of the one of whoever looks."""
        with snapshot(self._engine) as connection:
            own = round_of(connection, encounter, LOOKER.get()) if round is None else round
            return _of(connection, encounter, own)

    def round_of(self, encounter: str) -> int:
        """The round of whoever looks."""
        with snapshot(self._engine) as connection:
            return round_of(connection, encounter, LOOKER.get())

    def reviews(self, round: int = FIRST_ROUND) -> dict[str, Review]:
        """Where review of every encounter with a decision stands."""
        query = select(tables.decision).where(tables.decision.c.round == round).order_by(tables.decision.c.id)
        with snapshot(self._engine) as connection:
            rows = connection.execute(query).all()
        made: dict[str, list[Decision]] = {}
        for row in rows:
            made.setdefault(row.encounter, []).append(_from_row(row))
        return {encounter: fold(tuple(decisions)) for encounter, decisions in made.items()}


def journal_of(connection: Connection, encounter: str) -> tuple[Decision, ...]:
    """The first coder's decisions of one encounter, oldest first, within a transaction of the store."""
    return _of(connection, encounter, FIRST_ROUND)


def rounds_of(connection: Connection, encounter: str) -> tuple[Decision, ...]:
    """All decisions of one encounter and of every round, oldest first, within a transaction of the store."""
    table = tables.decision
    query = select(table).where(table.c.encounter == encounter).order_by(table.c.id)
    return tuple(_from_row(row) for row in connection.execute(query))


def _of(connection: Connection, encounter: str, round: int) -> tuple[Decision, ...]:
    table = tables.decision
    query = select(table).where(table.c.encounter == encounter, table.c.round == round).order_by(table.c.id)
    return tuple(_from_row(row) for row in connection.execute(query))


def _from_row(row: Row[tuple[object, ...]]) -> Decision:
    return DECISION.validate_python({**json.loads(row.record), **{name: getattr(row, name) for name in COLUMNS}})

"""Claims' steps as rows of the store."""

import json

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, select

from pipeline.store import tables
from pipeline.store.claim_steps import ClaimStep, Standing, standing
from pipeline.store.decided import FIRST_ROUND, Action, Decision
from pipeline.store.review_state import effective

CLAIM_STEP = TypeAdapter(ClaimStep)
COLUMNS = frozenset({"id", "at", "who", "encounter", "step"})
"""Parts of a step with a column of their own; the others are JSON in `record`."""


def steps_of(connection: Connection, encounter: str) -> tuple[ClaimStep, ...]:
    """The steps of an encounter's claim, oldest first, within a transaction of the store."""
    table = tables.claim_step
    query = select(table).where(table.c.encounter == encounter).order_by(table.c.id)
    return tuple(_from_row(row) for row in connection.execute(query))


def sign_off_of(decisions: tuple[Decision, ...]) -> int | None:
    """Id of the decision that signed an encounter off; None while it is open.

    Args:
        decisions: of all rounds, oldest first.
    """
    first = effective(tuple(decision for decision in decisions if decision.round == FIRST_ROUND))
    turns = [d for d in first if d.action in {Action.CONFIRM_ENCOUNTER, Action.REOPEN, Action.MERGE}]
    return turns[-1].id if turns and turns[-1].action is Action.CONFIRM_ENCOUNTER else None


def standing_of(connection: Connection, encounter: str, decisions: tuple[Decision, ...]) -> Standing:
    """How the claim of an encounter stands, within a transaction of the store."""
    return standing(steps_of(connection, encounter), sign_off_of(decisions))


def _from_row(row: Row[tuple[object, ...]]) -> ClaimStep:
    return CLAIM_STEP.validate_python({**json.loads(row.record), **{name: getattr(row, name) for name in COLUMNS}})

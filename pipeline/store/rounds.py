"""Which round of coding is whose: the first coder's, or that of a second one who does not see the first."""

from contextvars import ContextVar

from sqlalchemy import Connection, select

from pipeline.store import tables
from pipeline.store.decided import FIRST_ROUND, SECOND_ROUND

LOOKER: ContextVar[str | None] = ContextVar("looker", default=None)
"""The name of whoever asks the store right now, where that is a person; set in one place, so that no screen can show
a second coder what the first decided."""


def round_of(connection: Connection, encounter: str, who: str | None) -> int:
    """The round that somebody works on in an encounter: the second while they are its second coder, else the first."""
    table = tables.second_review
    taken = select(table.c.encounter).where(
        table.c.encounter == encounter, table.c.second == who, table.c.done_at.is_(None)
    )
    return FIRST_ROUND if who is None or connection.execute(taken).first() is None else SECOND_ROUND

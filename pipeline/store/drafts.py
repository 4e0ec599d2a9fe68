"""What a coder is typing: kept until it is sent, so that no crash of browser or server costs a word.

A draft is text of a chart. It is the only thing in the store that a person wrote and that is changed and deleted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update

from pipeline.store import tables
from pipeline.store.arrivals import utc_now
from pipeline.store.connect import snapshot, transaction

TABLE = tables.draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The text of one field that was not sent."""

    key: str
    """Of the field."""
    text: str
    at: datetime


class Drafts:
    """The drafts of each account on each encounter; signing off an encounter deletes all of its drafts."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def save(self, encounter: str, account: str, key: str, text: str) -> Draft | None:
        """Keep the text of a field; an empty one is forgotten."""
        where = _one(encounter, account, key)
        now = self._clock()
        with transaction(self._engine) as connection:
            if not text:
                connection.execute(delete(TABLE).where(*where))
                return None
            if connection.execute(update(TABLE).where(*where).values(text=text, at=now)).rowcount == 0:
                connection.execute(
                    insert(TABLE).values(encounter=encounter, account=account, key=key, text=text, at=now)
                )
        return Draft(key=key, text=text, at=now)

    def of(self, encounter: str, account: str) -> tuple[Draft, ...]:
        """What an account has not sent yet on an encounter, by key."""
        query = select(TABLE.c.key, TABLE.c.text, TABLE.c.at).where(
            TABLE.c.encounter == encounter, TABLE.c.account == account
        )
        with snapshot(self._engine) as connection:
            return tuple(Draft(**row._mapping) for row in connection.execute(query.order_by(TABLE.c.key)))

    def forget(self, encounter: str, account: str, key: str) -> None:
        """The text was sent."""
        with transaction(self._engine) as connection:
            connection.execute(delete(TABLE).where(*_one(encounter, account, key)))


def _one(encounter: str, account: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return TABLE.c.encounter == encounter, TABLE.c.account == account, TABLE.c.key == key

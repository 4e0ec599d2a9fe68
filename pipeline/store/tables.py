"""The tables. Times are UTC; JSON columns hold records as text."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time; a naive one is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone, which is always UTC."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

document = Table(
    "document",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("document", ForeignKey("document.id")),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", String(24), nullable=False),
    Column("sentence", Text),
    Column("first_seen", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("moved_to", LargeBinary),
    Column("moved_at", Moment),
    Column("purged_at", Moment),
    Index("ix_arrival_state", "state"),
)

reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("record", LargeBinary, nullable=False),
    UniqueConstraint("document", "number"),
)

page = Table(
    "page",
    metadata,
    Column("reading", ForeignKey("reading.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("part", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("lines", Integer, nullable=False),
)

encounter = Table(
    "encounter",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Index("ix_encounter_document", "document"),
)

proposal = Table(
    "proposal",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("reading", ForeignKey("reading.id"), primary_key=True),
    Column("record", Text, nullable=False),
    Column("visit", String(64)),
    Index("ix_proposal_visit", "visit"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("encounter", ForeignKey("encounter.id"), nullable=False),
    Column("action", String(24), nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_decision_encounter", "encounter"),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("who", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

session = Table(
    "session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("who", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("arrival", ForeignKey("arrival.id")),
)

APPEND_ONLY = ("reading", "page", "proposal", "decision", "event")
"""Tables whose rows the database itself refuses to update or delete."""

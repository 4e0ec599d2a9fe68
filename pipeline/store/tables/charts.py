"""What arrived and what was read of it."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.store.tables.kernel import Moment, metadata

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

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("arrival", ForeignKey("arrival.id")),
)

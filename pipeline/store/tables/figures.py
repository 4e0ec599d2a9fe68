"""What people want numbers of: a projection of readings and decisions, made again when an encounter is signed again."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

signed = Table(
    "signed",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("decision", ForeignKey("decision.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("provider", Text),
    Column("pages", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    Column("sure", Float),
    Column("unreadable", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("advised", Integer, nullable=False),
    Index("ix_signed_at", "at"),
)

outcome = Table(
    "outcome",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("encounter", ForeignKey("encounter.id"), nullable=False),
    Column("system", String(16), nullable=False),
    Column("code", String(16), nullable=False),
    Column("display", Text, nullable=False),
    Column("stage", String(24)),
    Column("rank", Integer),
    Column("score", Float),
    Column("proposed", Boolean, nullable=False),
    Column("fate", String(16), nullable=False),
    Index("ix_outcome_encounter", "encounter"),
)

second_review = Table(
    "second_review",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("first", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Column("second", Text),
    Column("taken_at", Moment),
    Column("done_at", Moment),
)

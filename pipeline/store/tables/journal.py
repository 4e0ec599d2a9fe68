"""What people decided."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("encounter", ForeignKey("encounter.id"), nullable=False),
    Column("round", Integer, nullable=False, server_default="1"),
    Column("action", String(24), nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_decision_encounter", "encounter"),
)

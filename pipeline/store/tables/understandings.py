"""What was made of readings with people's corrections on them."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from pipeline.store.tables.kernel import Moment, metadata

understanding = Table(
    "understanding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("encounter", ForeignKey("encounter.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("readings", Text, nullable=False),
    Column("decision", ForeignKey("decision.id")),
    Column("at", Moment, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    UniqueConstraint("encounter", "key"),
)

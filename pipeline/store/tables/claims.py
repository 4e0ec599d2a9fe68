"""What became of claims, and what the office entered for them by hand."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

claim_step = Table(
    "claim_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("encounter", ForeignKey("encounter.id"), nullable=False),
    Column("step", String(16), nullable=False),
    # Of a release: a hash of who was seen on which day, by which a second claim of the same visit is found.
    Column("visit", String(64)),
    Column("record", Text, nullable=False),
    Index("ix_claim_step_encounter", "encounter"),
    Index("ix_claim_step_visit", "visit"),
)

office_row = Table(
    "office_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_office_row_kind", "kind"),
)

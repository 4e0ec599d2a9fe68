"""Who did what: the hash-chained log."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

audit = Table(
    "audit",
    metadata,
    # The place in the chain, from 1 without a gap; never the database's own count, which leaves gaps.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", Text),
    Column("action", String(32), nullable=False),
    Column("subject", String(64)),
    Column("detail", String(64)),
    Column("request", String(32)),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_who", "who", "id"),
    Index("ix_audit_subject", "subject", "id"),
)

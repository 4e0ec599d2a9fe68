"""The queue: a projection of proposals and journal, and what is true for minutes only: leases and drafts."""

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

worklist = Table(
    "worklist",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("document_name", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("first_page", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    # Whether something is left to do; every order puts what is done behind.
    Column("done", Boolean, nullable=False),
    Column("waiting_since", Moment, nullable=False),
    Column("patient", Text),
    Column("patient_confirmed", Boolean, nullable=False),
    Column("patient_folded", Text, nullable=False),
    Column("day", Date),
    Column("day_confirmed", Boolean, nullable=False),
    # The ICD edition that `proposed` and `confidence` count; null while the day is unknown.
    Column("edition", String(16)),
    Column("provider", Text),
    Column("proposed", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("confidence", Float),
    Column("coder", Text),
    Column("hold_kind", String(24)),
    Column("hold_owner", Text),
    Column("hold_since", Moment),
    Column("hold_due", Date),
    Column("second", String(16)),
    # How far its claim is; null while there is none.
    Column("claim", String(16)),
    Column("conflict", Boolean, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("same_visit", Text, nullable=False),
    Column("search", Text, nullable=False),
    Index("ix_worklist_document", "document"),
    # Orders have no index of their own: a scan with a sort of the first fifty is ten times as fast as jumping about.
    Index("ix_worklist_counts", "state", "batch"),
    Index("ix_worklist_claim", "claim"),
)

lease = Table(
    "lease",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("account", ForeignKey("user.id"), nullable=False),
    Column("token", String(32), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    # Whose lease it was before it was taken over.
    Column("taken_from", ForeignKey("user.id")),
    Index("ix_lease_account", "account"),
)

draft = Table(
    "draft",
    metadata,
    Column("encounter", ForeignKey("encounter.id"), primary_key=True),
    Column("account", ForeignKey("user.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

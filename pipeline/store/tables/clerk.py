"""What the clerk looks after: the worker at work, what needs a hand, and what was asked for.

`worker`, `progress`, `concern` and `wanted` say how things stand and are written over; `errand` keeps who asked for
what, for ever.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.charts import arrival
from pipeline.store.tables.kernel import Moment, metadata

worker = Table(
    "worker",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("stopped_at", Moment),
    Column("stopped_why", Text),
    Column("free_bytes", BigInteger),
    Column("asides", Text, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("arrival", ForeignKey("arrival.id"), nullable=False),
    Column("again", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("pages_done", Integer, nullable=False),
    Column("pages", Integer),
    Column("started_at", Moment, nullable=False),
)

concern = Table(
    "concern",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("arrival", ForeignKey("arrival.id")),
    Column("document", ForeignKey("document.id")),
    Column("page", Integer),
    Column("sentence", Text),
    Column("sharpness", Float),
    Column("contrast", Float),
    Column("brightness", Float),
    Column("letter_height", Float),
    Column("cut_letters", Integer),
    Column("dealt_at", Moment),
    Column("dealt_by", Text),
    Index("ix_concern_kind", "kind", "dealt_at", "at"),
    Index("ix_concern_document", "document"),
    Index("ix_concern_arrival", "arrival"),
)

wanted = Table(
    "wanted",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
)

errand = Table(
    "errand",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("arrival", ForeignKey("arrival.id")),
    Column("document", ForeignKey("document.id")),
    Column("page", Integer),
    Index("ix_errand_arrival", "arrival"),
)

Index("ix_arrival_finished", arrival.c.state, arrival.c.finished_at)

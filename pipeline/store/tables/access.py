"""Who gets in."""

from sqlalchemy import Column, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

user = Table(
    "user",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("roles", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
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

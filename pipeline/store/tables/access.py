"""Who gets in."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.tables.kernel import Moment, metadata

user = Table(
    "user",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("roles", Text, nullable=False),
    Column("batches", Text),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("password", Text),
    Column("totp_secret", Text),
    Column("totp_since", Moment),
    Column("totp_step", BigInteger),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("user", ForeignKey("user.id"), primary_key=True),
    Column("code_sha256", String(64), primary_key=True),
    Column("used_at", Moment),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("user", ForeignKey("user.id"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_sign_in_user", "user"),
)

session = Table(
    "session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("user", ForeignKey("user.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_session_user", "user"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("open_at", Moment, nullable=False),
)

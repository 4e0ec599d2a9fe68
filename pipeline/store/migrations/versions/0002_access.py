"""Access: accounts with their roles, second steps, sessions and attempts.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("batches", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("password", sa.Text()),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_since", MOMENT),
        sa.Column("totp_step", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("name_key", name="uq_user_name_key"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("user", "code_sha256", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(["user"], ["user.id"], name="fk_recovery_code_user"),
    )
    # Before there were accounts, links and sessions named people by what they called themselves: nobody who
    # signed in then is signed in any more. What they decided keeps their names.
    op.drop_table("sign_in")
    op.drop_table("session")
    op.create_table(
        "sign_in",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_sign_in"),
        sa.ForeignKeyConstraint(["user"], ["user.id"], name="fk_sign_in_user"),
    )
    op.create_index("ix_sign_in_user", "sign_in", ["user"])
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_session"),
        sa.ForeignKeyConstraint(["user"], ["user.id"], name="fk_session_user"),
    )
    op.create_index("ix_session_user", "session", ["user"])
    op.create_table(
        "attempt",
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("open_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name="pk_attempt"),
    )


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

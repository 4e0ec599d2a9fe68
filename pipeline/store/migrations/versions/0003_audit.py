"""Audit: the hash-chained log.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_edits

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("detail", sa.String(64), nullable=True),
        sa.Column("request", sa.String(32), nullable=True),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_who", "audit", ["who", "id"])
    op.create_index("ix_audit_subject", "audit", ["subject", "id"])
    refuse_edits(op.get_bind(), "audit")


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

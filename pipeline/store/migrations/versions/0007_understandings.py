"""Understandings: what was made of a reading with people's corrections on it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_edits

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "understanding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
        sa.Column("decision", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_understanding"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_understanding_encounter"),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_understanding_decision"),
        sa.UniqueConstraint("encounter", "key", name="uq_understanding_encounter"),
    )
    refuse_edits(op.get_bind(), "understanding")


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

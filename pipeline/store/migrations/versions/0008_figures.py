"""Figures: how proposals fared, and the second coder's charts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "signed",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text()),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("sure", sa.Float()),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("advised", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("encounter", name="pk_signed"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_signed_encounter"),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_signed_decision"),
    )
    op.create_index("ix_signed_at", "signed", ["at"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(24)),
        sa.Column("rank", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_outcome_encounter"),
    )
    op.create_index("ix_outcome_encounter", "outcome", ["encounter"])
    op.create_table(
        "second_review",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.Column("second", sa.Text()),
        sa.Column("taken_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("encounter", name="pk_second_review"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_second_review_encounter"),
    )


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

"""Claims: their release and what the payer made of them, and what the office entered by hand.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_edits

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "claim_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("visit", sa.String(64)),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claim_step"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_claim_step_encounter"),
    )
    op.create_index("ix_claim_step_encounter", "claim_step", ["encounter"])
    op.create_index("ix_claim_step_visit", "claim_step", ["visit"])
    op.create_table(
        "office_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office_row"),
    )
    op.create_index("ix_office_row_kind", "office_row", ["kind"])
    for name in ("claim_step", "office_row"):
        refuse_edits(op.get_bind(), name)
    op.add_column("worklist", sa.Column("claim", sa.String(16)))
    op.create_index("ix_worklist_claim", "worklist", ["claim"])
    op.execute("UPDATE worklist SET claim = 'draft' WHERE state = 'confirmed'")


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

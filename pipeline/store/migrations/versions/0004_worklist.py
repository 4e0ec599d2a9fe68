"""Worklist: the queue, leases and drafts.

The queue's rows are projected after the last migration, by the code that keeps them (`pipeline.store.projection`).

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "worklist",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("document_name", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("patient", sa.Text()),
        sa.Column("patient_confirmed", sa.Boolean(), nullable=False),
        sa.Column("patient_folded", sa.Text(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("day_confirmed", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.String(16)),
        sa.Column("provider", sa.Text()),
        sa.Column("proposed", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float()),
        sa.Column("coder", sa.Text()),
        sa.Column("hold_kind", sa.String(24)),
        sa.Column("hold_owner", sa.Text()),
        sa.Column("hold_since", MOMENT),
        sa.Column("hold_due", sa.Date()),
        sa.Column("second", sa.String(16)),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("same_visit", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("encounter", name="pk_worklist"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_worklist_encounter"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_worklist_document"),
    )
    op.create_index("ix_worklist_document", "worklist", ["document"])
    op.create_index("ix_worklist_counts", "worklist", ["state", "batch"])
    op.create_table(
        "lease",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("taken_from", sa.String(32)),
        sa.PrimaryKeyConstraint("encounter", name="pk_lease"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_lease_encounter"),
        sa.ForeignKeyConstraint(["account"], ["user.id"], name="fk_lease_account"),
        sa.ForeignKeyConstraint(["taken_from"], ["user.id"], name="fk_lease_taken_from"),
    )
    op.create_index("ix_lease_account", "lease", ["account"])
    op.create_table(
        "draft",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("encounter", "account", "key", name="pk_draft"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_draft_encounter"),
        sa.ForeignKeyConstraint(["account"], ["user.id"], name="fk_draft_account"),
    )


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

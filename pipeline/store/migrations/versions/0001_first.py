"""The first store.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_edits

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("sha256", name="uq_document_sha256"),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("document", sa.String(16)),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.String(24), nullable=False),
        sa.Column("sentence", sa.Text()),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("moved_to", sa.LargeBinary()),
        sa.Column("moved_at", MOMENT),
        sa.Column("purged_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_arrival_document"),
    )
    op.create_index("ix_arrival_state", "arrival", ["state"])
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_reading_document"),
        sa.UniqueConstraint("document", "number", name="uq_reading_document"),
    )
    op.create_table(
        "page",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reading", "number", name="pk_page"),
        sa.ForeignKeyConstraint(["reading"], ["reading.id"], name="fk_page_reading"),
    )
    op.create_table(
        "encounter",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_encounter"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_encounter_document"),
    )
    op.create_index("ix_encounter_document", "encounter", ["document"])
    op.create_table(
        "proposal",
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("visit", sa.String(64)),
        sa.PrimaryKeyConstraint("encounter", "reading", name="pk_proposal"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_proposal_encounter"),
        sa.ForeignKeyConstraint(["reading"], ["reading.id"], name="fk_proposal_reading"),
    )
    op.create_index("ix_proposal_visit", "proposal", ["visit"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("encounter", sa.String(32), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_decision_encounter"),
    )
    op.create_index("ix_decision_encounter", "decision", ["encounter"])
    for name in ("sign_in", "session"):
        ended = "used_at" if name == "sign_in" else "ended_at"
        op.create_table(
            name,
            sa.Column("token_sha256", sa.String(64), nullable=False),
            sa.Column("who", sa.Text(), nullable=False),
            sa.Column("expires_at", MOMENT, nullable=False),
            sa.Column(ended, MOMENT),
            sa.PrimaryKeyConstraint("token_sha256", name=f"pk_{name}"),
        )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("arrival", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name="fk_event_arrival"),
    )
    for name in ("reading", "page", "proposal", "decision", "event"):
        refuse_edits(op.get_bind(), name)


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

"""Clerk: what the worker is reading, what needs a hand, and what was asked for.

What earlier readings advised and what was rejected before is carried over.

Revision ID: 0005
Revises: 0004
"""

import json
import secrets
import zlib

import sqlalchemy as sa
from alembic import op

from pipeline.store.append_only import refuse_edits

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEASURES = ("sharpness", "contrast", "brightness", "letter_height", "cut_letters")


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT),
        sa.Column("stopped_why", sa.Text()),
        sa.Column("free_bytes", sa.BigInteger()),
        sa.Column("asides", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.create_table(
        "progress",
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("pages_done", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer()),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_progress"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_progress_document"),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name="fk_progress_arrival"),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("arrival", sa.Integer()),
        sa.Column("document", sa.String(16)),
        sa.Column("page", sa.Integer()),
        sa.Column("sentence", sa.Text()),
        *(sa.Column(name, sa.Float()) for name in MEASURES[:-1]),
        sa.Column("cut_letters", sa.Integer()),
        sa.Column("dealt_at", MOMENT),
        sa.Column("dealt_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_concern"),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name="fk_concern_arrival"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_concern_document"),
    )
    op.create_index("ix_concern_kind", "concern", ["kind", "dealt_at", "at"])
    op.create_index("ix_concern_document", "concern", ["document"])
    op.create_index("ix_concern_arrival", "concern", ["arrival"])
    op.create_table(
        "wanted",
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_wanted"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_wanted_document"),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("arrival", sa.Integer()),
        sa.Column("document", sa.String(16)),
        sa.Column("page", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_errand"),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name="fk_errand_arrival"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_errand_document"),
    )
    op.create_index("ix_errand_arrival", "errand", ["arrival"])
    op.create_index("ix_arrival_finished", "arrival", ["state", "finished_at"])
    refuse_edits(op.get_bind(), "errand")
    _carry_over(op.get_bind())


def _carry_over(connection: sa.Connection) -> None:
    """The concerns that this program would have noted with each rejection and each latest reading."""
    concern = sa.table(
        "concern",
        *(sa.column(name) for name in ("id", "kind", "arrival", "document", "page", "sentence", *MEASURES)),
        sa.column("at", MOMENT),
    )
    rejected = sa.text(
        "SELECT id, document, first_seen, finished_at FROM arrival a WHERE state = 'rejected' AND NOT EXISTS "
        "(SELECT 1 FROM document d WHERE d.id = a.document AND d.state = 'read')"
    ).columns(first_seen=MOMENT, finished_at=MOMENT)
    for row in connection.execute(rejected).all():
        at = row.finished_at or row.first_seen
        values = {"kind": "rejected", "at": at, "arrival": row.id, "document": row.document}
        connection.execute(sa.insert(concern).values(id=secrets.token_hex(8), **values))
    latest = sa.text("SELECT max(id) FROM reading GROUP BY document")
    for (key,) in connection.execute(latest).all():
        one = sa.text("SELECT document, at, record FROM reading WHERE id = :key").columns(at=MOMENT)
        row = connection.execute(one, {"key": key}).one()
        reading = json.loads(zlib.decompress(row.record))
        for page in reading["pages"]:
            quality = page["quality"]
            if quality["advice"] and page.get("role") != "separator":
                measures = {name: quality.get(name) for name in MEASURES}
                values = {"kind": "page", "at": row.at, "document": row.document, "page": page["number"]}
                connection.execute(
                    sa.insert(concern).values(id=secrets.token_hex(8), sentence=quality["advice"], **values, **measures)
                )
        counted = sa.text("SELECT count(*) FROM encounter WHERE document = :document")
        if connection.execute(counted, {"document": row.document}).scalar() == 0:
            values = {"kind": "unplaced", "at": row.at, "document": row.document}
            connection.execute(sa.insert(concern).values(id=secrets.token_hex(8), **values))


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

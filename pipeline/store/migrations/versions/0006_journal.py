"""Journal: a second coder's round of decisions.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    raise RuntimeError("a store is never taken back: decisions would be lost")

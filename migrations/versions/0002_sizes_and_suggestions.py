"""A picture's size, further pictures of an answer, and wishes behind buttons.

Columns are added in place: neither database copies the table for it, and its triggers stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("size", sa.Text()))
    op.add_column("jobs", sa.Column("further", sa.JSON()))
    op.add_column("turns", sa.Column("size", sa.Text()))
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_suggestions_count")),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
    )
    op.create_index("ix_suggestions_created_at", "suggestions", ["created_at"])

"""Whom a request's picture shows, so that a character made from it asks them.

Of the pictures that are there nobody knows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("subject_id", sa.BigInteger()))

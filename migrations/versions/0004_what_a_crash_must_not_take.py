"""Where a paid picture is, until it is fetched; and since when nobody was told of a failure.

Of what has failed before this, everybody counts as told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("links", sa.JSON()))
    op.add_column("jobs", sa.Column("untold_since", sa.BigInteger()))
    op.create_index(
        "ix_jobs_untold_since",
        "jobs",
        ["untold_since"],
        sqlite_where=sa.text("untold_since IS NOT NULL"),
        postgresql_where=sa.text("untold_since IS NOT NULL"),
    )

"""The first picture: requests, turns, the ledger and the limits of guilds.

Frozen: what this file makes is what databases out there have. Change `bot/storage/tables.py`
and write the next migration; a test proves that the declared schema and the migrated one meet.
`op.f` marks a name as whole: without it the naming convention would be put before it once more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STEPS = (
    "'accepted>cancelled', 'accepted>drawing', 'accepted>failed', 'delivered>settled', "
    "'drawing>cancelled', 'drawing>drawn', 'drawing>failed', 'drawing>refused', "
    "'drawing>unknown', 'drawn>delivered', 'drawn>failed'"
)
RULES = (
    (
        "jobs_transition",
        "UPDATE ON jobs",
        f"OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({STEPS})",
        "a job may not take this step",
    ),
    (
        "holds_end_once",
        "UPDATE ON holds",
        "OLD.state <> 'held' AND OLD.state || '>' || NEW.state <> 'doubted>refunded'",
        "a hold ends once",
    ),
    ("entries_kept", "UPDATE ON entries", "OLD.id IS NOT NULL", "entries are append-only"),
    ("entries_whole", "DELETE ON entries", "OLD.id IS NOT NULL", "entries are append-only"),
)


def upgrade() -> None:
    _jobs()
    _turns()
    _ledger()
    op.create_table(
        "guild_limits",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_day", sa.BigInteger()),
        sa.Column("guild_month", sa.BigInteger()),
        sa.Column("person_day", sa.BigInteger()),
        sa.CheckConstraint("guild_day >= 0", name=op.f("ck_guild_limits_guild_day")),
        sa.CheckConstraint("guild_month >= 0", name=op.f("ck_guild_limits_guild_month")),
        sa.CheckConstraint("person_day >= 0", name=op.f("ck_guild_limits_person_day")),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_limits"),
    )
    _rules()


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("parent", sa.Text()),
        sa.Column("aspect", sa.Text()),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("token", sa.Text()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("answer_id", sa.BigInteger()),
        sa.Column("route", sa.Text()),
        sa.Column("request_id", sa.Text()),
        sa.Column("picture", sa.JSON()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("took_s", sa.Float(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("error_key", sa.Text()),
        sa.Column("error_values", sa.JSON()),
        sa.CheckConstraint(
            "state IN ('accepted', 'drawing', 'drawn', 'delivered', 'settled', 'failed', "
            "'refused', 'cancelled', 'unknown')",
            name=op.f("ck_jobs_state"),
        ),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_jobs_cost_usd_micros")),
        sa.CheckConstraint("took_s >= 0", name=op.f("ck_jobs_took_s")),
        sa.CheckConstraint("state <> 'drawn' OR picture IS NOT NULL", name=op.f("ck_jobs_drawn")),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state_guild_id", "jobs", ["state", "guild_id"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("picture_key", sa.Text()),
        sa.Column("picture", sa.JSON()),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("aspect", sa.Text()),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("took_s", sa.Float(), nullable=False),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_turns_cost_usd_micros")),
        sa.CheckConstraint("took_s >= 0", name=op.f("ck_turns_took_s")),
        sa.CheckConstraint("parent <> id", name=op.f("ck_turns_parent")),
        sa.CheckConstraint(
            "(picture_key IS NULL) = (picture IS NULL)", name=op.f("ck_turns_picture")
        ),
        sa.CheckConstraint(
            "picture_key IS NOT NULL OR (words = '' AND text = '')", name=op.f("ck_turns_forgotten")
        ),
        sa.ForeignKeyConstraint(["parent"], ["turns.id"], name="fk_turns_parent_turns"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
    )
    op.create_index("ix_turns_message_id", "turns", ["message_id"])
    op.create_index("ix_turns_picture_key", "turns", ["picture_key"])


def _ledger() -> None:
    op.create_table(
        "holds",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.Column("held_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("booked_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.CheckConstraint(
            "state IN ('held', 'doubted', 'settled', 'refunded')", name=op.f("ck_holds_state")
        ),
        sa.CheckConstraint("held_usd_micros >= 0", name=op.f("ck_holds_held_usd_micros")),
        sa.CheckConstraint("booked_usd_micros >= 0", name=op.f("ck_holds_booked_usd_micros")),
        sa.CheckConstraint(
            "(state IN ('held', 'doubted')) = (ended_at IS NULL)", name=op.f("ck_holds_ended_at")
        ),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR booked_usd_micros = 0", name=op.f("ck_holds_open")
        ),
        sa.PrimaryKeyConstraint("job_id", name="pk_holds"),
    )
    op.create_index("ix_holds_state_at", "holds", ["state", "at"])
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.BigInteger(), nullable=False),
        sa.Column("usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reserve', 'settle', 'refund', 'grant', 'adjust')",
            name=op.f("ck_entries_kind"),
        ),
        sa.UniqueConstraint("job_id", "kind", name="uq_entries_job_id_kind"),
        sa.CheckConstraint(
            "kind <> 'reserve' OR (pictures = 1 AND usd_micros >= 0)",
            name=op.f("ck_entries_reserve"),
        ),
        sa.CheckConstraint("kind <> 'settle' OR pictures = 0", name=op.f("ck_entries_settle")),
        sa.CheckConstraint(
            "kind <> 'refund' OR (pictures = -1 AND usd_micros <= 0)",
            name=op.f("ck_entries_refund"),
        ),
        sa.CheckConstraint("kind <> 'adjust' OR pictures = 0", name=op.f("ck_entries_adjust")),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    op.create_table(
        "counters",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("usd_micros", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_counters_used")),
        sa.CheckConstraint("usd_micros >= 0", name=op.f("ck_counters_usd_micros")),
        sa.PrimaryKeyConstraint("scope", "period", name="pk_counters"),
    )


def _rules() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name, change, when, sentence in RULES:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {change} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    connection.exec_driver_sql(
        """
CREATE FUNCTION easel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = TG_ARGV[0];
END
$$
"""
    )
    for name, change, when, sentence in RULES:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {change} FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION easel_refuse('{sentence}')"
        )

"""What art channels do all day: settings, characters, styles, challenges, and search in the words.

The words that are there already enter the index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("told", sa.Text()))
    op.add_column("jobs", sa.Column("region", sa.Text()))
    op.add_column("jobs", sa.Column("style", sa.Text()))
    op.add_column("jobs", sa.Column("exact", sa.Text()))
    op.add_column("jobs", sa.Column("spoiler", sa.Boolean()))
    op.add_column("turns", sa.Column("phash", sa.BigInteger()))
    op.create_index("ix_turns_parent", "turns", ["parent"])
    op.create_index("ix_turns_user_id_created_at", "turns", ["user_id", "created_at"])
    op.create_index("ix_turns_guild_id_created_at", "turns", ["guild_id", "created_at"])
    op.create_index("ix_turns_channel_id_created_at", "turns", ["channel_id", "created_at"])
    _settings()
    _characters()
    _challenges()
    _search()


def _settings() -> None:
    for table, key in (("guild_settings", "guild_id"), ("person_settings", "user_id")):
        op.create_table(
            table,
            sa.Column(key, sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("settings", sa.JSON(), nullable=False),
            sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
        )
    op.create_table(
        "channel_settings",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("owner_id", sa.BigInteger()),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("active_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_settings"),
    )
    op.create_index("ix_channel_settings_active_at", "channel_settings", ["active_at"])


def _characters() -> None:
    op.create_table(
        "characters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "consent IN ('not_needed', 'asked', 'given', 'declined')",
            name=op.f("ck_characters_consent"),
        ),
        sa.CheckConstraint("NOT shared OR guild_id IS NOT NULL", name=op.f("ck_characters_shared")),
        sa.PrimaryKeyConstraint("id", name="pk_characters"),
    )
    op.create_index(
        "ix_characters_owner_id_folded", "characters", ["owner_id", "folded"], unique=True
    )
    op.create_index(
        "ix_characters_shared",
        "characters",
        ["guild_id", "folded"],
        unique=True,
        sqlite_where=sa.text("shared"),
        postgresql_where=sa.text("shared"),
    )
    op.create_table(
        "styles",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "folded", name="pk_styles"),
    )


def _challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("pot", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger()),
        sa.Column("result_id", sa.BigInteger()),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_challenges_state")),
        sa.CheckConstraint("pot >= 0", name=op.f("ck_challenges_pot")),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
        sa.UniqueConstraint("thread_id", name="uq_challenges_thread_id"),
    )
    op.create_index("ix_challenges_state_ends_at", "challenges", ["state", "ends_at"])
    op.create_table(
        "challenge_entries",
        sa.Column("challenge_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name="fk_challenge_entries_challenge_id_challenges",
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name="fk_challenge_entries_turn_id_turns"
        ),
        sa.PrimaryKeyConstraint("challenge_id", "turn_id", name="pk_challenge_entries"),
    )
    op.create_table(
        "votes",
        sa.Column("challenge_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name="fk_votes_challenge_id_challenges"
        ),
        sa.PrimaryKeyConstraint("challenge_id", "user_id", name="pk_votes"),
    )
    op.create_table(
        "stars",
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_stars_count")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_stars_turn_id_turns"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_stars"),
    )


def _search() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "CREATE INDEX ix_turns_search ON turns "
            "USING gin (to_tsvector('simple'::regconfig, words))"
        )
        return
    for statement in (
        "CREATE VIRTUAL TABLE turn_words USING fts5"
        "(id UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 2')",
        "CREATE TRIGGER turn_words_added AFTER INSERT ON turns BEGIN "
        "INSERT INTO turn_words (id, words) VALUES (NEW.id, NEW.words); END",
        "CREATE TRIGGER turn_words_changed AFTER UPDATE OF words ON turns "
        "WHEN OLD.words <> NEW.words BEGIN "
        "DELETE FROM turn_words WHERE id = OLD.id; "
        "INSERT INTO turn_words (id, words) VALUES (NEW.id, NEW.words); END",
        "CREATE TRIGGER turn_words_gone AFTER DELETE ON turns BEGIN "
        "DELETE FROM turn_words WHERE id = OLD.id; END",
        "INSERT INTO turn_words (id, words) SELECT id, words FROM turns",
    ):
        connection.exec_driver_sql(statement)

"""The declared schema of what a community adds to the pictures: settings, characters, challenges.

A part of `bot/storage/tables.py`; import `metadata` from `bot/storage/rules.py`, which has all.

Invariants, each also a CHECK, a key or an index:

- a person has one character of a name, and a server one shared character of a name;
- a character made from another member waits for that member's consent;
- a picture enters a challenge once, and a person has one vote in it;
- a picture stands in a server's gallery once.

`settings` are values of `bot.domain`, read back whole: a field that is new there needs no
migration, and one that is missing means its default.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    event,
    text,
)

from bot.storage.columns import Json, Moment, Words
from bot.storage.tables import metadata, one_of

CONSENTS = ("not_needed", "asked", "given", "declined")
CHALLENGE_STATES = ("open", "ended")

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Json, nullable=False),
)

person_settings = Table(
    "person_settings",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Json, nullable=False),
)

channel_settings = Table(
    "channel_settings",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger),
    Column("owner_id", BigInteger),
    Column("settings", Json, nullable=False),
    Column("active_at", Moment),
    Index(None, "active_at"),
)
"""`owner_id` and `active_at` are a studio's: whose it is, and when it was last used."""

characters = Table(
    "characters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guild_id", BigInteger),
    Column("owner_id", BigInteger, nullable=False),
    Column("subject_id", BigInteger),
    Column("name", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("pictures", Json, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("consent", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    one_of("consent", CONSENTS),
    CheckConstraint("NOT shared OR guild_id IS NOT NULL", name="shared"),
    Index(None, "owner_id", "folded", unique=True),
    Index(
        "ix_characters_shared",
        "guild_id",
        "folded",
        unique=True,
        sqlite_where=text("shared"),
        postgresql_where=text("shared"),
    ),
)

styles = Table(
    "styles",
    metadata,
    Column("guild_id", BigInteger, nullable=False),
    Column("folded", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("template", Words, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    PrimaryKeyConstraint("guild_id", "folded"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, unique=True),
    Column("made_by", BigInteger, nullable=False),
    Column("theme", Words, nullable=False),
    Column("pot", BigInteger),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("result_id", BigInteger),
    one_of("state", CHALLENGE_STATES),
    CheckConstraint("pot >= 0", name="pot"),
    Index(None, "state", "ends_at"),
)

"""`result_id` is the message that names the winners; 0: it could not be posted, for good."""

challenge_entries = Table(
    "challenge_entries",
    metadata,
    Column("challenge_id", Text, ForeignKey("challenges.id"), nullable=False),
    Column("turn_id", Text, ForeignKey("turns.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("challenge_id", "turn_id"),
)

votes = Table(
    "votes",
    metadata,
    Column("challenge_id", Text, ForeignKey("challenges.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("turn_id", Text, nullable=False),
    PrimaryKeyConstraint("challenge_id", "user_id"),
)

stars = Table(
    "stars",
    metadata,
    Column("turn_id", Text, ForeignKey("turns.id"), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("count", BigInteger, nullable=False),
    CheckConstraint("count >= 0", name="count"),
)

# Search in the words of pictures. PostgreSQL: an index over an expression. SQLite: an FTS5 table
# of its own, which triggers keep in step. (An external content table would hang on row ids,
# which VACUUM changes where the key is a text.)

SEARCH_POSTGRESQL = (
    "CREATE INDEX ix_turns_search ON turns USING gin (to_tsvector('simple'::regconfig, words))"
)
SEARCH_SQLITE = (
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
)

event.listen(metadata, "after_create", DDL(SEARCH_POSTGRESQL).execute_if(dialect="postgresql"))
for _statement in SEARCH_SQLITE:
    event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect="sqlite"))

"""The declared schema. The migrations must end in exactly this; a test compares them.

Invariants, each also a CHECK, a key or a trigger (`bot/storage/rules.py`):

- a job's state changes only along `bot.domain.jobs.TRANSITIONS`;
- an entry is never changed nor deleted, and a request has one of each kind;
- a hold is open until it ends once, settled or refunded; one in doubt ends refunded;
- a counter is never negative, neither its pictures nor its money;
- a turn whose words were deleted has neither words nor pictures, but keeps its place.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.jobs import State
from bot.storage.columns import Json, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, names: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that a text column holds one of these names."""
    listed = ", ".join(f"'{name}'" for name in names)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _not_negative(*columns: str) -> list[CheckConstraint]:
    return [CheckConstraint(f"{column} >= 0", name=column) for column in columns]


ENTRY_KINDS = ("reserve", "settle", "refund", "grant", "adjust")
HOLD_STATES = ("held", "doubted", "settled", "refunded")

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("words", Words, nullable=False),
    Column("sources", Json, nullable=False),
    Column("parent", Text),
    Column("aspect", Text),
    Column("private", Boolean, nullable=False),
    Column("token", Text),
    Column("message_id", BigInteger),
    Column("answer_id", BigInteger),
    Column("route", Text),
    Column("request_id", Words),
    Column("picture", Json),
    Column("text", Words, nullable=False),
    Column("model", Words, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    Column("took_s", Float, nullable=False),
    Column("inputs", Json, nullable=False),
    Column("error_key", Text),
    Column("error_values", Json),
    Column("size", Text),
    Column("further", Json),
    Column("told", Words),
    Column("region", Text),
    Column("style", Words),
    Column("exact", Words),
    Column("spoiler", Boolean),
    Column("links", Json),
    Column("untold_since", Moment),
    Column("subject_id", BigInteger),
    one_of("state", tuple(State)),
    *_not_negative("cost_usd_micros", "took_s"),
    CheckConstraint("state <> 'drawn' OR picture IS NOT NULL", name="drawn"),
    Index(None, "state", "guild_id"),
    Index(
        "ix_jobs_untold_since",
        "untold_since",
        sqlite_where=text("untold_since IS NOT NULL"),
        postgresql_where=text("untold_since IS NOT NULL"),
    ),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("parent", Text, ForeignKey("turns.id")),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False, index=True),
    Column("attachment_id", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("words", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("picture_key", Text, index=True),
    Column("picture", Json),
    Column("inputs", Json, nullable=False),
    Column("aspect", Text),
    Column("private", Boolean, nullable=False),
    Column("route", Text, nullable=False),
    Column("model", Words, nullable=False),
    Column("cost_usd_micros", BigInteger, nullable=False),
    Column("took_s", Float, nullable=False),
    Column("size", Text),
    Column("phash", BigInteger),
    *_not_negative("cost_usd_micros", "took_s"),
    Index(None, "parent"),
    Index(None, "user_id", "created_at"),
    Index(None, "guild_id", "created_at"),
    Index(None, "channel_id", "created_at"),
    CheckConstraint("parent <> id", name="parent"),
    CheckConstraint("(picture_key IS NULL) = (picture IS NULL)", name="picture"),
    CheckConstraint("picture_key IS NOT NULL OR (words = '' AND text = '')", name="forgotten"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("wish", Json, nullable=False),
    Column("count", Integer, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    CheckConstraint("count >= 1", name="count"),
)

holds = Table(
    "holds",
    metadata,
    Column("job_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("counters", Json, nullable=False),
    Column("held_usd_micros", BigInteger, nullable=False),
    Column("booked_usd_micros", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    one_of("state", HOLD_STATES),
    *_not_negative("held_usd_micros", "booked_usd_micros"),
    CheckConstraint("(state IN ('held', 'doubted')) = (ended_at IS NULL)", name="ended_at"),
    CheckConstraint("ended_at IS NOT NULL OR booked_usd_micros = 0", name="open"),
    Index(None, "state", "at"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("job_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("counters", Json, nullable=False),
    Column("pictures", BigInteger, nullable=False),
    Column("usd_micros", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    one_of("kind", ENTRY_KINDS),
    UniqueConstraint("job_id", "kind"),
    CheckConstraint("kind <> 'reserve' OR (pictures = 1 AND usd_micros >= 0)", name="reserve"),
    CheckConstraint("kind <> 'settle' OR pictures = 0", name="settle"),
    CheckConstraint("kind <> 'refund' OR (pictures = -1 AND usd_micros <= 0)", name="refund"),
    CheckConstraint("kind <> 'adjust' OR pictures = 0", name="adjust"),
)

counters = Table(
    "counters",
    metadata,
    Column("scope", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("usd_micros", BigInteger, nullable=False),
    PrimaryKeyConstraint("scope", "period"),
    *_not_negative("used", "usd_micros"),
)

guild_limits = Table(
    "guild_limits",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_day", BigInteger),
    Column("guild_month", BigInteger),
    Column("person_day", BigInteger),
    *_not_negative("guild_day", "guild_month", "person_day"),
)

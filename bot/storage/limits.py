"""What each guild's moderators allow. Export and deletion: a guild's row, by its id."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.domain.quotas import Limits
from bot.storage.database import Connection
from bot.storage.tables import guild_limits
from bot.storage.upsert import insert

# Built once, as every picture goes through it.
_GET = select(guild_limits).where(guild_limits.c.guild_id == bindparam("of"))


async def get(conn: Connection, guild_id: int) -> Limits:
    """The limits set for a guild; None in a field means that it follows the settings."""
    found = await conn.execute(_GET, {"of": guild_id})
    row = found.one_or_none()
    if row is None:
        return Limits()
    return Limits(row.guild_day, row.guild_month, row.person_day)


async def set(conn: Connection, guild_id: int, limits: Limits) -> None:  # noqa: A001 -- called as limits.set
    """Replace a guild's limits. Raises IntegrityError for a negative one."""
    values = {
        "guild_day": limits.guild_day,
        "guild_month": limits.guild_month,
        "person_day": limits.person_day,
    }
    await conn.execute(
        insert(conn, guild_limits)
        .values(guild_id=guild_id, **values)
        .on_conflict_do_update(index_elements=["guild_id"], set_=values)
    )

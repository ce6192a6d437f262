"""What moderators have set for each server, by name. No person's data is in it.

A setting that is missing means its default, so most servers have no row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.storage.community_tables import guild_settings
from bot.storage.database import Connection
from bot.storage.upsert import insert


async def get(conn: Connection, guild_id: int) -> dict[str, Any]:
    """A server's settings, by name."""
    wanted = select(guild_settings.c.settings).where(guild_settings.c.guild_id == guild_id)
    return dict(await conn.scalar(wanted) or {})


async def change(conn: Connection, guild_id: int, **settings: object) -> None:
    """Set these of a server's settings, and keep the others, whoever sets them meanwhile."""
    await conn.execute(
        insert(conn, guild_settings)
        .values(guild_id=guild_id, settings={})
        .on_conflict_do_nothing(index_elements=["guild_id"])
    )
    row = guild_settings.c.guild_id == guild_id
    held = await conn.scalar(select(guild_settings.c.settings).where(row).with_for_update())
    kept = {**dict(held or {}), **settings}
    await conn.execute(guild_settings.update().where(row).values(settings=kept))

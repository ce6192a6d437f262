"""What is set for channels and threads; and studios, which are threads with an owner.

Export: the rows with a person's `owner_id`. Deletion: `disown` for a person's, `delete` for a
channel that is gone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy import delete as delete_from

from bot.domain.channels import Channel, ChannelSettings, Mode, Nsfw
from bot.domain.ids import JobId
from bot.storage.community_tables import channel_settings
from bot.storage.database import Connection
from bot.storage.upsert import insert

START = "start"  # among the settings: the picture that a studio goes on from at first


async def get(conn: Connection, channel_id: int) -> Channel | None:
    """What is set for a channel or thread; None: nothing."""
    found = await conn.execute(
        select(channel_settings).where(channel_settings.c.channel_id == channel_id)
    )
    row = found.mappings().one_or_none()
    return None if row is None else _from_row(row)


async def put(conn: Connection, channel: Channel) -> None:
    """Write what is set for a channel in place of what was."""
    settings = {
        name: value for name, value in asdict(channel.settings).items() if value is not None
    }
    if channel.start is not None:
        settings[START] = channel.start
    values = {
        "guild_id": channel.guild_id,
        "owner_id": channel.owner_id,
        "settings": settings,
        "active_at": channel.active_at,
    }
    await conn.execute(
        insert(conn, channel_settings)
        .values(channel_id=channel.id, **values)
        .on_conflict_do_update(index_elements=["channel_id"], set_=values)
    )


async def used(conn: Connection, channel_id: int, at: dt.datetime) -> None:
    """Write down that a studio was used; one that had ended is open again."""
    await conn.execute(
        update(channel_settings)
        .where(
            channel_settings.c.channel_id == channel_id, channel_settings.c.owner_id.is_not(None)
        )
        .values(active_at=at)
    )


async def end(conn: Connection, channel_id: int, *, before: dt.datetime | None = None) -> bool:
    """End a studio, if it was not used since `before`. False: it was, or is not open."""
    ending = update(channel_settings).where(
        channel_settings.c.channel_id == channel_id, channel_settings.c.active_at.is_not(None)
    )
    if before is not None:
        ending = ending.where(channel_settings.c.active_at < before)
    return (await conn.execute(ending.values(active_at=None))).rowcount == 1


async def idle(conn: Connection, before: dt.datetime) -> list[Channel]:
    """The open studios that were not used since then, those first that rest the longest."""
    rows = await conn.execute(
        select(channel_settings)
        .where(channel_settings.c.active_at < before)
        .order_by(channel_settings.c.active_at, channel_settings.c.channel_id)
    )
    return [_from_row(row) for row in rows.mappings()]


async def delete(conn: Connection, channel_id: int) -> None:
    """Forget all that is set for a channel."""
    gone = delete_from(channel_settings).where(channel_settings.c.channel_id == channel_id)
    await conn.execute(gone)


async def disown(conn: Connection, user_id: int) -> None:
    """Forget the studios of a person; their threads stay on Discord."""
    await conn.execute(delete_from(channel_settings).where(channel_settings.c.owner_id == user_id))


def _from_row(row: RowMapping) -> Channel:
    kept: dict[str, Any] = dict(row["settings"])
    start = kept.get(START)
    characters = kept.get("characters")
    return Channel(
        id=row["channel_id"],
        guild_id=row["guild_id"],
        settings=ChannelSettings(
            mode=Mode(kept["mode"]) if "mode" in kept else None,
            style=kept.get("style"),
            aspect=kept.get("aspect"),
            characters=None if characters is None else tuple(characters),
            channel_day=kept.get("channel_day"),
            slow_mode_s=kept.get("slow_mode_s"),
            nsfw=Nsfw(kept["nsfw"]) if "nsfw" in kept else None,
        ),
        owner_id=row["owner_id"],
        start=None if start is None else JobId(start),
        active_at=row["active_at"],
    )

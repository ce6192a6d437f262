"""Suggestions as rows. Export and deletion: by `user_id`; all go after a while (`purge`)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from bot.domain.ids import JobId, Place
from bot.domain.suggestions import Suggestion
from bot.storage import values
from bot.storage.database import Connection
from bot.storage.tables import suggestions
from bot.storage.upsert import insert


async def add(conn: Connection, suggestion: Suggestion) -> bool:
    """Write a suggestion. False, and nothing changed, when its id was there before."""
    row = {
        "id": suggestion.id,
        "guild_id": suggestion.place.guild_id,
        "channel_id": suggestion.place.channel_id,
        "user_id": suggestion.user_id,
        "wish": values.from_wish(suggestion.wish),
        "count": suggestion.count,
        "created_at": suggestion.created_at,
    }
    written = await conn.execute(
        insert(conn, suggestions)
        .values(row)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(suggestions.c.id)
    )
    return written.scalar_one_or_none() is not None


async def get(conn: Connection, suggestion_id: JobId) -> Suggestion | None:
    """A suggestion by its id."""
    found = await conn.execute(select(suggestions).where(suggestions.c.id == suggestion_id))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    return Suggestion(
        id=JobId(row["id"]),
        place=Place(row["guild_id"], row["channel_id"]),
        user_id=row["user_id"],
        wish=values.to_wish(row["wish"]),
        count=row["count"],
        created_at=row["created_at"],
    )


async def purge(conn: Connection, before: dt.datetime) -> int:
    """Delete the suggestions that were made before then; returns how many."""
    gone = await conn.execute(delete(suggestions).where(suggestions.c.created_at < before))
    return gone.rowcount

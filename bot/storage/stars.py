"""Pictures in galleries as rows. They hold a number and nobody who starred.

Export: a person's by their turns. Deletion: with the picture, whose row stays as a tombstone;
`of_deleted` finds what still shows it.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, select, update

from bot.domain.ids import JobId
from bot.domain.stars import Gallery, Star
from bot.storage.community_tables import stars
from bot.storage.database import Connection
from bot.storage.tables import turns
from bot.storage.upsert import insert

_S = stars.c


async def add(conn: Connection, turn: JobId, guild_id: int, gallery: Gallery, count: int) -> bool:
    """Write that a picture belongs in the gallery. False when it was written before."""
    written = await conn.execute(
        insert(conn, stars)
        .values(turn_id=turn, guild_id=guild_id, channel_id=gallery.channel_id, count=count)
        .on_conflict_do_nothing(index_elements=["turn_id"])
        .returning(_S.turn_id)
    )
    return written.scalar_one_or_none() is not None


async def get(conn: Connection, turn: JobId) -> Star | None:
    """A picture's row."""
    found = await _all(conn, _S.turn_id == turn)
    return found[0] if found else None


async def recount(conn: Connection, turn: JobId, count: int) -> None:
    """Write a picture's new number."""
    await conn.execute(update(stars).where(_S.turn_id == turn).values(count=count))


async def shown(conn: Connection, turn: JobId, message_id: int) -> None:
    """Write down which message of the gallery shows a picture; 0 for none, for good."""
    await conn.execute(update(stars).where(_S.turn_id == turn).values(message_id=message_id))


async def taken_away(conn: Connection, message_ids: Collection[int]) -> None:
    """Write down that these messages of galleries are gone."""
    of = _S.message_id.in_(list(message_ids))
    await conn.execute(update(stars).where(of).values(message_id=0))


async def unshown(conn: Connection) -> list[Star]:
    """Those that belong in a gallery and are not posted yet."""
    return await _all(conn, _S.message_id.is_(None) & turns.c.picture_key.is_not(None))


async def posted_in(conn: Connection, message_ids: Collection[int]) -> list[Star]:
    """Those whose pictures were posted in these messages, also of deleted ones."""
    return await _all(conn, turns.c.message_id.in_(list(message_ids)))


async def concerned(conn: Connection, message_ids: Collection[int]) -> bool:
    """Whether any of these messages shows a picture that is in a gallery."""
    ids = list(message_ids)
    return bool(await _all(conn, turns.c.message_id.in_(ids) | _S.message_id.in_(ids)))


async def of_deleted(conn: Connection) -> list[Star]:
    """Those whose picture was deleted."""
    return await _all(conn, turns.c.picture_key.is_(None))


async def remove(conn: Connection, turn: JobId) -> None:
    """Take a picture out of the gallery."""
    await conn.execute(delete(stars).where(_S.turn_id == turn))


async def _all(conn: Connection, which: ColumnElement[bool]) -> list[Star]:
    rows = await conn.execute(
        select(stars).join(turns, turns.c.id == _S.turn_id).where(which).order_by(_S.turn_id)
    )
    return [
        Star(
            JobId(row["turn_id"]),
            row["guild_id"],
            row["channel_id"],
            row["message_id"],
            row["count"],
        )
        for row in rows.mappings()
    ]

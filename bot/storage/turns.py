"""Conversations as rows: each picture a turn, with its parent.

Export and deletion: a person's turns by `user_id`; `forget` deletes one's content. The row stays
as a tombstone with neither words nor pictures, so that pictures made from it, perhaps by others,
keep their place in the tree. To every other function here a tombstone is not there.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from sqlalchemy import RowMapping, bindparam, exists, literal, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.conversations import Turn
from bot.domain.ids import BlobKey, JobId, Place
from bot.storage import jobs, values
from bot.storage.database import Connection
from bot.storage.tables import turns
from bot.storage.upsert import insert_on

MAX_DEPTH = 200
"""How far a branch is walked back; the model's context holds far less."""

_KEPT = turns.c.picture_key.is_not(None)
_GET = select(turns).where(turns.c.id == bindparam("of"), _KEPT)


@functools.cache
def _inserting(dialect: str) -> ReturningInsert[Any]:
    new = insert_on(dialect, turns)
    return new.on_conflict_do_nothing(index_elements=["id"]).returning(turns.c.id)


async def add(conn: Connection, turn: Turn) -> bool:
    """Write a turn. False, and nothing changed, when it was there before.

    Raises IntegrityError when its parent is not there.
    """
    row = {
        "id": turn.id,
        "parent": turn.parent,
        "guild_id": turn.place.guild_id,
        "channel_id": turn.place.channel_id,
        "user_id": turn.user_id,
        "message_id": turn.message_id,
        "attachment_id": turn.attachment_id,
        "created_at": turn.created_at,
        "words": turn.words,
        "text": turn.text,
        "picture_key": turn.picture.key,
        "picture": values.from_stored(turn.picture),
        "inputs": [values.from_stored(picture) for picture in turn.inputs],
        "aspect": turn.aspect,
        "private": turn.private,
        "route": turn.route,
        "model": turn.model,
        "cost_usd_micros": turn.cost_usd_micros,
        "took_s": turn.took_s,
        "size": turn.size,
    }
    written = await conn.execute(_inserting(conn.dialect.name), row)
    return written.scalar_one_or_none() is not None


async def get(conn: Connection, job_id: JobId) -> Turn | None:
    """A turn by its job, or None when there is none or it was forgotten."""
    found = await conn.execute(_GET, {"of": job_id})
    row = found.mappings().one_or_none()
    return None if row is None else from_row(row)


async def by_message(conn: Connection, message_id: int) -> Turn | None:
    """The turn posted in a message; of several, the first."""
    found = await conn.execute(
        select(turns)
        .where(turns.c.message_id == message_id, _KEPT)
        .order_by(turns.c.created_at, turns.c.id)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return None if row is None else from_row(row)


async def latest(conn: Connection, channel_id: int, user_id: int) -> Turn | None:
    """The newest picture asked for in a channel, but for the private ones of others."""
    found = await conn.execute(
        select(turns)
        .where(
            turns.c.channel_id == channel_id,
            _KEPT,
            or_(~turns.c.private, turns.c.user_id == user_id),
        )
        .order_by(turns.c.created_at.desc(), turns.c.id.desc())
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return None if row is None else from_row(row)


async def was_in(conn: Connection, message_id: int) -> bool:
    """Whether a message showed a picture that was forgotten since."""
    found = select(exists().where(turns.c.message_id == message_id, turns.c.picture_key.is_(None)))
    return bool(await conn.scalar(found))


async def last_asked(
    conn: Connection, user_id: int, channel_id: int, since: dt.datetime
) -> tuple[JobId, dt.datetime] | None:
    """The last request of a person in a channel since then that became a picture, and when."""
    found = await conn.execute(
        select(turns.c.id, turns.c.created_at)
        .where(
            turns.c.user_id == user_id,
            turns.c.created_at >= since,
            turns.c.channel_id == channel_id,
        )
        .order_by(turns.c.created_at.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return None if row is None else (JobId(row.id), row.created_at)


async def branch(conn: Connection, job_id: JobId) -> list[Turn]:
    """The turns from the root to this one, at most `MAX_DEPTH` back, forgotten ones left out.

    Empty when the turn itself is not there.
    """
    first = select(turns.c.id, turns.c.parent, literal(1).label("depth")).where(
        turns.c.id == job_id, _KEPT
    )
    up = first.cte("up", recursive=True)
    up = up.union_all(
        select(turns.c.id, turns.c.parent, up.c.depth + 1)
        .join(up, turns.c.id == up.c.parent)
        .where(up.c.depth < MAX_DEPTH)
    )
    rows = await conn.execute(
        select(turns).join(up, turns.c.id == up.c.id).where(_KEPT).order_by(up.c.depth.desc())
    )
    return [from_row(row) for row in rows.mappings()]


async def forget(conn: Connection, job_id: JobId) -> BlobKey | None:
    """Delete the words and pictures of a turn, and of its job; the row stays as a tombstone.

    Returns the key of its picture when no other turn has the same one: its file can go, by
    `Blobs.remove`. The inputs' files go with `Blobs.purge`, as other turns may use them.
    """
    old = await get(conn, job_id)
    if old is None:
        return None
    await conn.execute(
        update(turns)
        .where(turns.c.id == job_id)
        .values(words="", text="", picture_key=None, picture=None, inputs=[], phash=None)
    )
    await jobs.wipe(conn, job_id)
    shared = await conn.execute(select(exists().where(turns.c.picture_key == old.picture.key)))
    return None if shared.scalar_one() else old.picture.key


def from_row(row: RowMapping) -> Turn:
    """A turn of a whole row."""
    return Turn(
        id=JobId(row["id"]),
        parent=None if row["parent"] is None else JobId(row["parent"]),
        place=Place(row["guild_id"], row["channel_id"]),
        user_id=row["user_id"],
        words=row["words"],
        text=row["text"],
        picture=values.to_stored(row["picture"]),
        inputs=tuple(values.to_stored(picture) for picture in row["inputs"]),
        aspect=row["aspect"],
        route=row["route"],
        model=row["model"],
        cost_usd_micros=row["cost_usd_micros"],
        took_s=row["took_s"],
        message_id=row["message_id"],
        attachment_id=row["attachment_id"],
        private=row["private"],
        created_at=row["created_at"],
        size=row["size"],
    )

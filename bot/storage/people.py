"""What each person has set for themselves, as rows.

Export and deletion: a person's row, by `user_id`; without it the defaults hold again. A setting
that is missing means its default, so most people have no row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from bot.domain.ids import JobId
from bot.storage.community_tables import person_settings
from bot.storage.database import Connection
from bot.storage.tables import jobs
from bot.storage.upsert import insert

PORTRAITS = "portraits"  # whether others may draw the person and ask to
REMIX = "remix"  # who may go on from the person's pictures, a `bot.domain.people.Remix`


async def get(conn: Connection, user_id: int, *, locked: bool = False) -> dict[str, Any]:
    """A person's settings, by name. With `locked`, nobody changes them meanwhile."""
    wanted = select(person_settings.c.settings).where(person_settings.c.user_id == user_id)
    return dict(await conn.scalar(wanted.with_for_update() if locked else wanted) or {})


async def change(conn: Connection, user_id: int, **settings: object) -> None:
    """Set these of a person's settings, and keep the others."""
    kept = {**await get(conn, user_id, locked=True), **settings}
    await conn.execute(
        insert(conn, person_settings)
        .values(user_id=user_id, settings=kept)
        .on_conflict_do_update(index_elements=["user_id"], set_={"settings": kept})
    )


async def of_others(
    conn: Connection, user_id: int, job_ids: Collection[JobId]
) -> list[dict[str, Any]]:
    """The settings of those who asked for these jobs, but for this person's."""
    others = select(jobs.c.user_id).where(jobs.c.id.in_(sorted(job_ids)), jobs.c.user_id != user_id)
    wanted = select(person_settings.c.settings).where(person_settings.c.user_id.in_(others))
    return [dict(row) for row in (await conn.execute(wanted)).scalars()]

"""Whom a picture shows: remembered from «Draw with avatar» or a character on, along its branch."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ids import JobId, Place
from bot.domain.images import AttachmentSource, BlobSource, TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.storage import jobs, people
from bot.storage.database import Connection, Database


class Subjects:
    """Keeps the member in mind whom a wish is about, so that they are asked and not passed by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, job_id: JobId) -> int | None:
        """The member whom a picture shows, if that is known."""
        async with self._database.reading() as conn:
            return await jobs.subject(conn, [job_id])

    async def enrich(self, wish: Wish, _place: Place, user_id: int) -> Wish:
        """The wish with the member whom the pictures show that it works on. An `Enrich`.

        Raises RequestError `portraits_refused` for an avatar of who does not want that any more.
        """
        async with self._database.reading() as conn:
            if wish.subject_id is not None:
                if of_avatar(wish) and user_id != wish.subject_id:
                    await refuse_portraits(conn, wish.subject_id)
                return wish
            worked_on = [one.turn for one in wish.sources if isinstance(one, TurnSource)]
            if wish.parent is not None:
                worked_on.append(wish.parent)
            if not worked_on:
                return wish
            return replace(wish, subject_id=await jobs.subject(conn, worked_on))


def of_avatar(wish: Wish) -> bool:
    """Whether a wish with a subject draws their avatar itself, and no picture made of it."""
    given = [one.of if isinstance(one, BlobSource) else one for one in wish.sources]
    return wish.parent is None and any(isinstance(one, AttachmentSource) for one in given)


async def refuse_portraits(conn: Connection, subject_id: int) -> None:
    """Raises RequestError when a member does not want to be drawn by others."""
    if not (await people.get(conn, subject_id)).get(people.PORTRAITS, True):
        raise RequestError("portraits_refused")

"""Turns: found by the message they were posted in, remembered, forgotten."""

from __future__ import annotations

from bot.domain.branch import Shown, room_of, shown_for, words_so_far
from bot.domain.conversations import Line, Turn
from bot.domain.ids import BlobKey, JobId
from bot.domain.images import AttachmentSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.routes import Profile
from bot.errors import RequestError
from bot.services.housekeeping import needed
from bot.services.writing import insist
from bot.storage import jobs, turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers


class Conversations:
    """The trees of pictures."""

    def __init__(self, database: Database, blobs: Blobs, workers: Workers) -> None:
        self._database = database
        self._blobs = blobs
        self._workers = workers

    async def turn(self, job_id: JobId) -> Turn | None:
        """A picture by its job, or None when there is none or it was deleted."""
        async with self._database.reading() as conn:
            return await turns.get(conn, job_id)

    async def kept(self, job_id: JobId) -> Turn:
        """A picture by its job. Raises RequestError when it was deleted."""
        turn = await self.turn(job_id)
        if turn is None:
            raise RequestError("parent_gone")
        return turn

    async def by_message(self, message_id: int) -> Turn | None:
        """The picture that was posted in a message."""
        async with self._database.reading() as conn:
            return await turns.by_message(conn, message_id)

    async def latest(self, channel_id: int, user_id: int) -> Turn | None:
        """The newest picture of a channel that a person can see there."""
        async with self._database.reading() as conn:
            return await turns.latest(conn, channel_id, user_id)

    async def was_in(self, message_id: int) -> bool:
        """Whether a message showed a picture that was forgotten since."""
        async with self._database.reading() as conn:
            return await turns.was_in(conn, message_id)

    async def is_covered(self, job_id: JobId) -> bool:
        """Whether a picture is behind a spoiler, wherever it is shown once more."""
        async with self._database.reading() as conn:
            return bool(await jobs.covered(conn, [job_id]))

    async def was_given(self, job_id: JobId) -> bool:
        """Whether the first picture of a request was given with it, by who asked.

        A copy was not: it is a character's, or somebody else gave it and this is «Again».
        """
        async with self._database.reading() as conn:
            job = await jobs.get(conn, job_id)
        return job is not None and isinstance(next(iter(job.wish.sources), None), AttachmentSource)

    async def branch(self, job_id: JobId | None) -> list[Turn]:
        """The pictures from the first one to this; empty when it was deleted or there is none."""
        if job_id is None:
            return []
        async with self._database.reading() as conn:
            return await turns.branch(conn, job_id)

    async def shown(self, wish: Wish, profile: Profile) -> Shown:
        """What the model is shown for a wish. Raises RequestError when it is too much."""
        try:
            return shown_for(wish, await self.branch(wish.parent), profile)
        except Invalid as error:
            raise RequestError(error.key, detail="", **error.values) from error

    async def words_so_far(
        self, wish: Wish, profile: Profile, *, pictures: int
    ) -> tuple[Line, ...]:
        """The words of a wish's branch, as far as they fit beside so many pictures."""
        room, words = room_of(profile, wish.size), wish.told or wish.words
        return words_so_far(await self.branch(wish.parent), words, pictures, room)

    async def forget(self, job_id: JobId) -> None:
        """Delete a picture's words and files; its descendants keep their place in the tree."""

        async def write() -> set[BlobKey]:
            async with self._database.transaction() as conn:
                job = await jobs.get(conn, job_id)
                unused = await turns.forget(conn, job_id)
                keys = {picture.key for picture in job.further} if job else set[BlobKey]()
                return (keys if unused is None else {unused, *keys}) - await needed(conn)

        for key in await insist(write):  # who deletes a picture is not asked to do it again
            await self._workers.run(self._blobs.remove, key)

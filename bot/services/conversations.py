"""Turns: found by the message they were posted in, remembered, forgotten."""

from __future__ import annotations

from bot.domain.conversations import Line, Turn, history
from bot.domain.ids import BlobKey, JobId
from bot.domain.jobs import Wish
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

    async def by_message(self, message_id: int) -> Turn | None:
        """The picture that was posted in a message."""
        async with self._database.reading() as conn:
            return await turns.by_message(conn, message_id)

    async def words_so_far(self, wish: Wish, *, pictures: int) -> tuple[Line, ...]:
        """The words of the branch that a wish continues, as far as the model's context goes."""
        if wish.parent is None:
            return ()
        async with self._database.reading() as conn:
            branch = await turns.branch(conn, wish.parent)
        return history(branch, wish=wish.words, pictures=pictures)

    async def forget(self, job_id: JobId) -> None:
        """Delete a picture's words and files; its descendants keep their place in the tree."""

        async def write() -> list[BlobKey]:
            async with self._database.transaction() as conn:
                job = await jobs.get(conn, job_id)
                unused = await turns.forget(conn, job_id)
                keys = [picture.key for picture in job.further] if job else []
                return keys if unused is None else [unused, *keys]

        for key in await insist(write):  # who deletes a picture is not asked to do it again
            await self._workers.run(self._blobs.remove, key)

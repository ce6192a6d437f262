"""Wishes behind buttons: kept so that a press draws them, also after a restart."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import Clock
from bot.domain.ids import JobId, job_id
from bot.domain.jobs import Wish
from bot.domain.suggestions import Suggestion
from bot.errors import RequestError
from bot.services.words import Asked
from bot.services.writing import insist
from bot.storage import suggestions
from bot.storage.database import Database


class Suggestions:
    """What may be drawn by a press."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(
        self, asked: Asked, wishes: Sequence[Wish], *, count: int = 1
    ) -> tuple[JobId, ...]:
        """Keep wishes of one event; the ids for their buttons, in order."""
        ids = tuple(job_id(asked.event, number) for number in range(len(wishes)))

        async def write() -> None:
            async with self._database.transaction() as conn:
                for identity, wish in zip(ids, wishes, strict=True):
                    at = self._clock.now()
                    kept = Suggestion(identity, asked.place, asked.user_id, wish, count, at)
                    await suggestions.add(conn, kept)

        await insist(write)  # the words are paid for
        return ids

    async def has(self, suggestion_id: JobId) -> bool:
        """Whether a suggestion is kept."""
        async with self._database.reading() as conn:
            return await suggestions.get(conn, suggestion_id) is not None

    async def get(self, suggestion_id: JobId) -> Suggestion:
        """A suggestion. Raises RequestError when it is gone."""
        async with self._database.reading() as conn:
            found = await suggestions.get(conn, suggestion_id)
        if found is None:
            raise RequestError("suggestion_gone")
        return found

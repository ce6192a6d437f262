"""What people have set for themselves: who may go on from their pictures."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.ids import JobId, Place
from bot.domain.images import TurnSource
from bot.domain.jobs import Wish
from bot.domain.people import Remix
from bot.errors import NotAllowed
from bot.storage import people
from bot.storage.database import Database


class People:
    """Everybody's own settings. Nobody else may pass them by, moderators neither."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remix(self, user_id: int) -> Remix:
        """Who may go on from a person's pictures."""
        async with self._database.reading() as conn:
            kept = await people.get(conn, user_id)
        return Remix(kept.get(people.REMIX, Remix.EVERYONE))

    async def set_remix(self, user_id: int, remix: Remix) -> None:
        """Let others go on from a person's pictures, or keep them from it."""
        async with self._database.transaction() as conn:
            await people.change(conn, user_id, **{people.REMIX: remix.value})

    async def check(self, user_id: int, jobs: Collection[JobId]) -> None:
        """Raises NotAllowed when the pictures or words of these jobs are not to be used by them."""
        async with self._database.reading() as conn:
            settings = await people.of_others(conn, user_id, jobs)
        if any(one.get(people.REMIX) == Remix.ME for one in settings):
            raise NotAllowed("remix_mine")

    async def enrich(self, wish: Wish, _place: Place, user_id: int) -> Wish:
        """Refuse a wish that works on somebody's picture who does not want that."""
        jobs = {source.turn for source in wish.sources if isinstance(source, TurnSource)}
        if wish.parent is not None:
            jobs.add(wish.parent)
        if jobs:
            await self.check(user_id, jobs)
        return wish

"""Gifts: extra pictures that moderators give to a person. They are used when the day is used up."""

from __future__ import annotations

from bot.clock import Clock
from bot.domain import quotas
from bot.domain.quotas import Usage
from bot.storage import ledger
from bot.storage.database import Database


class Gifts:
    """Gives pictures. How they are spent is the ledger's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def give(self, event: int, guild_id: int, user_id: int, pictures: int) -> Usage:
        """Give a person extra pictures in a guild; the same event gives them once.

        Returns what the person was given so far, and has used of it. Raises StorageError.
        """
        scope = quotas.gifts(guild_id, user_id)
        async with self._database.transaction() as conn:
            await ledger.grant(conn, f"{event}:gift", scope, pictures, now=self._clock.now())
            return await ledger.gifts(conn, scope)

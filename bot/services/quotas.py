"""What is left, and what moderators allow."""

from __future__ import annotations

from bot.clock import Clock
from bot.domain import quotas
from bot.domain.ids import Place
from bot.domain.quotas import Counter, Limits, Usage
from bot.storage import ledger, limits
from bot.storage.database import Database


class Quotas:
    """Limits and usage of guilds and people."""

    def __init__(self, database: Database, clock: Clock, default: Limits) -> None:
        self._database = database
        self._clock = clock
        self.default = default

    async def limits(self, guild_id: int | None) -> Limits:
        """The limits that hold in a guild (None: in direct messages); no None in them."""
        if guild_id is None:
            return self.default
        async with self._database.reading() as conn:
            return (await limits.get(conn, guild_id)).or_else(self.default)

    async def change(self, guild_id: int, new: Limits) -> Limits:
        """Set what is not None, keep the rest; returns the limits that hold now."""
        async with self._database.transaction() as conn:
            merged = new.or_else(await limits.get(conn, guild_id))
            await limits.set(conn, guild_id, merged)
        return merged.or_else(self.default)

    async def counters(self, place: Place, user_id: int) -> tuple[Counter, ...]:
        """The counters that a picture asked for here and now adds to."""
        allowed = await self.limits(place.guild_id)
        return quotas.counters(place, user_id, allowed, self._clock.now())

    async def usage(self, place: Place, user_id: int) -> tuple[Usage, ...]:
        """How much of each limit is used here by this person."""
        counted = await self.counters(place, user_id)
        async with self._database.reading() as conn:
            return await ledger.usage(conn, counted, now=self._clock.now())

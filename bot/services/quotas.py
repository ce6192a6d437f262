"""What is left, and what moderators allow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.clock import Clock
from bot.domain import quotas
from bot.domain.ids import Place
from bot.domain.quotas import ChannelLimit, Counter, Limits, Usage
from bot.storage import challenges, ledger, limits
from bot.storage.database import Connection, Database

OfChannel: TypeAlias = Callable[[Place, Connection | None], Awaitable[ChannelLimit | None]]
"""A channel's own limit, if it has one. The connection is a transaction that is open already."""


class Quotas:
    """Limits and usage of guilds and people."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        default: Limits,
        of_channel: OfChannel | None = None,
    ) -> None:
        self._of_channel = of_channel
        self._database = database
        self._clock = clock
        self.default = default

    async def limits(self, guild_id: int | None, conn: Connection | None = None) -> Limits:
        """The limits that hold in a guild (None: in direct messages); no None in them."""
        if guild_id is None:
            return self.default
        if conn is not None:
            return (await limits.get(conn, guild_id)).or_else(self.default)
        async with self._database.reading() as own:
            return await self.limits(guild_id, own)

    async def change(self, guild_id: int, new: Limits) -> Limits:
        """Set what is not None, keep the rest; returns the limits that hold now."""
        async with self._database.transaction() as conn:
            merged = new.or_else(await limits.get(conn, guild_id))
            await limits.set(conn, guild_id, merged)
        return merged.or_else(self.default)

    async def counters(
        self, place: Place, user_id: int, conn: Connection | None = None
    ) -> tuple[Counter, ...]:
        """The counters that a picture asked for here and now adds to.

        `conn` is a transaction that is open already.
        """
        allowed = await self.limits(place.guild_id, conn)
        own = None if self._of_channel is None else await self._of_channel(place, conn)
        pot = await self._pot(place, conn)
        return quotas.counters(place, user_id, allowed, self._clock.now(), own, pot)

    async def _pot(self, place: Place, conn: Connection | None) -> Counter | None:
        """The pot of the challenge that runs in a thread, if it has one."""
        if place.guild_id is None:
            return None
        if conn is not None:
            return await challenges.pot_of(conn, place.channel_id, self._clock.now())
        async with self._database.reading() as own:
            return await self._pot(place, own)

    async def usage(self, place: Place, user_id: int) -> tuple[Usage, ...]:
        """How much of each limit is used here by this person, and their gifts if any are left."""
        counted = await self.counters(place, user_id)
        async with self._database.reading() as conn:
            found = await ledger.usage(conn, counted, now=self._clock.now())
            if place.guild_id is None:
                return found
            given = await ledger.gifts(conn, quotas.gifts(place.guild_id, user_id))
        return (*found, given) if given.left else found

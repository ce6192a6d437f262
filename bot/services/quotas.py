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

OfChannel: TypeAlias = Callable[[Place], Awaitable[ChannelLimit | None]]
"""A channel's own limit, if it has one."""

Counting: TypeAlias = Callable[[Connection], Awaitable[tuple[Counter, ...]]]
"""Gives the counters of a request, read in the transaction that will add to them."""


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

    async def limits(self, guild_id: int | None) -> Limits:
        """The limits that hold in a guild (None: in direct messages); no None in them."""
        async with self._database.reading() as conn:
            return await self._limits(conn, guild_id)

    async def change(self, guild_id: int, new: Limits) -> Limits:
        """Set what is not None, keep the rest; returns the limits that hold now."""
        async with self._database.transaction() as conn:
            merged = new.or_else(await limits.get(conn, guild_id))
            await limits.set(conn, guild_id, merged)
        return merged.or_else(self.default)

    async def counting(self, place: Place, user_id: int, *, private: bool = False) -> Counting:
        """How a request made here and now is counted; for a transaction of any kind.

        A private picture takes no part in a challenge, so its pot does not pay for it.
        """
        own = None if self._of_channel is None else await self._of_channel(place)
        now = self._clock.now()

        async def counters(conn: Connection) -> tuple[Counter, ...]:
            allowed = await self._limits(conn, place.guild_id)
            paid = place.guild_id is not None and not private
            pot = await challenges.pot_of(conn, place.channel_id, now) if paid else None
            return quotas.counters(place, user_id, allowed, now, own, pot)

        return counters

    async def counters(self, place: Place, user_id: int) -> tuple[Counter, ...]:
        """The counters that a picture asked for here and now adds to."""
        counting = await self.counting(place, user_id)
        async with self._database.reading() as conn:
            return await counting(conn)

    async def usage(self, place: Place, user_id: int) -> tuple[Usage, ...]:
        """How much of each limit is used here by this person, and their gifts if any are left."""
        counting = await self.counting(place, user_id)
        async with self._database.reading() as conn:
            found = await ledger.usage(conn, await counting(conn), now=self._clock.now())
            if place.guild_id is None:
                return found
            given = await ledger.gifts(conn, quotas.gifts(place.guild_id, user_id))
        return (*found, given) if given.left else found

    async def _limits(self, conn: Connection, guild_id: int | None) -> Limits:
        own = Limits() if guild_id is None else await limits.get(conn, guild_id)
        return own.or_else(self.default)

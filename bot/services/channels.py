"""What moderators set for their channels, and what follows from it for a wish.

The rules are asked at every message, so they are kept in memory: what was read once stays until
it is changed here. Only one process changes them.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeAlias

from bot.clock import Clock
from bot.domain.channels import (
    SLOW_MODE_MAX_S,
    Channel,
    ChannelRules,
    ChannelSettings,
    Nsfw,
    check_place,
    check_rules,
    holder,
    rules_of,
    wait_s,
    with_ratio,
)
from bot.domain.ids import JobId, Place, job_id
from bot.domain.jobs import Wish
from bot.domain.quotas import ChannelLimit
from bot.errors import RequestError, StorageError
from bot.storage import channels, people, turns
from bot.storage.database import Connection, Database

logger = logging.getLogger(__name__)

NOTED_EVERY = dt.timedelta(minutes=5)  # a studio's use; its end need not be more exact
REMEMBERED = 10_000  # channels, and people in slow mode: those longest unused are looked up again
HINTED = "reply_hint"  # the setting of a person who was told how to reply without the intent

Cast: TypeAlias = Callable[[Wish, Sequence[str], Place, int], Awaitable[Wish]]
"""Adds a channel's characters to a wish that names none: `Casting.defaults`."""

InStyle: TypeAlias = Callable[[Wish, str | None, int | None], Awaitable[Wish]]
"""Takes a channel's style where a wish names none and it fits: `Styles.default`."""


class Channels:
    """The rules of channels and threads."""

    def __init__(self, database: Database, clock: Clock, cast: Cast, style: InStyle) -> None:
        self._style = style
        self._database = database
        self._clock = clock
        self._cast = cast
        self._kept: OrderedDict[int, Channel | None] = OrderedDict()
        self._changes = 0
        self._asked: OrderedDict[tuple[int, int], tuple[JobId, dt.datetime] | None] = OrderedDict()
        self._hinted: set[int] = set()

    async def get(self, channel_id: int) -> Channel | None:
        """What is set for a channel or thread itself; None: nothing."""
        if channel_id in self._kept:
            self._kept.move_to_end(channel_id)
            return self._kept[channel_id]
        before = self._changes
        async with self._database.reading() as conn:
            found = await channels.get(conn, channel_id)
        if before == self._changes:  # or it may be old by now
            self.remember(channel_id, found)
        return found

    def remember(self, channel_id: int, channel: Channel | None) -> None:
        """Keep what is set for a channel in memory; call it after the commit that set it."""
        self._changes += 1
        self._kept[channel_id] = channel
        self._kept.move_to_end(channel_id)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def look_again(self, channel_id: int) -> None:
        """Read what is set for a channel anew; call it after a commit that changed a part of it.

        The rest may have been changed by others since it was read here.
        """
        self._changes += 1
        self._kept.pop(channel_id, None)

    async def both(self, place: Place) -> tuple[Channel | None, Channel | None]:
        """What is set for the channel itself, and for the one that a thread is in."""
        if place.guild_id is None:
            return None, None  # in direct messages nobody sets anything
        own = await self.get(place.channel_id)
        return own, None if place.parent_id is None else await self.get(place.parent_id)

    async def rules(self, place: Place) -> ChannelRules:
        """The rules that hold in a channel, or in a thread with its channel's."""
        own, parent = await self.both(place)
        return rules_of(own and own.settings, parent and parent.settings)

    async def check(self, place: Place) -> None:
        """Raises Invalid where nothing may be drawn: `channel_off`, `channel_age`."""
        check_place(await self.rules(place), age_restricted=place.age_restricted)

    async def change(self, place: Place, **changes: object) -> ChannelRules:
        """Set these of a channel's or thread's own settings; None takes one back.

        Returns the rules that hold now. Raises Invalid for numbers out of range.
        """
        async with self._database.transaction() as conn:
            old = await channels.get(conn, place.channel_id)
            new = old or Channel(place.channel_id, place.guild_id)
            new = replace(new, settings=replace(new.settings, **changes))
            check_rules(rules_of(new.settings))
            await self._write(conn, new)
        self.remember(new.id, new if _is_worth_keeping(new) else None)
        return await self.rules(place)

    @staticmethod
    async def _write(conn: Connection, channel: Channel) -> None:
        if _is_worth_keeping(channel):
            await channels.put(conn, channel)
        else:
            await channels.delete(conn, channel.id)

    async def forget(self, channel_id: int) -> None:
        """Delete what is set for a channel that is gone."""
        if await self.get(channel_id) is None:
            return
        async with self._database.transaction() as conn:
            await channels.delete(conn, channel_id)
        self.remember(channel_id, None)

    async def limit(self, place: Place) -> ChannelLimit | None:
        """A channel's own limit, which its threads share unless they have one of their own."""
        own, parent = await self.both(place)
        counted = holder("channel_day", own, parent)
        allowed = rules_of(own and own.settings, parent and parent.settings).channel_day
        if counted is None or allowed is None:
            return None
        return ChannelLimit(counted, allowed)

    async def enrich(self, wish: Wish, place: Place, user_id: int) -> Wish:
        """The wish with the channel's style, ratio and characters. An `Enrich` of `Generate`.

        It stands in front of those that read the style and the characters. A studio's characters
        take part in every turn, a channel's in new pictures only.
        Raises Invalid where nothing may be drawn: `channel_off`, `channel_age`.
        """
        if place.guild_id is None:
            return wish
        own, parent = await self.both(place)
        rules = rules_of(own and own.settings, parent and parent.settings)
        check_place(rules, age_restricted=place.age_restricted)
        wish = replace(wish, spoiler=rules.nsfw is Nsfw.SPOILER)
        if wish.told is not None:
            return wish  # it was enriched before
        studio = own is not None and own.is_studio and own.settings.characters is not None
        wish = with_ratio(wish, rules)
        if rules.characters and (wish.parent is None or studio):
            wish = await self._cast(wish, rules.characters, place, user_id)
        return await self._style(wish, rules.style, place.guild_id)

    @asynccontextmanager
    async def paced(
        self, place: Place, user_id: int, event: int, *, exempt: bool
    ) -> AsyncGenerator[None]:
        """Take a person's turn in the channel's slow mode; it is given back when this raises.

        Otherwise a studio has been used.

        The same event again, as Discord may deliver it, is no further turn. `exempt` is for
        moderators. Raises RequestError `slow_mode` with the `seconds` to wait.
        """
        own, parent = await self.both(place)
        rules = rules_of(own and own.settings, parent and parent.settings)
        slow = holder("slow_mode_s", own, parent)
        if exempt or slow is None or not rules.slow_mode_s:
            yield
            await self._used(own)
            return
        key, now, identity = (slow, user_id), self._clock.now(), job_id(event)
        if key not in self._asked:
            since = now - dt.timedelta(seconds=SLOW_MODE_MAX_S)
            async with self._database.reading() as conn:
                found = await turns.last_asked(conn, user_id, place.channel_id, since)
            self._asked.setdefault(key, found)
        before = self._asked[key]
        if before is not None and before[0] == identity:
            yield
            return  # this event was here before
        if left := wait_s(rules, before and before[1], now):
            raise RequestError("slow_mode", seconds=left)
        self._asked[key] = mine = (identity, now)
        self._asked.move_to_end(key)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        try:
            yield
        except BaseException:
            if self._asked.get(key) == mine:
                self._asked[key] = before
            raise
        await self._used(own)

    async def _used(self, studio: Channel | None) -> None:
        """Something was asked for in a studio: it stays open, or is open again."""
        if studio is None or not studio.is_studio:
            return
        now = self._clock.now()
        if studio.active_at is not None and now - studio.active_at < NOTED_EVERY:
            return
        try:
            async with self._database.transaction() as conn:
                await channels.used(conn, studio.id, now)
        except StorageError as error:  # what was asked for is accepted: that goes on
            logger.warning("the use of a studio was not written down: %s", error)
        else:
            self.look_again(studio.id)

    async def hint_is_due(self, user_id: int) -> bool:
        """Whether a person has yet to be told how to reply; from now on they have been."""
        if user_id in self._hinted:
            return False
        self._hinted.add(user_id)
        async with self._database.transaction() as conn:
            told = (await people.get(conn, user_id)).get(HINTED)
            if not told:
                await people.change(conn, user_id, **{HINTED: True})
        return not told


def _is_worth_keeping(channel: Channel) -> bool:
    return channel.is_studio or channel.settings != ChannelSettings()

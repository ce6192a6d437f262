"""Studios: threads in which every message is a turn of one conversation.

A turn continues from the newest finished picture of the thread. Of two messages in quick
succession the second does not wait for the first one's picture: both continue from the same one
and are two branches, each in its own answer, so nobody waits for a picture that may fail; a reply
says from which to go on. A message before there is any picture is a wish of its own.

All of it is in the database: a studio goes on after a restart as if there had been none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.domain.channels import Channel, check_place
from bot.domain.conversations import Turn
from bot.domain.ids import JobId, Place
from bot.errors import NotAllowed, RequestError
from bot.services.channels import Channels
from bot.storage import channels, turns
from bot.storage.database import Database

ENDS_AFTER = dt.timedelta(days=1)
NOBODY = 0  # a private picture is its owner's alone: the thread does not go on from it


class Studios:
    """Opens, continues and ends studios."""

    def __init__(self, database: Database, clock: Clock, kept: Channels) -> None:
        self._database = database
        self._clock = clock
        self._kept = kept

    async def check(self, place: Place) -> None:
        """Whether anything may be drawn there. Raises Invalid, as `check_place` does."""
        rules = await self._kept.rules(place)
        check_place(rules, age_restricted=place.age_restricted)

    async def get(self, thread_id: int) -> Channel | None:
        """The studio in a thread, open or ended; None when it is none."""
        found = await self._kept.get(thread_id)
        return found if found is not None and found.is_studio else None

    async def open(
        self,
        place: Place,
        owner_id: int,
        *,
        start: JobId | None = None,
        style: str | None = None,
        aspect: str | None = None,
        characters: Sequence[str] = (),
    ) -> Channel:
        """Make a thread a studio, or open one again; what is not given stays as it was."""
        async with self._database.transaction() as conn:
            old = await channels.get(conn, place.channel_id)
            known = old or Channel(place.channel_id, place.guild_id)
            new = replace(
                known,
                owner_id=known.owner_id or owner_id,
                start=start or known.start,
                active_at=self._clock.now(),
                settings=replace(
                    known.settings,
                    style=style or known.settings.style,
                    aspect=aspect or known.settings.aspect,
                    characters=tuple(characters) or known.settings.characters,
                ),
            )
            await channels.put(conn, new)
        self._kept.remember(new.id, new)
        return new

    async def newest(self, studio: Channel) -> Turn | None:
        """The picture that the next turn continues from; None: the next one is the first.

        Raises RequestError `studio_start_gone`, once, when the picture that the thread began
        with has been deleted.
        """
        async with self._database.reading() as conn:
            found = await turns.latest(conn, studio.id, NOBODY)
            if found is None and studio.start is not None:
                found = await turns.get(conn, studio.start)
        if found is None and studio.start is not None:
            async with self._database.transaction() as conn:
                forgotten = replace(studio, start=None)
                await channels.put(conn, forgotten)
            self._kept.remember(studio.id, forgotten)
            raise RequestError("studio_start_gone")
        return found

    async def end(self, thread_id: int, user_id: int, *, moderator: bool) -> Channel:
        """End a studio; for its owner and for moderators. Raises RequestError, NotAllowed."""
        studio = await self.get(thread_id)
        if studio is None or studio.active_at is None:
            raise RequestError("studio_none")
        if studio.owner_id != user_id and not moderator:
            raise NotAllowed("studio_not_yours")
        async with self._database.transaction() as conn:
            await channels.end(conn, thread_id)
        self._kept.look_again(thread_id)
        return studio

    async def idle(self) -> list[Channel]:
        """The studios that have rested for a day."""
        async with self._database.reading() as conn:
            return await channels.idle(conn, self._clock.now() - ENDS_AFTER)

    async def end_idle(self, studio: Channel) -> bool:
        """End a studio that has rested for a day. False: somebody was faster."""
        async with self._database.transaction() as conn:
            before = self._clock.now() - ENDS_AFTER
            ended = await channels.end(conn, studio.id, before=before)
        if ended:
            self._kept.look_again(studio.id)
        return ended

    async def put_off(self, studio: Channel) -> None:
        """Undo `end_idle`: nobody could be told now, so the studio ends at a later look."""
        assert studio.active_at is not None
        async with self._database.transaction() as conn:
            await channels.used(conn, studio.id, studio.active_at)
        self._kept.look_again(studio.id)

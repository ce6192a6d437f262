"""SimCord's Discord without a bot inside: its builders, actors and backend in real time.

SimCord's `Env` attaches a bot of this process in `start()`. Here that is never called: the bot
is another process, which meets the backend through `rest.py` and `gateway.py`. What SimCord
keeps private is used here and in those two; the version is pinned for that reason.
"""

from __future__ import annotations

import datetime as dt
import urllib.parse
from typing import Any

import discord
import simcord
from simcord._clock import Clock
from simcord.backend import Backend
from simcord.backend.cdn import CdnStore


class WallClock(Clock):
    """SimCord's clock, showing the real time: interactions expire as they do on Discord."""

    def now(self) -> dt.datetime:
        """The present instant, in UTC."""
        return dt.datetime.now(dt.UTC)


class Files(CdnStore):
    """SimCord's files, with addresses on a server that really serves them."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        """`http://host:port`, once the server is open."""
        self.by_path: dict[str, bytes] = {}

    def store_attachment(
        self,
        attachment_id: int,
        channel_id: int,
        filename: str,
        data: bytes,
        description: str | None,
    ) -> dict[str, Any]:
        """Keep a file; its addresses name our server."""
        stored = super().store_attachment(attachment_id, channel_id, filename, data, description)
        path = urllib.parse.urlsplit(str(stored["url"])).path
        self.by_path[path] = data
        return {**stored, "url": self.base + path, "proxy_url": self.base + path}


class World(simcord.Env):
    """Guilds, channels and people. Its verbs return at once: nobody waits for the bot."""

    def __init__(self) -> None:
        # A client that is never started: SimCord binds the messages it hands out to it.
        super().__init__(discord.Client(intents=discord.Intents(guilds=True)))
        self.files = Files()
        self.backend = Backend(clock=WallClock())
        self.backend.cdn = self.files
        # Both hold a copy of everything for ever; `rest.py` keeps a log of its own.
        self.backend.http_requests = _Nothing()
        self.backend.transcript = _Nothing()

    async def _settle_internal(self, **_: object) -> None:
        """Return at once: SimCord's waits here until a bot of this process rests."""


class _Nothing(list[Any]):
    """A list that stays empty."""

    def append(self, _one: Any, /) -> None:
        """Forget it."""

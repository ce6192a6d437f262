"""A gateway session: what a bot gets to hear, numbered, kept for a resume."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import discord
from simcord.backend import serializers
from simcord.gateway import FakeGateway, FakeWebSocket

from bot.standins.discord.world import World

REPLAY = 5000  # events that a session keeps for a resume

Send = Callable[[str], None]


class Session:
    """One IDENTIFY's session. It goes on while its connection is away.

    SimCord's own gateway decides what the bot's intents let it hear; it hands each event to a
    parser of discord.py's connection state. The parsers here send it over the wire instead.
    """

    def __init__(self, world: World, intents: int, shard: tuple[int, int], limit: int) -> None:
        self.id = uuid.uuid4().hex
        self.shard = shard
        self.intents = discord.Intents.none()
        self.intents.value = intents
        self.parsers = _Parsers(self._dispatch)
        self.send: Send | None = None
        """Writes to the connection; None while there is none."""
        self.ready = False
        """Whether READY and all guilds were sent."""
        self._world = world
        self._limit_bytes = limit
        self._sent = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=REPLAY)
        self._gateway = FakeGateway(world.backend, self)
        self._members = FakeWebSocket(world.backend, self._gateway)

    def hear(self, event: str, payload: Mapping[str, Any]) -> None:
        """Take an event of the backend, if it is this shard's and the intents allow it."""
        number, count = self.shard
        guild = payload.get("guild_id") or (payload.get("id") if event.startswith("GUILD_") else 0)
        if (int(guild or 0) >> 22) % count == number:
            self._gateway.feed(event, payload)

    def greet(self, address: str) -> list[int]:
        """Send READY; returns the guilds whose GUILD_CREATE is to follow."""
        backend = self._world.backend
        number, count = self.shard
        guilds = [guild for guild in backend.guilds if (guild >> 22) % count == number]
        self._dispatch(
            "READY",
            {
                "v": 10,
                "user": serializers.user_payload(backend.bot_user),
                "guilds": [{"id": str(guild), "unavailable": True} for guild in guilds],
                "session_id": self.id,
                "resume_gateway_url": address,
                "shard": list(self.shard),
                "application": {"id": str(backend.application_id), "flags": 0},
            },
        )
        return guilds

    def create(self, guild_id: int) -> None:
        """Send a guild's GUILD_CREATE."""
        guild = self._world.backend.guilds.get(guild_id)
        if guild is not None:
            self._gateway.feed(
                "GUILD_CREATE", serializers.guild_create_payload(self._world.backend, guild)
            )

    def resume(self, after: int) -> bool:
        """Send again what came after a number. False when that is no longer known."""
        if after > self._sent or (self._kept and self._kept[0][0] > after + 1):
            return False
        for number, text in list(self._kept):
            if number > after and self.send is not None:
                self.send(text)
        self._dispatch("RESUMED", {})
        return True

    async def members(self, asked: Mapping[str, Any]) -> None:
        """Answer REQUEST_GUILD_MEMBERS with chunks."""
        await self._members.request_chunks(
            int(asked["guild_id"]),
            asked.get("query"),
            limit=int(asked.get("limit") or 0),
            user_ids=asked.get("user_ids"),
            presences=bool(asked.get("presences")),
            nonce=asked.get("nonce"),
        )

    def _dispatch(self, event: str, payload: dict[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            payload["attachment_size_limit"] = self._limit_bytes
        self._sent += 1
        text = json.dumps({"op": 0, "t": event, "s": self._sent, "d": payload})
        self._kept.append((self._sent, text))
        if self.send is not None:
            self.send(text)


class _Parsers:
    """Stands for discord.py's table of parsers: every event has one, and it dispatches."""

    def __init__(self, dispatch: Callable[[str, dict[str, Any]], None]) -> None:
        self._dispatch = dispatch

    def __getitem__(self, event: str) -> Callable[[dict[str, Any]], None]:
        return partial(self._dispatch, event)

    get = __getitem__

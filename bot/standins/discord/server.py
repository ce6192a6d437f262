"""The stand-in Discord: a real server on the loopback, for a bot in another process."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import discord
from aiohttp import web
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.backend.models import Interaction
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.standins.discord import control
from bot.standins.discord.faults import Faults
from bot.standins.discord.gateway import Gateway
from bot.standins.discord.rest import BASE, Rest
from bot.standins.discord.stamps import Stamps
from bot.standins.discord.world import World

LARGEST_BODY_BYTES = 200 * 1024 * 1024
SHUTDOWN_S = 0.5
POLL_S = 0.01


class DiscordServer:
    """A Discord that is open inside `async with`.

    `world` is SimCord's `Env` without a bot: its builders and actors work as in SimCord's
    documentation, but return at once, before the bot has answered. The verbs here are for what
    is used most; they give ids. `faults` says what shall go wrong with REST calls, `gateway`
    has the commands for the connection, `rest.calls` what the bot asked.
    """

    def __init__(
        self,
        *,
        token: str = "stand-in.token",  # noqa: S107 -- of nothing real
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        upload_limit_bytes: int = 10 * 1024 * 1024,
    ) -> None:
        self.token = token
        self.world = World()
        self.faults = Faults(seed)
        self.stamps = Stamps(self.world)
        self.rest = Rest(self.world, self.faults, self.stamps, token, upload_limit_bytes)
        self.gateway = Gateway(self.world, token, upload_limit_bytes)
        self.cdn_host = ""
        """`host:port` of the files' addresses."""
        self.people: list[tuple[list[ChannelHandle], list[MemberActor]]] = []
        """Channels and members of the guilds that `control.populate` made."""
        self._host = host
        self._port = port
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=SHUTDOWN_S)

    @property
    def api_base(self) -> str:
        """The address to put before every path of REST."""
        return f"http://{self.cdn_host}{BASE}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.cdn_host = f"{host}:{port}"
        self.world.files.base = f"http://{self.cdn_host}"
        self.rest.gateway_address = f"ws://{self.cdn_host}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    # ---- what there is

    def guild(self, name: str) -> GuildHandle:
        """A new guild, with the bot in it."""
        return self.world.create_guild(name)

    def channel(self, guild: GuildHandle, name: str) -> ChannelHandle:
        """A new text channel."""
        return guild.create_text_channel(name)

    def member(self, guild: GuildHandle, name: str, **permissions: bool) -> MemberActor:
        """A new person in a guild, with a role of these permissions if any are given."""
        role = guild.create_role(name, permissions=discord.Permissions(**permissions))
        user = self.world.create_user(name)
        return guild.add_member(user, roles=[role] if permissions else [])

    # ---- what people do

    async def slash(
        self, member: MemberActor, channel: ChannelHandle, name: str, /, **options: Any
    ) -> int:
        """Use a slash command; returns the interaction's id. Files are `(name, bytes)`."""
        await member.slash(channel, name, **options)
        return self._newest()

    async def send(
        self,
        member: MemberActor,
        channel: ChannelHandle,
        words: str = "",
        *,
        reply_to: int | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> int:
        """Send a message; returns its id."""
        original = None if reply_to is None else self._shown(channel, reply_to)
        sent = await member.send(channel, words, reply_to=original, attachments=files)
        return sent.id

    async def click(
        self, member: MemberActor, channel: ChannelHandle, message: int, *, label: str
    ) -> int:
        """Press a message's button; returns the interaction's id."""
        await member.click(self._shown(channel, message), label=label)
        return self._newest()

    async def choose(
        self, member: MemberActor, channel: ChannelHandle, message: int, *values: str
    ) -> int:
        """Choose from a message's only menu; returns the interaction's id."""
        await member.select(self._shown(channel, message), values)
        return self._newest()

    async def submit(self, member: MemberActor, interaction: int, **values: Any) -> int:
        """Send the form that an interaction was answered with; returns the new one's id."""
        shown = InteractionResult(self.world, self.interaction(interaction))
        await member.submit_modal(shown, values)
        return self._newest()

    # ---- what is seen

    @property
    def connected(self) -> bool:
        """Whether a bot is there and has got its guilds."""
        return self.gateway.connected

    def interaction(self, interaction: int) -> Interaction:
        """An interaction and what the bot made of it."""
        return self.world.backend.interactions[interaction]

    def messages(self, channel: ChannelHandle) -> list[dict[str, Any]]:
        """Every message of a channel as Discord has it, oldest first, ephemeral ones too."""
        stored = self.world.backend.messages[channel.id].values()
        return [dict(serializers.message_payload(self.world.backend, one)) for one in stored]

    def file(self, attachment: dict[str, Any]) -> bytes:
        """The bytes of a message's attachment."""
        return self.world.files.by_path[attachment["url"].removeprefix(self.world.files.base)]

    async def until(self, fact: Callable[[], object], timeout_s: float = 10.0) -> None:
        """Wait until something is so. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not fact():  # noqa: ASYNC110 -- facts of many kinds, most without an event
                await asyncio.sleep(POLL_S)

    def _newest(self) -> int:
        """The interaction that an actor has just made: its verb gave nobody else a turn."""
        return next(reversed(self.world.backend.interactions))

    def _shown(self, channel: ChannelHandle, message: int) -> ResponseMessage:
        return ResponseMessage(self.world, self.world.backend.get_message(channel.id, message))

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY_BYTES)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_route("*", BASE + "/{path:.*}", self.rest.serve)
        app.router.add_get("/attachments/{path:.*}", self._file)
        for method, path, handler in control.ROUTES:
            app.router.add_route(method, path, partial(handler, self))
        return app

    async def _file(self, request: web.Request) -> web.Response:
        data = self.world.files.by_path.get(request.path)
        if data is None:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(request.path)[0] or "application/octet-stream"
        return web.Response(body=data, content_type=kind)

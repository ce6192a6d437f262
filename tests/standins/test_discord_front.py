"""The stand-in Discord, met by the real discord.py over real HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.standins.discord import DiscordServer, Fault

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


class Bot(discord.Client):
    """A small bot: one command, one form, and a memory of what it heard."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, chunk_guilds_at_startup=False)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self.options: list[Any] = []
        self.tree.command(name="paint", description="Paint")(self.paint)

    async def paint(self, interaction: discord.Interaction, image: discord.Attachment) -> None:
        self.options.append(await image.read())
        await interaction.response.send_message("painting")
        await interaction.edit_original_response(
            content="painted", attachments=[discord.File(io.BytesIO(PNG), "p.png")]
        )

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, *_: object, **__: object) -> None:
        """Begin anew at once: discord.py's own hook waits for 5 s."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message.content)


@pytest.fixture
async def server() -> AsyncGenerator[DiscordServer]:
    async with DiscordServer(upload_limit_bytes=100_000) as server:
        yield server
        assert server.rest.gaps == []


@pytest.fixture
def place(server: DiscordServer) -> tuple[MemberActor, ChannelHandle]:
    guild = server.guild("Harbour")
    channel = server.channel(guild, "art")
    return server.member(guild, "alice"), channel


@pytest.fixture
def connect(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(Route, "BASE", server.api_base)
    gateway = yarl.URL(f"ws://{server.cdn_host}/gateway")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)

    @asynccontextmanager
    async def opened(**intents: bool) -> AsyncGenerator[Bot]:
        given = {"guilds": True, "guild_messages": True, "message_content": True, **intents}
        bot = Bot(discord.Intents(**given))
        running = asyncio.create_task(bot.start(server.token))
        try:
            await server.until(lambda: server.connected or running.done())
            if running.done():
                await running
            known = server.world.backend.guilds
            await server.until(lambda: [g.id for g in bot.guilds if not g.unavailable] == [*known])
            yield bot
        finally:
            await bot.close()
            with suppress(discord.DiscordException):
                await running

    return opened


async def test_a_command_with_a_file_and_its_answer(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    alice, channel = place
    async with connect() as bot:
        asked = await server.slash(alice, channel, "paint", image=("in.png", PNG * 2))
        await server.until(lambda: any(m["attachments"] for m in server.messages(channel)))
        assert bot.options == [PNG * 2]  # read from the stand-in's own CDN
        [message] = server.messages(channel)
        assert message["content"] == "painted"
        assert server.file(message["attachments"][0]) == PNG
        assert server.interaction(asked).responded
        stamp = server.stamps.by_id[asked]
        assert stamp.sent_s < stamp.acked_s < stamp.posted_s


async def test_many_guilds_arrive(server: DiscordServer, connect: Callable[..., Any]) -> None:
    guilds = [server.guild(f"Guild {number}") for number in range(100)]
    server.channel(guilds[70], "art")
    async with connect() as bot:
        assert {guild.name for guild in bot.guilds} == {guild.name for guild in guilds}
        assert [channel.name for channel in bot.get_guild(guilds[70].id).text_channels] == ["art"]


async def test_members_are_sent_on_request(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    async with connect(members=True) as bot:
        found = await bot.guilds[0].query_members("ali", cache=False)
        assert [member.id for member in found] == [place[0].id]


async def test_intents_decide_what_is_heard(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    async with connect(message_content=False) as bot:
        await server.send(*place, "hello")
        await server.until(lambda: bot.heard)
        assert bot.heard == [""]
    async with connect(guild_messages=False) as bot:
        await server.send(*place, "hello")
        await asyncio.sleep(0.05)
        assert bot.heard == []


@pytest.mark.parametrize("cause", ["reconnect", "drop"])
async def test_a_resume_brings_what_was_missed(
    server: DiscordServer,
    place: tuple[MemberActor, ChannelHandle],
    connect: Callable[..., Any],
    cause: str,
) -> None:
    async with connect() as bot:
        await server.send(*place, "one")
        await server.until(lambda: bot.heard)
        getattr(server.gateway, cause)()
        await server.send(*place, "two")
        await server.until(lambda: server.gateway.resumed)
        await server.send(*place, "three")
        await server.until(lambda: len(bot.heard) == 3)
        assert bot.heard == ["one", "two", "three"]
        assert server.gateway.identified == 1


async def test_an_invalid_session_begins_anew(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    async with connect() as bot:
        server.gateway.invalidate()
        await server.until(lambda: server.gateway.identified == 2)
        await server.send(*place, "after")
        await server.until(lambda: bot.heard == ["after"])


async def test_what_happens_before_a_bot_identifies_is_not_sent(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    await server.send(*place, "nobody is there")
    async with connect() as bot:
        await server.send(*place, "hello")
        await server.until(lambda: bot.heard)
        assert bot.heard == ["hello"]


async def test_wrong_tokens_and_intents_are_refused(
    server: DiscordServer, connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.world.approved_intents = discord.Intents.none()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connect():
            pass
    monkeypatch.setattr(server, "token", "another")
    with pytest.raises(discord.LoginFailure):
        async with connect():
            pass


async def test_a_nonce_gives_one_message(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    _, channel = place
    async with connect() as bot:
        target = bot.get_channel(channel.id)
        first = await target.send("one", nonce="7", file=discord.File(io.BytesIO(PNG), "p.png"))
        again = await target.send("two", nonce="7")
        other = await target.send("three", nonce="8")
        assert again.id == first.id != other.id
        assert again.content == "one"
        assert [a.filename for a in again.attachments] == ["p.png"]
        assert len(server.messages(channel)) == 2
        with pytest.raises(discord.HTTPException, match="nonce"):
            await target.send("four", nonce="1" * 26)


async def test_limits_of_uploads(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    async with connect() as bot:
        target = bot.get_channel(place[1].id)
        with pytest.raises(discord.HTTPException) as refused:
            await target.send(file=discord.File(io.BytesIO(bytes(100_001)), "large.png"))
        assert (refused.value.status, refused.value.code) == (413, 40005)
        for name in range(3):
            file = discord.File(io.BytesIO(bytes(100_000)), f"{name}.png", description=f"d{name}")
            sent = await target.send(file=file)
            assert sent.attachments[0].description == f"d{name}"


async def test_faults_on_command(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    _, channel = place
    posting = "POST /channels/*/messages"
    async with connect() as bot:
        target = bot.get_channel(channel.id)
        server.faults.once(Fault(429, retry_after_s=0.02), posting, times=2)
        await target.send("limited, then sent")  # discord.py waits and asks again
        assert [call.status for call in server.rest.calls if call.name.startswith("POST")] == [
            429,
            429,
            200,
        ]
        server.faults.once(Fault(403, 50013, "Missing Permissions"), posting)
        with pytest.raises(discord.Forbidden):
            await target.send("refused")
        server.faults.once(Fault(cut=True), posting)
        with pytest.raises(aiohttp.ClientError):
            await target.send("cut before")
        server.faults.once(Fault(cut=True, late=True), posting)
        with pytest.raises(aiohttp.ClientError):
            await target.send("cut after")
        said = [message["content"] for message in server.messages(channel)]
        assert said == ["limited, then sent", "cut after"]


async def test_real_rate_limits(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    server.rest.limits.patterns["POST /channels/*/messages"] = (2, 0.1)
    async with connect() as bot:
        target = bot.get_channel(place[1].id)
        await asyncio.gather(*(target.send(str(number)) for number in range(5)))
    assert len(server.messages(place[1])) == 5
    headers = {"Authorization": f"Bot {server.token}"}
    url = f"{server.api_base}/channels/{place[1].id}/messages"
    async with aiohttp.ClientSession(headers=headers) as client:
        for _ in range(2):
            await client.post(url, json={"content": "hasty"})
        async with client.post(url, json={"content": "hasty"}) as answer:
            assert answer.status == 429
            assert float(answer.headers["Retry-After"]) <= 0.1


async def test_a_held_call_waits(
    server: DiscordServer, place: tuple[MemberActor, ChannelHandle], connect: Callable[..., Any]
) -> None:
    _, channel = place
    async with connect() as bot:
        target = bot.get_channel(channel.id)
        for late in (False, True):
            hold = server.faults.hold("POST /channels/*/messages", late=late)
            sending = asyncio.create_task(target.send("held"))
            await hold.reached()
            assert len(server.messages(channel)) == late
            hold.release(drop=not late)
            await asyncio.wait({sending})
            assert (sending.exception() is None) == late
        assert len(server.messages(channel)) == 1


async def test_answers_as_discord_py_wants_them(server: DiscordServer) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{server.api_base}/users/@me") as answer:
            assert answer.status == 401
        headers = {"Authorization": f"Bot {server.token}"}
        async with client.get(f"{server.api_base}/users/@me", headers=headers) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            assert json.loads(await answer.read())["bot"] is True

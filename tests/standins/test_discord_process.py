"""The stand-in Discord in a process of its own, driven over HTTP as the benchmarks do."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

ROOT = Path(__file__).parents[2]
Driver = Callable[..., Awaitable[Any]]


class Bot(discord.Client):
    """Greets on command."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="hello", description="Say hello")(self.hello)
        self.heard: list[str] = []

    async def hello(self, interaction: discord.Interaction, who: str) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(label="Wave", custom_id="wave")
        view = discord.ui.View(timeout=None).add_item(button)
        await interaction.response.send_message(f"hello {who}", view=view)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)


@pytest.fixture
async def base() -> AsyncGenerator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.standins.discord", "--guilds", "3", "--members", "2", "--token", "t"),
        cwd=ROOT,
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            yield (await process.stdout.readline()).decode().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.fixture
async def drive(base: str) -> AsyncGenerator[Driver]:
    root = base.removesuffix("/api/v10")
    async with aiohttp.ClientSession() as client:

        async def drive(path: str, **asked: object) -> Any:
            method = "POST" if asked else "GET"
            async with client.request(method, root + path, json=asked or None) as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()

        yield drive


async def until(fact: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await fact():  # noqa: ASYNC110 -- another process has no event for it
            await asyncio.sleep(0.01)


async def test_driven_from_outside(
    base: str, drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", base)
    address = base.replace("http", "ws", 1).replace("/api/v10", "/gateway")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(address))
    bot = Bot()
    running = asyncio.create_task(bot.start("t"))

    async def connected() -> bool:
        return (await drive("/_state"))["connected"]

    try:
        await until(connected)
        state = await drive("/_state")
        assert state["commands"] == ["hello"]
        assert [len(guild["members"]) for guild in state["guilds"]] == [2, 2, 2]

        asked = await drive("/_slash", guild=1, member=1, name="hello", options={"who": "you"})

        async def answered() -> list[Any]:
            return await drive("/_messages?guild=1&channel=0")

        await until(answered)
        [message] = await answered()
        assert message["content"] == "hello you"
        pressed = await drive("/_click", guild=1, message=message["id"], label="Wave")
        stamps = {stamp["id"]: stamp for stamp in await drive("/_interactions")}
        assert stamps[asked["interaction"]]["acked_s"] > stamps[asked["interaction"]]["sent_s"]
        assert stamps[pressed["interaction"]]["acked_s"] == 0

        await drive("/_gateway", do="reconnect")
        await drive("/_send", guild=2, words="are you back?")
        await until(lambda: _is(bot.heard[-1:] == ["are you back?"]))
        assert (await drive("/_state"))["resumed"] == 1

        await drive("/_faults", fault={"status": 403, "code": 50013}, call="GET /users/*")
        with pytest.raises(discord.Forbidden):
            await bot.fetch_user(1)
        calls = await drive("/_calls")
        assert {"call": "GET /users/1", "status": 403}.items() <= calls[-1].items()
    finally:
        await bot.close()
        with suppress(asyncio.CancelledError):
            await running


async def _is(fact: object) -> object:
    return fact


async def test_mistakes_are_told(base: str) -> None:
    root = base.removesuffix("/api/v10")
    async with aiohttp.ClientSession() as client:
        for path, asked in (
            ("/_slash", {"name": "nothing"}),
            ("/_slash", {"guild": 9, "name": "hello"}),
            ("/_faults", {"fault": {"colour": 1}}),
            ("/_gateway", {"do": "dance"}),
        ):
            async with client.post(root + path, json=asked) as answer:
                assert answer.status == 400, path
                assert await answer.text()

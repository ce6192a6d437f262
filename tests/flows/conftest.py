"""The whole bot on a simulated Discord, with a real provider server and a real database."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from blockbuster import blockbuster_ctx
from dbos import DBOS
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import to_discord_message

from bot.clock import Clock
from bot.compose import Easel, opened
from bot.config import Config, load
from bot.domain.ids import JobId
from bot.domain.invalid import Invalid
from bot.domain.jobs import ENDED, State
from bot.errors import EaselError
from bot.standins.cdn import CdnServer
from bot.standins.provider import ProviderServer
from bot.storage import audit, jobs, turns
from bot.storage.schema import migrate
from tests.flows.reading import texts_of
from tests.flows.trouble import KEY, Trouble
from tests.openapi import Contract

PICTURES = Path(__file__).parents[3] / "shared" / "pictures"
WAIT_S = 20.0


OPENING = (
    ("bot/jobs.py", "open"),  # the engine makes its tables, in the loop that it then uses
    ("bot/storage/database.py", "open"),
    ("bot/storage/database.py", "_close"),
    ("bot/storage/schema.py", "_upgrade"),  # reads the migrations
    ("bot/storage/engines.py", "_sqlite"),
    ("bot/providers/registry.py", "load_catalogue"),
    ("bot/client.py", "_sync_changed"),
    ("tests/flows/test_trouble_storage.py", "listen"),  # troublemakers of the tests' own
    ("tests/flows/test_trouble_restart.py", "stop_writing"),
    ("tests/flows/test_trouble_untold.py", "stop_writing"),
)


@dataclass
class World:
    """One test's Discord, provider and bot."""

    env: simcord.Env
    easel: Easel
    provider: ProviderServer
    cdn: CdnServer
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    bob: MemberActor
    mod: MemberActor
    config: Config
    running: AsyncExitStack
    clock: Clock | None
    ends: asyncio.Queue[tuple[JobId, State]] = field(
        default_factory=asyncio.Queue[tuple[JobId, State]]
    )

    def listen(self) -> None:
        """Note every job's end."""

        def note(job_id: JobId, state: State) -> None:
            if state in ENDED:
                self.ends.put_nowait((job_id, state))

        self.easel.stages.listeners.append(note)

    async def ended(self) -> tuple[JobId, State]:
        """Wait for the next job to end and to be shown."""
        async with asyncio.timeout(WAIT_S):
            end = await self.ends.get()
        await self.env.settle()
        return end

    async def drawn(self) -> discord.Message:
        """Wait for the next picture; give the message it is in."""
        job_id, state = await self.ended()
        assert state is State.SETTLED, (state, self.said())
        async with self.easel.database.reading() as conn:
            turn = await turns.get(conn, job_id)
        assert turn is not None
        return self.message(turn.message_id)

    def messages(self, channel: ChannelHandle | None = None) -> list[dict[str, Any]]:
        """Every message of a channel, as Discord has it, ephemeral ones too."""
        stored = self.env.backend.messages[(channel or self.channel).id].values()
        return [dict(serializers.message_payload(self.env.backend, one)) for one in stored]

    def message(self, message_id: int) -> discord.Message:
        """A message by its id, as the bot's own discord.py reads it."""
        for channel in self.env.backend.messages.values():
            if message_id in channel:
                return to_discord_message(self.env, channel[message_id])
        raise AssertionError(f"no message {message_id}")

    def said(self, channel: ChannelHandle | None = None) -> list[str]:
        """The texts of the bot's messages, in order."""
        bot_id = str(self.env.backend.bot_user.id)
        return [
            " ".join(texts_of(message["components"])) or message["content"]
            for message in self.messages(channel)
            if message["author"]["id"] == bot_id
        ]

    async def bytes_of(self, message: discord.Message) -> bytes:
        """The bytes of a message's picture."""
        data = self.env.backend.cdn.get(message.attachments[0].url)
        assert data is not None
        return data

    async def row(self, job_id: JobId) -> Any:
        """A job's row."""
        async with self.easel.database.reading() as conn:
            return await jobs.get(conn, job_id)

    async def row_of(self, message: discord.Message) -> Any:
        """The row of the job whose picture a message shows."""
        async with self.easel.database.reading() as conn:
            turn = await turns.by_message(conn, message.id)
        assert turn is not None
        return await self.row(turn.id)

    async def restart(self) -> None:
        """Close the bot and start another on the same data."""
        await self.easel.bot.close()
        await self.running.aclose()
        self.easel = await self.running.enter_async_context(opened(self.config, clock=self.clock))
        self.listen()
        await self.env.restart_bot(self.easel.bot)


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first start leaves it; to copy it takes less time than to make it."""
    path = tmp_path_factory.mktemp("new") / "easel.db"
    url = f"sqlite:///{path}"
    asyncio.run(migrate(url))
    DBOS.migrate(url)
    return path


@pytest.fixture(autouse=True)
def a_lively_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its threads look often, so that the end of a test waits for none of them."""
    monkeypatch.setattr("bot.jobs.POLL_S", 0.1)
    monkeypatch.setattr("bot.jobs.REST_S", 0.05)


@pytest.fixture(autouse=True)
def an_impatient_fetcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that cannot be fetched is given up after two seconds."""
    monkeypatch.setattr("bot.providers.fetch.RESULT_ATTEMPTS", 4)


@pytest.fixture
def settings(tmp_path: Path, new_database: Path) -> dict[str, str]:
    """Settings of the test's bot; a test may change them before it asks for `world`."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)  # a test may have put a small disk there
    shutil.copy(new_database, data)
    return {"EASEL_DATA_DIR": str(data), "EASEL_API_KEY": KEY}


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> Generator[None]:
    """A call that blocks the event loop fails the test. Opening and closing may."""
    with blockbuster_ctx(["bot", "cogs"]) as found:
        for function in found.functions.values():
            for opening in OPENING:
                function.can_block_in(*opening)
        yield


@pytest.fixture
def clock() -> Clock | None:
    """The bot's clock; a test that needs another time overrides this."""
    return None


@pytest.fixture
def build(
    settings: dict[str, str], clock: Clock | None
) -> Callable[[], AbstractAsyncContextManager[World]]:
    """Makes worlds; all of them are closed, audited and checked against Discord's contract."""

    @asynccontextmanager
    async def made() -> AsyncGenerator[World]:
        async with AsyncExitStack() as stack:
            provider = await stack.enter_async_context(
                ProviderServer(key=settings["EASEL_API_KEY"])
            )
            cdn = await stack.enter_async_context(CdnServer())
            config = load(
                {
                    "EASEL_API_BASE": provider.base,
                    "EASEL_ALLOWED_HOSTS": f"{provider.file_host} {cdn.host}",
                    **settings,
                },
                None,
            )
            running = await stack.enter_async_context(AsyncExitStack())
            easel = await running.enter_async_context(opened(config, clock=clock))
            env = simcord.Env(easel.bot)
            await env.start()
            stack.push_async_callback(env.shutdown)
            cdn.serve(env)
            guild = env.create_guild("Harbour")
            channel = guild.create_text_channel("art")
            mods = guild.create_role(
                "mods", permissions=discord.Permissions(manage_messages=True, manage_guild=True)
            )
            world = World(
                env,
                easel,
                provider,
                cdn,
                guild,
                channel,
                guild.add_member(env.create_user("alice")),
                guild.add_member(env.create_user("bob")),
                guild.add_member(env.create_user("mod"), roles=[mods]),
                config,
                running,
                clock,
            )
            world.listen()
            yield world
            await world.easel.bot.close()
            assert [error for error in map(_root, env.errors) if _unforeseen(error)] == []
            async with world.easel.database.reading() as conn:
                assert await audit.audit(conn) == []
            Contract.load_or_skip().check(env.http_requests)
            _no_pings(env.http_requests)

    return made


@pytest.fixture
async def world(
    build: Callable[[], AbstractAsyncContextManager[World]],
) -> AsyncGenerator[World]:
    """A Discord with one guild, a channel, two members and a moderator, and the bot in it."""
    async with build() as made:
        yield made


@pytest.fixture
def trouble(world: World, caplog: pytest.LogCaptureFixture) -> Trouble:
    """What the tests of things that go wrong have in common."""
    for name in (None, "bot", "cogs"):
        caplog.set_level(logging.INFO, name)
    return Trouble(world, caplog)


def _root(error: BaseException) -> BaseException:
    """What a command's handler raised."""
    return error.original if isinstance(error, discord.app_commands.CommandInvokeError) else error


def _unforeseen(error: BaseException) -> bool:
    """Errors that people are told about on purpose are no fault of the bot."""
    return not isinstance(error, EaselError | Invalid)


def _no_pings(requests: list[Any]) -> None:
    """No message of the bot ever pings anybody."""
    for request in requests:
        body: Any = request.json
        if not isinstance(body, dict) or request.method not in ("POST", "PATCH"):
            continue
        for message in (body, body.get("data") or {}):
            if "custom_id" not in message and ("components" in message or "content" in message):
                mentions = message.get("allowed_mentions")
                assert mentions is not None, json.dumps(message)[:300]
                assert not mentions.get("parse"), mentions
                assert not mentions.get("users"), mentions
                assert not mentions.get("roles"), mentions
                assert mentions.get("replied_user") is not True, mentions

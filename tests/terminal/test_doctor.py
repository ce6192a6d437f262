"""`easel doctor` on settings, folders, database, Discord and clock."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from discord.http import Route

from bot.config import Config
from bot.errors import ConfigError
from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer
from bot.storage import engines
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.terminal.checks import machine
from tests.terminal.examined import MESSAGE_CONTENT, TOKEN, discord, examine
from tests.terminal.settings import KEY, settings


@pytest.fixture(autouse=True)
def base_of_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # and back again after the test


@asynccontextmanager
async def all_well(folder: Path, **more: str) -> AsyncGenerator[Config]:
    async with ProviderServer(key=KEY) as server, discord() as front:
        usual = {"DISCORD_TOKEN": TOKEN, "EASEL_DISCORD_API": front.url}
        yield settings(server, folder, **usual | more)


async def test_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with all_well(tmp_path) as config:
        report = await examine(capsys, config)
    assert report.well, report.text
    assert report.troubles == {}
    assert list(report.lines) == [
        "settings",
        "data folder",
        "disk",
        "database",
        "discord",
        "intents",
        "clock",
        "302ai key",
        "302ai model",
        "302ai balance",
        "route chat",
        "route gemini-chat",
    ]
    assert "Easel of the guild" in report.said("discord")
    assert not (tmp_path / "data").exists(), "it looks, and makes nothing"


async def test_without_settings_nothing_else_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = await examine(capsys, ConfigError("EASEL_CONCURRENCY: must be greater than 0."))
    assert report.troubles == {"settings": "fail", "the rest": "warn"}


@pytest.mark.parametrize(
    ("more", "level", "phrase"),
    [
        ({"EASEL_ROUTES": "chaat"}, "fail", "did you mean chat"),
        ({"EASEL_ROUTES": "chat google"}, "fail", "EASEL_GOOGLE_KEY"),
        ({"EASEL_ROUTES": "gemini-image"}, "warn", "changes pictures"),
        ({"EASEL_CATALOGUE": "/nonexistent.toml"}, "fail", "cannot be read"),
    ],
)
async def test_settings(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: dict[str, str],
    level: str,
    phrase: str,
) -> None:
    async with all_well(tmp_path, **more) as config:
        report = await examine(capsys, config)
    assert report.level("settings") == level
    assert phrase in report.said("settings")
    if "EASEL_CATALOGUE" not in more:
        assert report.level("discord") == "ok", "the other checks go on"


async def test_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("")
    async with all_well(tmp_path) as config:
        report = await examine(capsys, config)
    assert report.level("data folder") == "fail"
    assert "not a folder" in report.said("data folder")


@pytest.mark.parametrize(("room", "level"), [(10**12, "fail"), (10**8, "warn")])
async def test_disk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    level: str,
) -> None:
    # No disk can be filled here: what counts as little is changed instead.
    monkeypatch.setattr(machine, "TOO_LITTLE_BYTES", room if level == "fail" else 1)
    monkeypatch.setattr(machine, "LITTLE_BYTES", 10**18)
    async with all_well(tmp_path) as config:
        report = await examine(capsys, config)
    assert report.troubles == {"disk": level}


async def test_database_beside_a_running_bot(
    tmp_path: Path, database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    writing = database.transaction()  # its lock is held, too
    async with all_well(tmp_path, EASEL_DATABASE_URL=database_url) as config, writing:
        report = await examine(capsys, config)
    assert report.troubles == {}
    assert "up to date" in report.said("database")


async def test_database_that_is_old(
    tmp_path: Path, empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "sqlite" in empty_url:
        sqlite3.connect(empty_url.removeprefix("sqlite:///")).execute(
            "CREATE TABLE something (id)"
        ).connection.close()
    async with all_well(tmp_path, EASEL_DATABASE_URL=empty_url) as config:
        report = await examine(capsys, config)
        assert report.troubles == {"database": "warn"}
        assert "0001" in report.said("database")
        await migrate(empty_url)
        assert (await examine(capsys, config)).troubles == {}


async def test_database_of_a_newer_easel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.db"
    await migrate(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    async with all_well(tmp_path, EASEL_DATABASE_URL=f"sqlite:///{file}") as config:
        report = await examine(capsys, config)
    assert report.troubles == {"database": "fail"}
    assert "newer" in report.said("database")


@pytest.mark.parametrize("url", ["sqlite", "postgresql+psycopg://easel:p%40ss@127.0.0.1:1/easel"])
async def test_database_that_does_not_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    if url == "sqlite":
        (tmp_path / "broken.db").write_bytes(b"no database" * 100)
        url = f"sqlite:///{tmp_path / 'broken.db'}"
    async with all_well(tmp_path, EASEL_DATABASE_URL=url) as config:
        report = await examine(capsys, config)
    assert report.troubles == {"database": "fail"}
    assert "p%40ss" not in report.text
    assert "p@ss" not in report.text


async def test_token_at_the_stand_in_discord(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with DiscordServer(token=TOKEN) as server:
        more = {"EASEL_DISCORD_API": server.api_base, "EASEL_MESSAGE_CONTENT": "false"}
        async with all_well(tmp_path, **more) as config:
            report = await examine(capsys, config)
        assert report.troubles == {}
        server.rest._token = "another"
        async with all_well(tmp_path, **more) as config:
            report = await examine(capsys, config)
    assert report.troubles == {"discord": "fail"}
    assert "does not accept DISCORD_TOKEN" in report.said("discord")
    assert TOKEN not in report.text


async def test_without_a_token_the_rest_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_well(tmp_path, DISCORD_TOKEN="") as config:
        report = await examine(capsys, config)
    assert report.troubles == {"discord": "fail"}
    assert report.level("clock") == "ok", "the provider has a clock, too"


@pytest.mark.parametrize(
    ("flags", "wanted", "level"),
    [
        (MESSAGE_CONTENT, "true", "ok"),
        (MESSAGE_CONTENT << 1, "true", "ok"),  # limited: of a bot in few servers
        (0, "true", "fail"),
        (0, "false", "ok"),
    ],
)
async def test_intents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: int, wanted: str, level: str
) -> None:
    async with discord(flags=flags) as front:
        more = {"EASEL_DISCORD_API": front.url, "EASEL_MESSAGE_CONTENT": wanted}
        async with all_well(tmp_path, **more) as config:
            report = await examine(capsys, config)
    assert report.level("intents") == level


async def test_interactions_that_go_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        discord(interactions_endpoint_url="https://example.com/") as front,
        all_well(tmp_path, EASEL_DISCORD_API=front.url) as config,
    ):
        report = await examine(capsys, config)
    assert report.troubles == {"interactions": "fail"}


@pytest.mark.parametrize(
    ("ahead_s", "level"),
    [(0.0, "ok"), (-30.0, "ok"), (30.0, "fail"), (90.0, "fail"), (-90.0, "fail")],
)
async def test_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ahead_s: float, level: str
) -> None:
    async with (
        discord(ahead_s=ahead_s) as front,
        all_well(tmp_path, EASEL_DISCORD_API=front.url) as config,
    ):
        report = await examine(capsys, config)
    assert report.level("clock") == level


@asynccontextmanager
async def silence() -> AsyncGenerator[str]:
    """The address of a server that takes connections and never says a word."""

    lines: list[asyncio.BaseTransport] = []

    class Mute(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            lines.append(transport)

    server = await asyncio.get_running_loop().create_server(Mute, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"
    for one in lines:
        one.close()
    await asyncio.sleep(0)  # they close in the loop's next turn


async def test_nobody_who_is_silent_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "CONNECT_TIMEOUT_S", 2)  # the least that PostgreSQL's takes
    async with silence() as address:
        more = {
            "EASEL_API_BASE": f"http://{address}",
            "EASEL_DISCORD_API": f"http://{address}",
            "EASEL_OPENAI_BASE": f"http://{address}",
            "EASEL_ROUTES": "chat openai-compatible",
            "EASEL_DATABASE_URL": f"postgresql+psycopg://{address}/easel",
        }
        async with all_well(tmp_path, **more) as config:
            began = time.monotonic()
            report = await examine(capsys, config, timeout_s=0.3)
            took_s = time.monotonic() - began
    # A connection to PostgreSQL that was begun is not cut short; it ends by itself.
    assert took_s < 8
    silent_ones = {"database", "discord", "302ai key", "openai-compatible key"}
    assert {name for name in silent_ones if report.level(name) == "fail"} == silent_ones
    assert report.level("clock") == "warn"
    assert report.level("settings") == "ok"

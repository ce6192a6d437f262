from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.config import load
from bot.domain.jobs import State
from bot.errors import ConfigError
from bot.storage import jobs
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.terminal import past, routes
from tests.storage.samples import job, stored


def rows(text: str) -> dict[str, str]:
    """The table's lines by the route's name; what continues a cell is left out."""
    found: dict[str, str] = {}
    for line in text.splitlines()[2:]:
        words = line.split()
        name = words[1] if words and words[0].isdigit() else words[0] if words else ""
        found.setdefault(name, " ".join(words))
    return found


async def show(**environ: str) -> None:
    await routes.show(load(environ, None))


async def test_every_route_with_what_it_can_and_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await show(
        EASEL_API_KEY="k", EASEL_ROUTES="original-image chat", EASEL_DATA_DIR=str(tmp_path / "d")
    )
    told = capsys.readouterr()
    table = rows(told.out)
    assert len([name for name in table if name]) == 14
    assert "async-result" not in table
    model = "gemini-2.5-flash-image"
    assert table["original-image"] == f"1 original-image {model} draw aspectRatio $0.0388 open"
    assert table["chat"] == f"2 chat {model} draw, edit 3: inline, url in words $0.0388 open"
    assert table["per-call-edit"].endswith("edit 3: upload, url in words $0.0500 open")
    assert table["gemini-chat"].endswith("words 3: inline, url $0.0167 open")
    assert table["google"].endswith("needs EASEL_GOOGLE_KEY")
    assert "21:9" in told.err
    assert os.listdir(tmp_path) == [], "looking makes no database"  # noqa: PTH208 -- the lint of async code refuses pathlib's


async def test_order_is_that_of_the_prices(capsys: pytest.CaptureFixture[str]) -> None:
    await show(EASEL_API_KEY="k", EASEL_ROUTES="cheapest", EASEL_DATA_DIR="/nonexistent")
    table = rows(capsys.readouterr().out)
    assert next(iter(table)) == "chat"
    assert table["gemini-chat"].startswith("gemini-chat"), "it draws nothing"
    assert int(table["per-call-image"].split()[0]) > int(table["chat"].split()[0])


@pytest.mark.parametrize(
    ("environ", "phrase"),
    [
        ({}, "EASEL_API_KEY"),
        ({"EASEL_API_KEY": "k", "EASEL_ROUTES": "chat cheapest"}, "cheapest"),
        ({"EASEL_API_KEY": "k", "EASEL_ROUTES": "chaat"}, "did you mean chat"),
    ],
)
async def test_the_table_is_there_when_the_setting_is_wrong(
    capsys: pytest.CaptureFixture[str], environ: dict[str, str], phrase: str
) -> None:
    with pytest.raises(ConfigError, match=phrase):
        await show(EASEL_DATA_DIR="/nonexistent", **environ)
    assert "gemini-chat" in rows(capsys.readouterr().out)


async def test_what_the_database_tells(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.transaction() as conn:
        for number, state in enumerate([State.FAILED, State.SETTLED, State.SETTLED], 1):
            row = job(number, route="chat", state=state, took_s=8.25 * number, picture=stored())
            await jobs.insert(conn, row)
        await jobs.insert(
            conn, job(9, route="original-image", state=State.UNKNOWN, error_key="outcome_unknown")
        )
    environ = {"EASEL_API_KEY": "k", "EASEL_DATABASE_URL": database_url}
    # The database stays open, with its lock: so it is beside a running bot.
    await show(EASEL_ROUTES="fastest", **environ)
    table = rows(capsys.readouterr().out)
    assert table["chat"].endswith("$0.0388 20.6 s, 2 of 3 open")
    assert "0 of 1, newest:" in table["original-image"]
    config = load({**environ, "EASEL_ROUTES": "fastest"}, None)
    assert await past.speeds(config, ("fastest",)) == {"chat": 20.625}
    assert await past.speeds(config, ("chat",)) == {}


async def test_a_database_that_cannot_be_read_is_no_obstacle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "easel.db").write_bytes(b"no database" * 100)
    await show(EASEL_API_KEY="k", EASEL_DATA_DIR=str(tmp_path))
    assert rows(capsys.readouterr().out)["chat"].endswith("open")
    empty = f"sqlite:///{tmp_path / 'old.db'}"
    await migrate(empty)
    await show(EASEL_API_KEY="k", EASEL_DATABASE_URL=empty)

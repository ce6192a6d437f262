"""The command as a process: what it prints, and its exit status."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
KEY = "k-12345678"
TOKEN = "MTA5.of-discord"
HEAVY = ("aiohttp", "alembic", "dbos", "discord", "PIL", "sqlalchemy")
COMMANDS = sorted(
    command.name or command.callback.__name__
    for command in app.registered_commands
    if command.callback is not None
)


async def start(folder: Path, *arguments: str, **environ: str) -> Process:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "DISCORD_"))}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *(arguments if arguments[0] == "-c" else ("-m", "bot", *arguments)),
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def easel(folder: Path, *arguments: str, **environ: str) -> tuple[int | None, str, str]:
    process = await start(folder, *arguments, **environ)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


def provider(server: ProviderServer) -> dict[str, str]:
    return {
        "EASEL_API_BASE": server.base,
        "EASEL_API_KEY": KEY,
        "EASEL_ALLOWED_HOSTS": server.file_host,
    }


def test_commands_are_all_there() -> None:
    assert {"run", "demo", "draw", "describe", "routes", "doctor", "migrate"} <= set(COMMANDS)


def test_readme_has_every_command_and_option() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `easel ")]
    group: Any = typer.main.get_command(app)  # whose click it is depends on typer's version
    for name, command in group.commands.items():
        options = [one.opts[0] for one in command.params if one.param_type_name == "option"]
        assert any(
            row.startswith(f"| `easel {name}") and all(f"`{option}`" in row for option in options)
            for row in rows
        ), f"README has no row for easel {name} with {options}"


async def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import json, sys\n"
        "from bot.cli import main\n"
        "sys.argv = ['easel', *sys.argv[1:], '--help']\n"
        "try:\n    main()\n"
        f"finally:\n    sys.stderr.write(json.dumps([m for m in {HEAVY} if m in sys.modules]))\n"
    )
    runs = [[], *([command] for command in COMMANDS)]
    answers = await asyncio.gather(*(easel(tmp_path, "-c", program, *run) for run in runs))
    for (status, out, err), run in zip(answers, runs, strict=True):
        assert status == 0, err
        assert "Usage: easel" in out
        assert json.loads(err) == [], f"easel {run} --help"
    assert all(command in answers[0][1] for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "environ", "phrase"),
    [
        (["run"], {}, "DISCORD_TOKEN"),
        (["run"], {"DISCORD_TOKEN": KEY}, "EASEL_API_KEY"),
        (["run"], {"EASEL_MODLE": KEY}, "EASEL_MODEL"),
        (["draw", "x", "-o", "x.png"], {}, "EASEL_API_KEY"),
        (["draw", "x", "-o", "x.png", "--route", "google"], {}, "EASEL_GOOGLE_KEY"),
        (["draw", "x", "-o", "x.png"], {"EASEL_CATALOGUE": "none.toml"}, "none.toml"),
        (["describe", "x.png"], {}, "EASEL_API_KEY"),
        (["migrate"], {"EASEL_DATABASE_URL": f"mysql://a:{KEY}@b/c"}, "EASEL_DATABASE_URL"),
    ],
)
async def test_setting_that_is_missing_or_wrong_is_one_sentence(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], phrase: str
) -> None:
    status, out, err = await easel(tmp_path, *arguments, **environ)
    assert status == 2
    assert out == ""
    assert phrase in err
    assert err.count("\n") == 1
    assert KEY not in err


async def test_setting_comes_from_the_file_beside(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EASEL_NONSENSE=1\n")
    status, _, err = await easel(tmp_path, "migrate")
    assert (status, "EASEL_NONSENSE" in err) == (2, True)


async def test_migrate_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    for phrase in ("0001", "nothing"):
        status, out, err = await easel(tmp_path, "migrate", EASEL_DATA_DIR="kept")
        assert status == 0, err
        assert out.startswith(f"Applied: {phrase}")
    assert (tmp_path / "kept" / "easel.db").is_file()


async def test_draw_writes_the_file_and_tells_the_cost(tmp_path: Path) -> None:
    async with ProviderServer(key=KEY) as server:
        status, out, err = await easel(
            tmp_path, "draw", "a red kite", "--output", "out.png", **provider(server)
        )
        assert (status, out) == (0, ""), err
        assert (tmp_path / "out.png").read_bytes() == server.said[0].pictures[0].data
    assert "$0.0" in err
    assert "red kite" not in err
    assert err.count("\n") == 1


async def test_draw_that_fails_is_one_sentence(tmp_path: Path) -> None:
    async with ProviderServer(key="another") as server:
        status, out, err = await easel(
            tmp_path,
            "draw",
            "a red kite",
            "-o",
            "out.png",
            **provider(server),
        )
    assert (status, out) == (1, "")
    assert err.startswith("easel: The picture service does not accept this bot's key.")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["draw"],
        ["draw", "x"],
        ["draw", "x", "-o", "x.png", "--rout", "chat"],
        ["describe"],
        ["routes", "chat"],
        ["doctor", "--pay", "now"],
    ],
)
async def test_wrong_arguments_end_with_2(tmp_path: Path, arguments: list[str]) -> None:
    status, out, err = await easel(tmp_path, *arguments)
    assert (status, out) == (2, "")
    assert "Usage: easel" in err


async def test_describe_prints_lines_that_can_be_drawn(tmp_path: Path) -> None:
    async with ProviderServer(key=KEY) as server:
        settings = provider(server)
        await easel(tmp_path, "draw", "a red kite", "-o", "kite.png", **settings)
        status, out, err = await easel(tmp_path, "describe", "kite.png", **settings)
    assert status == 0, err
    assert len(out.splitlines()) == 4
    assert err.count("\n") == 1


async def test_routes_and_doctor_tell_by_their_status_what_is_wrong(tmp_path: Path) -> None:
    async with ProviderServer(key=KEY) as server, DiscordServer(token=TOKEN) as front:
        well = {
            **provider(server),
            "DISCORD_TOKEN": TOKEN,
            "EASEL_DISCORD_API": front.api_base,
            "EASEL_MESSAGE_CONTENT": "false",
        }
        answers = await asyncio.gather(
            easel(tmp_path, "routes", **well),
            easel(tmp_path, "doctor", **well),
            easel(tmp_path, "routes"),
            easel(tmp_path, "doctor", **{**well, "EASEL_API_KEY": "wrong-" + KEY}),
            easel(tmp_path, "doctor", **{**well, "EASEL_MODLE": "x"}),
        )
        assert server.billed_usd_micros == 0
    assert [status for status, _, _ in answers] == [0, 0, 2, 1, 1], answers
    (_, table, _), (_, sheet, silence), (_, shut, why), (_, refused, _), (_, unread, _) = answers
    assert "gemini-chat" in table
    assert "gemini-chat" in shut
    assert "EASEL_API_KEY" in why
    assert {line[:4] for line in sheet.splitlines()} == {"ok  "}
    assert silence == ""
    assert "fail 302ai key" in refused
    assert "did you mean EASEL_MODEL?" in unread
    assert not any(secret in str(answers) for secret in (KEY, TOKEN))


async def test_interrupt_is_quiet_and_leaves_nothing(tmp_path: Path) -> None:
    async with ProviderServer(delay_s=60) as server:
        process = await start(tmp_path, "draw", "x", "-o", "out.png", **provider(server))
        async with asyncio.timeout(30):
            while not server.calls:  # noqa: ASYNC110 -- the other end is a process
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 130
    assert (out, err) == (b"", b"")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- the lint of async code refuses pathlib's


async def test_unforeseen_error_shows_no_secret(tmp_path: Path) -> None:
    program = (
        "import bot.terminal.drawing\n"
        "def fail(*_):\n"
        "    raise RuntimeError('it was ' + __import__('os').environ['EASEL_API_KEY'])\n"
        "bot.terminal.drawing.draw = fail\n"
        "from bot.cli import main\n"
        "main()\n"
    )
    arguments = ("draw", "x", "-o", "x.png")
    status, _, err = await easel(tmp_path, "-c", program, *arguments, EASEL_API_KEY=KEY)
    assert status == 1
    assert "RuntimeError: it was [secret]" in err
    assert KEY not in err

"""`easel doctor` in a test: its findings by name, and a small Discord."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.config import Config
from bot.errors import ConfigError
from bot.terminal.doctor import NAME_WIDTH, doctor
from tests.providers.serving import Server, serving

TOKEN = "MTA5.of-discord.secret"
MESSAGE_CONTENT = 1 << 18


@dataclass
class Report:
    """What was printed: the level and the text of each line, by its name."""

    well: bool
    text: str
    lines: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    def __post_init__(self) -> None:
        for line in self.text.splitlines():
            level, rest = line[:4].strip(), line[5:]
            name = rest[:NAME_WIDTH].strip()
            assert name not in self.lines
            self.lines[name] = (level, rest[NAME_WIDTH + 1 :])

    def level(self, name: str) -> str:
        return self.lines[name][0]

    def said(self, name: str) -> str:
        return self.lines[name][1]

    @property
    def troubles(self) -> dict[str, str]:
        """The levels of the lines that are not well."""
        return {name: level for name, (level, _) in self.lines.items() if level != "ok"}


async def examine(
    capsys: pytest.CaptureFixture[str], config: Config | ConfigError, **more: Any
) -> Report:
    """Run it and read what it printed. What it said of a failure has something to do, too."""
    well = await doctor(config, **more)
    report = Report(well, capsys.readouterr().out)
    assert well == ("fail" not in report.troubles.values())
    assert all(" → " in text for level, text in report.lines.values() if level == "fail")
    return report


@asynccontextmanager
async def discord(
    *, flags: int = MESSAGE_CONTENT, ahead_s: float = 0.0, **application: Any
) -> AsyncGenerator[Server]:
    """A Discord that knows one token; `ahead_s` is by how much our clock is ahead of its."""

    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        when = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ahead_s)
        headers = {"Date": email.utils.format_datetime(when, usegmt=True)}
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            body: dict[str, Any] = {"message": "401: Unauthorized", "code": 0}
            return _json(body, headers, 401)
        me = {"id": "1", "username": "easel", "discriminator": "0", "avatar": None}
        if request.path.endswith("/users/@me"):
            return _json(me, headers)
        body = {
            "id": "1",
            "name": "Easel of the guild",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": me,
            "flags": flags,
            **application,
        }
        return _json(body, headers)

    async with serving(answer) as server:
        yield server


def _json(body: object, headers: dict[str, str], status: int = 200) -> web.Response:
    # discord.py reads JSON only where the type says so and nothing more.
    answer = web.json_response(body, status=status, headers=headers)
    answer.headers["Content-Type"] = "application/json"
    return answer

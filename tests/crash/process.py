"""Easel as its users run it: `python -m bot run` in a process that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Any

import psycopg

from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer
from tests.databases import driver_url

ROOT = Path(__file__).parents[2]
KEY = "key-of-the-stand-in"
READY_S = 30.0


class Bot:
    """The process. It is started, killed and started again on the same data."""

    def __init__(
        self, discord: DiscordServer, provider: ProviderServer, folder: Path, **settings: str
    ) -> None:
        self.log = folder / "easel.log"
        file = folder / "data" / "easel.db"
        self.database_url = settings.get("EASEL_DATABASE_URL", f"sqlite:///{file}")
        self.killed = 0
        """How many times so far."""
        self._seen = 0  # how often a bot had identified itself before this process began
        self._discord = discord
        self._process: Process | None = None
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "DISCORD_"))}
        self._environ = {
            **clean,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": discord.token,
            "EASEL_DISCORD_API": discord.api_base,
            "EASEL_API_BASE": provider.base,
            "EASEL_API_KEY": KEY,
            "EASEL_ALLOWED_HOSTS": f"{provider.file_host} {discord.cdn_host}",
            "EASEL_DATA_DIR": str(folder / "data"),
            "EASEL_PERSON_DAY": "1000",
            **settings,
        }
        self._folder = folder

    def setting(self, **settings: str) -> None:
        """Change settings for the next start."""
        self._environ |= settings

    async def launch(self) -> None:
        """Start the process; do not wait for it."""
        assert self._process is None, "it is running already"
        self._seen = self._discord.gateway.identified
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-W", "error::ResourceWarning", "-m", "bot", "run"),
                cwd=self._folder,
                env=self._environ,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until the launched process is on Discord."""
        assert self._process is not None
        process, seen = self._process, self._seen
        await self._discord.until(
            lambda: self._discord.gateway.identified > seen or process.returncode is not None,
            READY_S,
        )
        assert process.returncode is None, self.tail()

    async def start(self) -> float:
        """Start the process and wait until it is on Discord; returns the seconds it took."""
        began = time.monotonic()
        await self.launch()
        await self.ready()
        return time.monotonic() - began

    async def kill(self) -> None:
        """SIGKILL: nothing more is written, flushed or said."""
        self.killed += 1
        await self._end(signal.SIGKILL)

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; returns the exit status and how many seconds it took."""
        began = time.monotonic()
        status = await self._end(signal.SIGTERM)
        return status, time.monotonic() - began

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        status = await asyncio.wait_for(self._process.wait(), 60)
        self._process = None
        return status

    def another(self) -> Bot:
        """One more process with the same settings and data."""
        made = copy.copy(self)
        made._process = None
        return made

    async def over(self) -> int:
        """Wait until it ends by itself; returns the exit status."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), READY_S)

    async def close(self) -> None:
        """End it, if a test has failed in the middle."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def states(self) -> dict[str, str]:
        """Every job's state, read beside the running process."""
        return self._column("state")

    def request_ids(self) -> dict[str, str]:
        """The provider's id of each job's call, where it is known."""
        return self._column("request_id")

    def _column(self, name: str) -> dict[str, str]:
        try:
            with contextlib.closing(self._reader()) as reader:
                rows = reader.execute(f"SELECT id, {name} FROM jobs")  # noqa: S608 -- our names
                return dict(rows.fetchall())
        except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
            return {}  # the first start has not made the tables yet

    def _reader(self) -> Any:
        if self.database_url.startswith("postgresql"):
            return psycopg.connect(driver_url(self.database_url))
        file = self.database_url.removeprefix("sqlite:///")
        return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)

    def tail(self) -> str:
        """The end of the log, for a failed assertion."""
        return self.log.read_text(errors="replace")[-6000:]

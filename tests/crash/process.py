"""Easel as its users run it: `python -m bot run` in a process that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer

ROOT = Path(__file__).parents[2]
KEY = "key-of-the-stand-in"
READY_S = 30.0


class Bot:
    """The process. It is started, killed and started again on the same data."""

    def __init__(
        self, discord: DiscordServer, provider: ProviderServer, folder: Path, **settings: str
    ) -> None:
        self.log = folder / "easel.log"
        self.database = folder / "data" / "easel.db"
        self.starts = 0
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

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    async def launch(self) -> None:
        """Start the process; do not wait for it."""
        assert self._process is None, "it is running already"
        self.starts += 1
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

    async def start(self) -> float:
        """Start the process and wait until it is on Discord; returns the seconds it took."""
        began, before = time.monotonic(), self._discord.gateway.identified
        await self.launch()
        assert self._process is not None
        process = self._process
        await self._discord.until(
            lambda: self._discord.gateway.identified > before or process.returncode is not None,
            READY_S,
        )
        assert process.returncode is None, self.tail()
        return time.monotonic() - began

    async def kill(self) -> None:
        """SIGKILL: nothing more is written, flushed or said."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; returns the exit status and how many seconds it took."""
        began = time.monotonic()
        status = await self._end(signal.SIGTERM)
        return status, time.monotonic() - began

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return await asyncio.wait_for(process.wait(), 60)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise

    async def close(self) -> None:
        """End it, if a test has failed in the middle."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def states(self) -> dict[str, str]:
        """Every job's state, read beside the running process."""
        if not self.database.exists():
            return {}
        reader = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)
        try:
            return dict(reader.execute("SELECT id, state FROM jobs"))
        except sqlite3.OperationalError:
            return {}  # the first start has not made the tables yet
        finally:
            reader.close()

    def tail(self) -> str:
        """The end of the log, for a failed assertion."""
        return self.log.read_text(errors="replace")[-6000:]

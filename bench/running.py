"""A bot between a stand-in Discord and a stand-in provider, each a process of its own.

Times are the stand-in Discord's stamps: seconds of the monotonic clock, which on Linux all
processes share.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parent.parent
BOTS = {"floor": (str(ROOT / "bench" / "floor.py"),), "easel": ("-m", "bot", "run")}
START_S = 60.0
POLL_S = 0.3


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an interaction was sent, acknowledged and answered with a picture; 0.0 is «not yet»."""

    sent_s: float
    acked_s: float
    posted_s: float


@dataclass
class Bench:
    """The stand-ins, and the bot once it is launched."""

    session: aiohttp.ClientSession
    discord: str
    provider: str
    folder: Path
    environ: dict[str, str]
    guilds: int
    members: int
    standins: list[psutil.Process]
    _process: Process | None = field(default=None, repr=False)
    _seen: int = 0

    # ---- the bot's process

    async def launch(self, bot: str) -> None:
        """Start the bot; do not wait for it."""
        self._seen = (await self.get("/_state"))["identified"]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *BOTS[bot], env=self.environ, cwd=self.folder, stdin=DEVNULL
        )

    async def ready(self) -> None:
        """Wait until the bot is on Discord with its commands. Raises TimeoutError."""
        assert self._process is not None
        async with asyncio.timeout(START_S):
            while True:
                state = await self.get("/_state")
                if state["identified"] > self._seen and state["connected"] and state["commands"]:
                    return
                if self._process.returncode is not None:
                    raise RuntimeError(f"the bot ended with status {self._process.returncode}")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End the bot at once: its data is thrown away, or it is to be started anew."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def process(self) -> psutil.Process:
        """The running bot."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def accepted(self) -> int:
        """How many requests Easel has in its books."""
        file = f"file:{self.folder / 'easel.db'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=5)) as reader:
            return reader.execute("SELECT count(*) FROM jobs").fetchone()[0]

    # ---- people

    async def get(self, path: str) -> Any:
        """Ask the stand-in Discord."""
        async with self.session.get(self.discord + path) as answer:
            return await answer.json()

    async def takes(self, seconds: float) -> None:
        """How long a picture takes at the provider from now on."""
        async with self.session.post(
            self.provider + "/_settings", json={"delay_s": seconds}
        ) as answer:
            answer.raise_for_status()

    async def imagine(self, number: int, *, guild: int | None = None) -> str:
        """Use /imagine, each time another person's; returns the interaction's id."""
        home = number % self.guilds if guild is None else guild
        person = number // self.guilds if guild is None else number
        body = {
            "name": "imagine",
            "options": {"prompt": f"a red kite, number {number}"},
            "guild": home,
            "member": person % self.members,
        }
        async with self.session.post(self.discord + "/_slash", json=body) as answer:
            answer.raise_for_status()
            return (await answer.json())["interaction"]

    async def steadily(self, rate: float, seconds: float) -> list[str]:
        """Use /imagine at a steady rate, whether or not anybody answers."""
        start = time.monotonic()
        asking: list[asyncio.Task[str]] = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
            asking.append(asyncio.create_task(self.imagine(number)))
        return await asyncio.gather(*asking)

    async def stamps(self, wanted: Collection[str]) -> list[Stamp]:
        """What is known of these interactions."""
        return [
            Stamp(row["sent_s"], row["acked_s"], row["posted_s"])
            for row in await self.get("/_interactions")
            if row["id"] in wanted
        ]

    async def posted(self, wanted: Sequence[str], timeout_s: float) -> list[Stamp]:
        """Wait until all of these have their picture. Raises TimeoutError."""
        until = time.monotonic() + timeout_s
        while True:
            stamps = await self.stamps(set(wanted))
            missing = sum(not stamp.posted_s for stamp in stamps)
            if not missing:
                return stamps
            if time.monotonic() > until:
                raise TimeoutError(f"{missing} of {len(wanted)} pictures did not come")
            await asyncio.sleep(POLL_S)

    async def warm(self, provider_s: float) -> None:
        """Let the bot do everything once, then let pictures take that long."""
        await self.takes(0.1)
        await self.posted([await self.imagine(number) for number in range(8)], 60)
        await self.takes(provider_s)


def cpu_s(*processes: psutil.Process) -> float:
    """The processor time that these have used so far."""
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)

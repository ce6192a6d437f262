"""Easel beside the floor: the same requests, the same stand-ins, processes of their own.

    python bench/side_by_side.py [--runs 3] [--json FILE]

For each of the two bots and each run: a stand-in Discord, a stand-in provider, and the bot.
Times are the stand-in Discord's: from the moment an interaction was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parent.parent
PICTURE_BYTES = 1_500_000
PROVIDER_S = 5.0
BOTS = {"floor": [str(ROOT / "bench" / "floor.py")], "easel": ["-m", "bot", "run"]}


@dataclass
class Bench:
    """One bot between its two stand-ins."""

    discord: str
    session: aiohttp.ClientSession
    process: psutil.Process

    async def get(self, path: str) -> Any:
        async with self.session.get(self.discord + path) as answer:
            return await answer.json()

    async def imagine(self, number: int) -> str:
        body = {
            "name": "imagine",
            "options": {"prompt": f"a red kite, number {number}"},
            "guild": number % 10,
            "member": number // 10 % 10,
        }
        async with self.session.post(self.discord + "/_slash", json=body) as answer:
            answer.raise_for_status()
            return (await answer.json())["interaction"]

    async def posted(self, wanted: Sequence[str], timeout_s: float) -> dict[str, dict[str, float]]:
        """Wait until all of these interactions have their picture; their stamps."""
        until = time.monotonic() + timeout_s
        while True:
            stamps = {row["id"]: row for row in await self.get("/_interactions")}
            if all(stamps[one]["posted_s"] for one in wanted):
                return {one: stamps[one] for one in wanted}
            if time.monotonic() > until:
                missing = sum(not stamps[one]["posted_s"] for one in wanted)
                raise TimeoutError(f"{missing} of {len(wanted)} pictures did not come")
            await asyncio.sleep(0.3)


async def line_of(*command: str, env: dict[str, str] | None = None) -> tuple[Any, str]:
    """Start a process and wait for its first line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, env=env, cwd=ROOT
    )
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode().strip()


@asynccontextmanager
async def bench(bot: str, *, provider_s: float, concurrency: int) -> AsyncGenerator[Bench]:
    provider, base = await line_of(
        *("-m", "bot.standins.provider", "--delay", str(provider_s), "--key", "bench"),
        *("--shape", "markdown_data", "--picture-bytes", str(PICTURE_BYTES)),
    )
    front, api = await line_of(
        *("-m", "bot.standins.discord", "--guilds", "10", "--members", "10"),
        *("--token", "bench.token"),
    )
    with tempfile.TemporaryDirectory() as folder:
        host = base.removeprefix("http://")
        cdn = api.removeprefix("http://").partition("/")[0]
        env = {
            **os.environ,
            "DISCORD_TOKEN": "bench.token",
            "EASEL_API_KEY": "bench",
            "EASEL_API_BASE": base,
            "EASEL_DISCORD_API": api,
            "EASEL_ALLOWED_HOSTS": f"{host} {cdn}",
            "EASEL_DATA_DIR": folder,
            "EASEL_CONCURRENCY": str(concurrency),
            "EASEL_GUILD_DAY": "100000",
            "EASEL_GUILD_MONTH": "100000",
            "EASEL_PERSON_DAY": "100000",
            "EASEL_LOG_LEVEL": "WARNING",
        }
        running = await asyncio.create_subprocess_exec(
            sys.executable, *BOTS[bot], env=env, cwd=ROOT
        )
        try:
            async with aiohttp.ClientSession() as session:
                made = Bench(api.partition("/api")[0], session, psutil.Process(running.pid))
                until = time.monotonic() + 30
                while True:
                    state = await made.get("/_state")
                    if state["connected"] and state["commands"]:
                        break
                    if time.monotonic() > until:
                        raise TimeoutError(f"{bot} did not connect")
                    await asyncio.sleep(0.1)
                await asyncio.sleep(1.0)
                yield made
        finally:
            for process in (running, front, provider):
                if process.returncode is None:
                    process.terminate()
                    await process.wait()


def at(values: Sequence[float], share: float) -> float:
    """A percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def acknowledgement(bot: str) -> dict[str, float]:
    """How long the first answer takes, alone and with 200 at once."""
    async with bench(bot, provider_s=0.2, concurrency=50) as made:
        alone = [await made.imagine(number) for number in range(20)]
        await made.posted(alone, 60)
        slow: list[str] = []
        for number in range(20):
            slow.append(await made.imagine(number))
            await asyncio.sleep(0.15)
        stamps = await made.posted(slow, 60)
        one = [row["acked_s"] - row["sent_s"] for row in stamps.values()]
        crowd = await asyncio.gather(*(made.imagine(number) for number in range(200)))
        stamps = await made.posted(crowd, 240)
        many = [row["acked_s"] - row["sent_s"] for row in stamps.values()]
    return {
        "ack_alone_p50_ms": at(one, 0.5) * 1000,
        "ack_alone_p99_ms": at(one, 0.99) * 1000,
        "ack_200_p50_ms": at(many, 0.5) * 1000,
        "ack_200_p99_ms": at(many, 0.99) * 1000,
    }


async def steady(bot: str, *, rate: float, seconds: float) -> dict[str, float]:
    """Added time and processor time at a steady rate, with a provider of five seconds."""
    async with bench(bot, provider_s=PROVIDER_S, concurrency=200) as made:
        before = made.process.cpu_times()
        wanted: list[str] = []
        start = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
            wanted.append(await made.imagine(number))
        stamps = await made.posted(wanted, 120)
        after = made.process.cpu_times()
    added = [row["posted_s"] - row["sent_s"] - PROVIDER_S for row in stamps.values()]
    cpu_s = after.user + after.system - before.user - before.system
    return {
        "added_p50_ms": at(added, 0.5) * 1000,
        "added_p99_ms": at(added, 0.99) * 1000,
        "cpu_a_picture_ms": cpu_s / len(wanted) * 1000,
    }


async def memory(bot: str) -> dict[str, float]:
    """Idle memory, and the peak above it with 200 pictures in flight."""
    async with bench(bot, provider_s=PROVIDER_S, concurrency=200) as made:
        idle = made.process.memory_info().rss
        peak = idle
        crowd = await asyncio.gather(*(made.imagine(number) for number in range(200)))
        waiting = asyncio.create_task(made.posted(crowd, 240))
        while not waiting.done():
            peak = max(peak, made.process.memory_info().rss)
            await asyncio.sleep(0.02)
        await waiting
    return {"idle_mib": idle / 2**20, "peak_200_mib": (peak - idle) / 2**20}


async def measure(bot: str) -> dict[str, float]:
    return {
        **await acknowledgement(bot),
        **await steady(bot, rate=10, seconds=15),
        **await memory(bot),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    runs: dict[str, list[dict[str, float]]] = {bot: [] for bot in BOTS}
    for _ in range(options.runs):
        for bot in BOTS:
            runs[bot].append(await measure(bot))
    medians = {
        bot: {name: statistics.median(run[name] for run in found) for name in found[0]}
        for bot, found in runs.items()
    }
    print(f"{'':24}{'floor':>10}{'easel':>10}{'ratio':>8}")
    for name, floor in medians["floor"].items():
        easel = medians["easel"][name]
        print(f"{name:24}{floor:10.1f}{easel:10.1f}{easel / max(floor, 0.001):8.2f}")
    if options.json:
        options.json.write_text(json.dumps({"runs": runs, "medians": medians}, indent=1))


if __name__ == "__main__":
    asyncio.run(main())

"""What is measured of a bot. Each measure takes its name, and gives numbers by their names."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.rate import rate
from bench.running import ROOT, Bench, Stamp, cpu_s
from bench.scale import PROVIDER_S, Numbers, Scale, added_s, spread_ms
from bench.stage import running, standing

CROWD, QUEUE, GUILDS = 200, 500, 1000
WAIT_S = 240.0
REST_S = 3.0
MIB = 2**20


async def acknowledgement(bot: str, scale: Scale) -> Numbers:
    """How long the first answer takes, alone and with many at once."""
    async with running(bot) as made:
        await made.warm(0.05)
        alone: list[Stamp] = []
        for number in range(scale.alone):
            alone += await made.posted([await made.imagine(number)], WAIT_S)
        await made.takes(PROVIDER_S)
        crowd = await asyncio.gather(*(made.imagine(number) for number in range(CROWD)))
        many = await made.posted(crowd, WAIT_S)
    return {
        **spread_ms("ack_alone", [stamp.acked_s - stamp.sent_s for stamp in alone]),
        **spread_ms("ack_crowd", [stamp.acked_s - stamp.sent_s for stamp in many]),
    }


async def steady(bot: str, scale: Scale) -> Numbers:
    """Added time and processor time at ten requests a second."""
    async with running(bot) as made:
        await made.warm(PROVIDER_S)
        began, others = cpu_s(made.process), cpu_s(*made.standins)
        wanted = await made.steadily(10, scale.steady_s)
        stamps = await made.posted(wanted, WAIT_S)
        used, others = cpu_s(made.process) - began, cpu_s(*made.standins) - others
    return {
        **spread_ms("added", added_s(stamps)),
        "cpu_ms": used / len(wanted) * 1000,
        "standins_cpu_ms": others / len(wanted) * 1000,
    }


async def memory(bot: str, _scale: Scale) -> Numbers:
    """The peak above rest with many pictures in flight, as the kernel counts it."""
    async with running(bot) as made:
        await made.takes(PROVIDER_S)
        await asyncio.sleep(REST_S)
        folder = Path(f"/proc/{made.process.pid}")
        (folder / "clear_refs").write_text("5")  # forgets the peak of the start
        idle = made.process.memory_info().rss
        crowd = await asyncio.gather(*(made.imagine(number) for number in range(CROWD)))
        await made.posted(crowd, WAIT_S)
        lines = (folder / "status").read_text().splitlines()
    [peak_kib] = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return {"peak_mib": (peak_kib * 1024 - idle) / MIB}


async def start(bot: str, scale: Scale) -> Numbers:
    """From the process's start to its first answer, and what it needs while nobody asks."""
    async with standing(guilds=GUILDS, members=1) as made:
        took_s: list[float] = []
        for number in range(4):
            if number:
                await made.kill()
            took_s.append(await _started(made, bot))
        await asyncio.sleep(REST_S)
        began = cpu_s(made.process)
        await asyncio.sleep(scale.idle_s)
        return {
            "first_start_s": took_s[0],
            "start_s": statistics.median(took_s[1:]),
            "idle_mib": made.process.memory_info().rss / MIB,
            "idle_cpu_percent": (cpu_s(made.process) - began) / scale.idle_s * 100,
        }


async def _started(made: Bench, bot: str) -> float:
    began_s = time.monotonic()
    await made.launch(bot)
    await made.ready()
    # Its picture as well: the next start shall find nothing to go on with.
    [stamp] = await made.posted([await made.imagine(0)], WAIT_S)
    return stamp.acked_s - began_s


async def fairness(bot: str, _scale: Scale) -> Numbers:
    """How long a guild that asks for one picture waits, with and without a guild that floods."""
    if bot == "floor":
        return {}  # it draws everything at once
    async with standing(concurrency=8, guilds=2, members=100) as made:
        await made.launch(bot)
        await made.ready()
        await made.warm(1.0)
        alone = [await _waited(made, number) for number in range(5)]
        before = made.accepted()
        await asyncio.gather(*(made.imagine(number, guild=0) for number in range(QUEUE)))
        async with asyncio.timeout(60):
            while made.accepted() - before < QUEUE:  # noqa: ASYNC110 -- of another process
                await asyncio.sleep(0.2)
        beside = [await _waited(made, number) for number in range(10, 15)]
    return {"wait_alone_s": statistics.median(alone), "wait_beside_s": max(beside)}


async def _waited(made: Bench, member: int) -> float:
    asked = await made.imagine(member, guild=1)
    [stamp] = await made.posted([asked], WAIT_S)
    return stamp.posted_s - stamp.sent_s


async def loop(bot: str, _scale: Scale) -> Numbers:
    """How late the event loop is while twenty large pictures are cleaned: bench/media.py."""
    if bot == "floor":
        return {}  # it takes no pictures
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "bench" / "media.py"), stdout=PIPE, cwd=ROOT
    )
    said, _ = await process.communicate()
    return {"loop_p99_ms": json.loads(said)["delay_p99_ms"]}


MEASURES: dict[str, Callable[[str, Scale], Awaitable[Numbers]]] = {
    one.__name__: one for one in (acknowledgement, steady, rate, memory, loop, start, fairness)
}

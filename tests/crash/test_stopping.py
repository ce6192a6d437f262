"""SIGTERM: the bot stops soon, and what was going on goes on afterwards."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from tests.crash.stage import Stage


async def test_stopped_while_working(stage: Stage) -> None:
    discord = stage.discord
    stage.provider.faults.once(Fault(Kind.HANG))
    await stage.bot.start()
    hanging = await stage.slash()
    await discord.until(lambda: stage.calls().total() == 1)
    stage.provider.delay_s = 0.4
    soon = await stage.slash()  # drawn within the grace
    await discord.until(lambda: stage.calls().total() == 2)
    held = discord.faults.hold("PATCH /webhooks/*")

    stopping = asyncio.create_task(stage.bot.stop())
    await held.reached()
    late = await discord.slash(stage.bob, stage.channel, "imagine", prompt="too late")
    await discord.until(lambda: discord.interaction(late).responded)
    assert "restarting" in str(stage.whispers())
    status, took_s = await stopping
    assert status == 0, stage.bot.tail()
    assert took_s < 15
    held.release(drop=True)
    states = stage.bot.states()
    assert states == {hanging: State.DRAWING, soon: State.DRAWN}
    assert "Traceback" not in stage.bot.log.read_text()

    await stage.bot.start()
    await stage.ended()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    jobs = await stage.judge()
    assert jobs[hanging].state is State.UNKNOWN
    assert jobs[soon].state is State.SETTLED


@pytest.mark.nightly
async def test_stopped_while_starting(stage: Stage) -> None:
    """At any instant of the start: the process ends, and the next one works."""
    for wait_s in (0.8, 1.1, 1.4, 1.7):
        await stage.bot.launch()
        await asyncio.sleep(wait_s)
        status, took_s = await stage.bot.stop()
        assert status in (0, -signal.SIGTERM), stage.bot.tail()  # before it listens, the kernel's
        assert took_s < 15
    await stage.bot.start()
    await stage.ended(await stage.slash())
    status, _ = await stage.bot.stop()
    assert status == 0
    await stage.judge()
    assert "Traceback" not in stage.bot.log.read_text()


@pytest.mark.nightly
async def test_stopped_with_a_queue(stage: Stage) -> None:
    """More than can be drawn at a time: those that wait stay rows, and are drawn afterwards."""
    stage.provider.delay_s = 0.5
    await stage.bot.start()
    asked = [await stage.slash() for _ in range(20)]
    await stage.discord.until(lambda: stage.calls().total() >= 4)
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    assert State.ACCEPTED in stage.bot.states().values()
    await stage.bot.start()
    await stage.ended(*asked)
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    jobs = await stage.judge()
    assert len(jobs) == len(asked)
    unknown = [job for job in jobs.values() if job.state is not State.SETTLED]
    assert len(unknown) <= 8, unknown  # at most those that were being drawn

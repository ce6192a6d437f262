"""A picture has come, and before it is kept the request is cancelled or the bot stops."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.storage import ledger
from tests.flows.cells import calls, first, form, model_drew, only_inside, shows, written
from tests.flows.conftest import World
from tests.flows.test_cancelled_drawing import cancel, in_state, until
from tests.flows.trouble import Trouble

BUSY_S = 0.5


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def came(world: World) -> JobId:
    """Have the picture come while all threads are at work for others, for a short while."""
    await until(lambda: len(calls(world)) == 1)
    [job_id] = await in_state(world, State.DRAWING)
    busy = threading.Event()
    workers = world.easel.stages.drawing._workers  # pyright: ignore[reportPrivateUsage] -- to keep them busy
    for _ in range(4):
        workers.submit(busy.wait, 10)
    await until(lambda: len(world.provider.said) == 1)
    await asyncio.sleep(0.3)  # now it waits for a thread
    asyncio.get_running_loop().call_later(BUSY_S, busy.set)
    return job_id


async def test_stopped(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.5
    await trouble.imagine()
    await came(world)
    await world.restart()
    assert (await world.drawn()).attachments
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)


async def test_stopped_before_it_is_pasted(trouble: Trouble, world: World) -> None:
    before = await first(world)
    original = await shows(world, before)
    world.provider.delay_s = 0.5
    await world.alice.submit_modal(await form(world, before), written())
    incoming = world.config.data_dir / "blobs" / "incoming"
    await until(lambda: any(incoming.glob("*")))  # pasting it takes longer than the look at it
    await world.restart()
    only_inside(await shows(world, await world.drawn()), original, model_drew(world))
    assert trouble.asked() == 2


async def test_cancelled_costs_what_it_cost(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.5
    await trouble.imagine()
    job_id = await came(world)
    assert (await cancel(world, job_id)).at_work
    async with asyncio.timeout(5):
        while True:
            async with world.easel.database.reading() as conn:
                if not await ledger.doubted(conn):
                    break
            await asyncio.sleep(0.05)
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros > 0
    await trouble.nothing_counted(but=1)
    assert (await world.row(job_id)).state is State.CANCELLED

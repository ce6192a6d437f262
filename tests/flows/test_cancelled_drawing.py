"""A cancelled request stops at once, wherever it is, and nothing is posted for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.services.cancelling import Cancelled
from bot.storage import jobs, ledger
from tests.flows.conftest import World
from tests.flows.trouble import Trouble

LONG_S = 30.0


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 -- the provider's server tells nobody
            await asyncio.sleep(0.01)


async def in_state(world: World, *states: State) -> list[JobId]:
    async with world.easel.database.reading() as conn:
        return [job.id for job in await jobs.unfinished(conn) if job.state in states]


async def doubts(world: World) -> list[JobId]:
    async with world.easel.database.reading() as conn:
        return [doubt.job_id for doubt in await ledger.doubted(conn)]


async def cancel(world: World, job_id: JobId) -> Cancelled:
    """Alice cancels; the world hears of the end as of every other."""
    cancelled = await world.easel.cancelling.cancel(job_id, user_id=world.alice.id, moderator=False)
    assert await world.ended() == (job_id, State.CANCELLED)
    await world.easel.cancelling.told(job_id)
    return cancelled


def pictures(world: World) -> int:
    return sum(bool(message["attachments"]) for message in world.messages())


async def test_a_call_under_way_ends_and_its_slot_is_free(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = LONG_S
    await trouble.imagine()
    await until(lambda: trouble.asked() == 1)
    [job_id] = await in_state(world, State.DRAWING)
    world.provider.delay_s = 0
    cancelled = await cancel(world, job_id)
    assert cancelled.at_work
    assert world.easel.line.drawing() == frozenset()
    assert await doubts(world) == [job_id]
    assert await trouble.guild_usd_micros() > 0
    await trouble.nothing_counted(but=1)
    await trouble.over()  # in the slot that is free
    assert pictures(world) == 1


async def test_one_that_waits_is_never_asked_for(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 1.0
    await trouble.imagine(prompt="the first")
    await until(lambda: len(world.easel.line.drawing()) == 1)
    await trouble.imagine(prompt="the second")
    await until(lambda: len(world.easel.line.waiting()) == 1)
    [waits] = world.easel.line.waiting()
    cancelled = await cancel(world, waits)
    assert not cancelled.at_work
    assert world.easel.line.waiting() == ()
    await world.drawn()
    assert trouble.asked() == 1
    assert await doubts(world) == []
    await trouble.nothing_counted(but=1)
    await world.restart()
    await asyncio.sleep(0.5)
    assert world.ends.empty()
    assert trouble.asked() == 1
    world.provider.delay_s = 0
    await trouble.over()


class TestLater:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": "async-image"}

    async def test_nobody_asks_for_the_result_any_more(
        self, trouble: Trouble, world: World
    ) -> None:
        world.provider.delay_s = LONG_S
        await trouble.imagine()
        await until(lambda: len(world.provider.calls) >= 2)  # submitted, and asked for once
        [job_id] = await in_state(world, State.DRAWING)
        row = await world.row(job_id)
        assert row.request_id
        assert (await cancel(world, job_id)).at_work
        asked = len(world.provider.calls)
        await asyncio.sleep(3)
        assert len(world.provider.calls) == asked
        assert await doubts(world) == [job_id]  # by its id the provider's books name its price
        assert world.easel.line.drawing() == frozenset()


async def test_a_picture_that_comes_all_the_same_is_booked_and_dropped(
    trouble: Trouble, world: World
) -> None:
    world.provider.delay_s = 1.0
    await trouble.imagine()
    await until(lambda: trouble.asked() == 1)
    [job_id] = await in_state(world, State.DRAWING)
    world.easel.cancelling.open(None)  # as if the engine were too late
    await cancel(world, job_id)
    assert await doubts(world) == [job_id]
    async with asyncio.timeout(10):
        while await doubts(world):  # noqa: ASYNC110 -- what ends it is another's commit
            await asyncio.sleep(0.05)
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros > 0
    await trouble.nothing_counted(but=1)
    assert (await world.row(job_id)).state is State.CANCELLED
    assert pictures(world) == 0
    world.provider.delay_s = 0
    await trouble.over()

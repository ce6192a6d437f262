"""Who is drawn when, and that the engine's late workflows find what has been done already."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from bot import jobs as engine
from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.domain.quotas import Limits, counters
from bot.standins.provider import Fault, Kind
from bot.storage import jobs, ledger
from tests.flows.conftest import World
from tests.flows.trouble import Trouble
from tests.flows.waiting import until


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def test_another_guild_waits_for_one_picture(trouble: Trouble, world: World) -> None:
    other = world.env.create_guild("Lagoon")
    channel = other.create_text_channel("art")
    carol = other.add_member(world.env.create_user("carol"))
    world.provider.drawing.clear()
    await trouble.imagine()
    await until(lambda: len(world.easel.line.drawing()) == 1)
    for _ in range(3):
        await trouble.imagine()
    await world.bob.slash(world.channel, "imagine", prompt="a heron")
    await carol.slash(channel, "imagine", prompt="a pelican")
    await until(lambda: len(world.easel.line.waiting()) == 5)
    world.provider.drawing.set()
    owners: list[int] = []
    for _ in range(6):
        job_id, _ = await world.ended()
        owners.append((await world.row(job_id)).user_id)
    alice, bob = world.alice.id, world.bob.id
    assert owners == [alice, carol.id, bob, alice, alice, alice]


async def test_those_who_wait_go_on_by_their_age(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 30
    for number in range(4):
        await trouble.imagine(prompt=f"a heron {number}")
    await asyncio.sleep(0.3)
    [drawing], waiting = world.easel.line.drawing(), world.easel.line.waiting()
    world.provider.delay_s = 0
    await world.restart()
    ends = [await world.ended() for _ in range(4)]
    assert (drawing, State.UNKNOWN) in ends
    first, *others = [job_id for job_id, state in ends if state is State.SETTLED]
    # The slot is free when they come back: whose row is read first has it.
    assert others == [job_id for job_id in waiting if job_id != first]
    await trouble.over()


async def test_a_row_that_is_only_delivered_is_settled(trouble: Trouble, world: World) -> None:
    """As a version of Easel left it that wrote the two states down one after the other."""
    await trouble.imagine()
    drawn = await world.row_of(await world.drawn())
    left = dataclasses.replace(drawn, id=JobId("77"), state=State.DELIVERED)
    limits = Limits(guild_day=9, guild_month=9, person_day=9)
    wanted = counters(left.place, left.user_id, limits, left.created_at)
    async with world.easel.database.transaction() as conn:
        await jobs.insert(conn, left)
        await ledger.reserve(conn, left.id, wanted, now=left.created_at, usd_micros=60_000)
    await world.easel.stages.run(left.id)
    assert await world.ended() == (left.id, State.SETTLED)
    assert await trouble.guild_usd_micros() == 2 * drawn.cost_usd_micros > 0
    assert trouble.asked() == 1
    await trouble.over()


async def test_what_has_ended_before_its_workflow_is_told_once(
    trouble: Trouble, world: World
) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=400))
    await trouble.job_told(await trouble.imagine(), "provider_bad_request")
    requests = len(world.env.http_requests)
    await asyncio.sleep(3 * engine.POLL_S)
    assert world.ends.empty()
    assert len(world.env.http_requests) == requests
    await world.restart()
    await asyncio.sleep(3 * engine.POLL_S)
    assert world.ends.empty()
    assert trouble.asked() == 1
    await trouble.over()

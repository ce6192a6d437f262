"""Jobs that the engine left, and faults of our own."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil

import pytest
from sqlalchemy import select, update

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.errors import DiscordUnavailable
from bot.storage import jobs
from bot.storage.tables import holds
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.test_trouble_storage import once
from tests.flows.trouble import SetClock, Trouble


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def drop_workflows(world: World) -> None:
    """Close the bot and take its workflows away, as if somebody had cancelled them all."""
    await world.easel.bot.close()
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql("UPDATE workflow_status SET status = 'CANCELLED'")


def pictures(world: World) -> list[int]:
    stored = world.env.backend.messages.values()
    return [one.id for channel in stored for one in channel.values() if one.attachments]


async def test_a_job_that_never_began(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 5
    await trouble.imagine()
    waiting = await trouble.imagine()
    await asyncio.sleep(0.5)
    world.provider.delay_s = 0
    await drop_workflows(world)
    await world.restart()
    ends = dict([await world.ended(), await world.ended()])
    assert sorted(ends.values()) == [State.FAILED, State.UNKNOWN]
    [job_id] = [job_id for job_id, state in ends.items() if state is State.FAILED]
    assert trouble.shown(waiting).startswith(sentence("error", {"reference": job_id}))
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_job_whose_workflow_is_gone(trouble: Trouble, world: World) -> None:
    drawing = asyncio.Event()
    once(world, State.DRAWING, drawing.set)
    world.provider.delay_s = 5
    result = await trouble.imagine()
    await asyncio.wait_for(drawing.wait(), 10)
    world.provider.delay_s = 0
    await world.easel.bot.close()
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql("DELETE FROM workflow_status")
    await world.restart()
    await trouble.job_told(result, "outcome_unknown", state=State.UNKNOWN)
    await trouble.nothing_counted()
    await trouble.over()


async def test_one_that_cannot_be_finished_keeps_no_other(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 5
    for _ in range(3):
        await trouble.imagine()
    await asyncio.sleep(0.5)
    world.provider.delay_s = 0
    await drop_workflows(world)
    async with world.easel.database.transaction() as conn:
        first, *others = sorted(job.id for job in await jobs.unfinished(conn))
        sound = await conn.scalar(select(holds.c.counters).where(holds.c.job_id == first))
        hold = update(holds).where(holds.c.job_id == first)
        await conn.execute(hold.values(counters=["of no kind we know"]))
    await world.restart()
    ends = dict([await world.ended(), await world.ended()])
    assert sorted(ends) == others
    assert f"job {first} cannot be finished" in trouble.log.text
    async with world.easel.database.transaction() as conn:
        await conn.execute(hold.values(counters=sound))
    await world.easel.stages.finish(first)
    assert (await world.ended())[0] == first
    await trouble.nothing_counted()


async def drawn_but_left(trouble: Trouble, world: World) -> JobId:
    drawn = asyncio.Event()
    once(world, State.DRAWN, drawn.set)
    world.env.inject_error("PATCH", "/webhooks/*", status=503, times=None)
    await trouble.imagine()
    await asyncio.wait_for(drawn.wait(), 10)
    await drop_workflows(world)
    async with world.easel.database.reading() as conn:
        [job] = await jobs.unfinished(conn)
    return job.id


async def test_a_picture_that_was_left_is_delivered(trouble: Trouble, world: World) -> None:
    await drawn_but_left(trouble, world)
    world.env.backend.faults.clear()
    await world.restart()
    picture = await world.drawn()
    assert pictures(world) == [picture.id]
    assert trouble.asked() == 1
    await trouble.over()


async def test_a_picture_that_discord_does_not_take_waits_a_day(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    job_id = await drawn_but_left(trouble, world)
    world.env.inject_error("*", "/channels/*", status=503, times=None)
    await world.restart()
    await asyncio.sleep(0.3)
    assert (await world.row(job_id)).state is State.DRAWN
    assert f"job {job_id} has to wait" in trouble.log.text
    clock.at += dt.timedelta(days=1)
    with pytest.raises(DiscordUnavailable):
        await world.easel.stages.finish(job_id)
    assert (await world.row(job_id)).state is State.DRAWN
    clock.at += dt.timedelta(seconds=1)
    world.env.backend.faults.clear()
    await world.easel.stages.finish(job_id)
    assert await world.ended() == (job_id, State.FAILED)
    assert world.said()[-1].startswith(sentence("delivery_later"))
    assert trouble.asked() == 1
    clock.at -= dt.timedelta(days=1, seconds=1)
    await trouble.nothing_counted()
    await trouble.over()


async def test_what_has_ended_is_left_alone(trouble: Trouble, world: World) -> None:
    await trouble.imagine()
    job_id = (await world.row_of(await world.drawn())).id
    requests = len(world.env.http_requests)
    await world.easel.stages.finish(job_id)
    assert (await world.row(job_id)).state is State.SETTLED
    assert len(world.env.http_requests) == requests
    await drop_workflows(world)
    await world.restart()
    await asyncio.sleep(0.3)
    assert "was left by the engine" not in trouble.log.text
    await trouble.over()


async def test_a_picture_that_was_lost_on_the_disk(trouble: Trouble, world: World) -> None:
    once(world, State.DRAWN, lambda: shutil.rmtree(world.config.data_dir / "blobs"))
    await trouble.job_told(await trouble.imagine(), "result_gone")
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros
    await trouble.over()


@pytest.mark.parametrize(
    ("part", "calls", "paid"),
    [("_inputs", 0, False), ("_attempts", 0, True), ("_media", 1, True)],
)
async def test_a_bug_is_told_with_a_reference(
    trouble: Trouble,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    calls: int,
    paid: bool,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(world.easel.stages.drawing, part, None)
        result = await trouble.imagine()
        job_id, state = await world.ended()
    assert state is State.FAILED
    assert trouble.shown(result).startswith(sentence("error", {"reference": job_id}))
    assert f"unexpected error, reference {job_id}" in trouble.log.text
    assert trouble.asked() == calls
    assert (await trouble.guild_usd_micros() > 0) is paid
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_bug_while_posting_is_told_too(
    trouble: Trouble, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        once(world, State.DRAWN, lambda: broken.setattr(world.easel.delivery, "post", None))
        result = await trouble.imagine()
        job_id, state = await world.ended()
    assert state is State.FAILED
    assert trouble.shown(result).startswith(sentence("error", {"reference": job_id}))
    await trouble.nothing_counted()
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros
    await trouble.over()


async def test_a_bug_in_a_listener_of_messages_is_told(
    trouble: Trouble, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(world.easel.bot.cogs["Replies"], "_asking", None)
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a lighthouse")
    [told] = world.said()
    assert told.startswith(sentence("error_reference", {"reference": ""})[:40])
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()

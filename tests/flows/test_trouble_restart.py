"""The bot is stopped in the middle, and started again on the same data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from tests.flows.conftest import World
from tests.flows.test_trouble_storage import Lock, be_impatient, once
from tests.flows.trouble import WISH, Trouble


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def reached(world: World, state: State) -> Callable[[], asyncio.Future[None]]:
    """A future for the moment a job comes to a state."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    once(world, state, lambda: future.set_result(None))
    return lambda: asyncio.ensure_future(asyncio.wait_for(future, 10))


def pictures(world: World) -> list[str]:
    return [one["id"] for one in world.messages() if one["attachments"]]


class TestWithGrace:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_GRACE": "10"}

    async def test_what_is_drawn_is_finished_and_what_waits_goes_on(
        self, trouble: Trouble, world: World
    ) -> None:
        drawing = await reached(world, State.DRAWING)
        world.provider.delay_s = 0.7
        first = await trouble.imagine(prompt=f"{WISH} one")
        second = await trouble.imagine(prompt=f"{WISH} two")
        await drawing()
        await world.restart()
        assert [state for _, state in [await world.ended(), await world.ended()]] == [
            State.SETTLED,
            State.SETTLED,
        ]
        assert first.response is not None
        assert second.response is not None
        assert pictures(world) == [str(first.response.id), str(second.response.id)]
        assert trouble.asked() == 2
        await trouble.over()

    async def test_who_asks_meanwhile_is_told(self, trouble: Trouble, world: World) -> None:
        drawing = await reached(world, State.DRAWING)
        world.provider.delay_s = 1.5
        await trouble.imagine()
        await drawing()
        stopping = asyncio.create_task(world.easel.bot.close())
        await asyncio.sleep(0.1)
        trouble.refused(await trouble.imagine(), "restarting")
        await stopping
        await world.drawn()
        assert trouble.asked() == 1
        await world.restart()
        await trouble.over()


async def test_a_call_in_flight_is_unknown_and_told_once(trouble: Trouble, world: World) -> None:
    drawing = await reached(world, State.DRAWING)
    world.provider.delay_s = 3.0
    result = await trouble.imagine()
    await drawing()
    await asyncio.sleep(0.3)
    assert trouble.asked() == 1
    world.provider.delay_s = 0.0
    await world.restart()
    await trouble.job_told(result, "outcome_unknown", state=State.UNKNOWN)
    await trouble.nothing_counted()
    assert len(world.said()) == 1
    await world.restart()
    await asyncio.sleep(0.5)
    assert world.ends.empty()
    assert trouble.asked() == 1
    await trouble.try_again(result)
    await trouble.over()


async def test_what_is_drawn_is_delivered(trouble: Trouble, world: World) -> None:
    drawn = await reached(world, State.DRAWN)
    world.env.inject_error("PATCH", "/webhooks/*", status=503, times=None)
    result = await trouble.imagine()
    await drawn()
    await world.restart()
    world.env.backend.faults.clear()
    picture = await world.drawn()
    assert result.response is not None
    assert pictures(world) == [str(picture.id)] == [str(result.response.id)]
    assert trouble.asked() == 1
    await trouble.over()


async def test_what_was_posted_is_not_posted_again(trouble: Trouble, world: World) -> None:
    await be_impatient(world)
    lock = Lock(world)
    posted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def stop_writing() -> None:
        with suppress(asyncio.InvalidStateError):
            posted.set_result(None)
            lock.take()

    world.easel.delivery.after_message.append(stop_writing)
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    await asyncio.wait_for(posted, 10)
    restarting = asyncio.create_task(world.restart())
    await asyncio.sleep(0.5)
    lock.give_back()
    lock.close()
    await restarting
    picture = await world.drawn()
    assert pictures(world) == [str(picture.id)]
    assert len(world.said()) == 1
    assert trouble.asked() == 1
    await trouble.over()


async def test_a_sentence_is_told_after_the_restart(trouble: Trouble, world: World) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=400))
    world.env.inject_error("PATCH", "/webhooks/*", status=503, times=None)
    result = await trouble.imagine()
    await asyncio.sleep(1.0)
    assert trouble.asked() == 1
    await world.restart()
    world.env.backend.faults.clear()
    await trouble.job_told(result, "provider_bad_request")
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    await trouble.over()


async def test_an_event_that_discord_sends_twice_at_once(trouble: Trouble, world: World) -> None:
    message = await world.alice.send(world.channel, "not for the bot yet")
    assert world.env.bot.user is not None
    message.mentions.append(world.env.bot.user)  # pyright: ignore[reportArgumentType] -- as Discord's payload gives it
    message.content = f"{world.env.bot.user.mention} {WISH}"
    for _ in range(2):
        world.env.bot.dispatch("message", message)
    picture = await world.drawn()
    assert pictures(world) == [str(picture.id)]
    assert len(world.said()) == 1
    assert trouble.asked() == 1
    await trouble.over()


async def test_an_event_that_discord_sends_again(trouble: Trouble, world: World) -> None:
    message = await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    picture = await world.drawn()
    row = await world.row_of(picture)
    await world.restart()
    for _ in range(2):
        world.env.bot.dispatch("message", world.message(message.id))
    await world.env.settle()
    await asyncio.sleep(0.5)
    assert row.id == JobId(str(message.id))
    assert trouble.asked() == 1
    assert pictures(world) == [str(picture.id)]
    await trouble.over()

"""Discord is away for so long that the engine gives up: the sentence is said when it is back."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.services.sweep import TELL_FOR
from bot.standins.provider import Fault, Kind
from bot.standins.provider.words import REFUSED
from tests.flows.conftest import World
from tests.flows.test_trouble_storage import Lock, be_impatient
from tests.flows.trouble import WISH, SetClock, Trouble
from tests.flows.waiting import until

FAULT = Fault(Kind.STATUS, status=400)
KEY = "provider_bad_request"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_GRACE": "0"}


@pytest.fixture(autouse=True)
def an_engine_that_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.ATTEMPTS", 2)
    monkeypatch.setattr("bot.jobs.FIRST_PAUSE_S", 0.05)


def away(world: World) -> None:
    for path in ("/webhooks/*", "/channels/*"):
        world.env.inject_error("*", path, status=503, times=None)


async def left(trouble: Trouble, fault: Fault = FAULT) -> InteractionResult:
    """A wish of which the engine could tell nobody that it failed."""
    trouble.world.provider.faults.once(fault)
    away(trouble.world)
    result = await trouble.imagine()
    async with asyncio.timeout(10):
        while not await given_up(trouble.world):  # noqa: ASYNC110 -- the engine tells nobody
            await asyncio.sleep(0.05)
    assert "Drawing" in trouble.shown(result)
    return result


async def given_up(world: World) -> bool:
    async with world.easel.database.reading() as conn:
        found = await conn.exec_driver_sql("SELECT status FROM workflow_status")
        return [status for (status,) in found] == ["ERROR"]


def edits(world: World) -> int:
    return len([one for one in world.env.http_requests if one.method == "PATCH"])


@pytest.mark.parametrize(
    ("fault", "state", "key", "values"),
    [
        (FAULT, State.FAILED, KEY, {}),
        (Fault(Kind.CUT_AFTER), State.UNKNOWN, "outcome_unknown", {}),
        (
            Fault(Kind.REFUSE_TEXT),
            State.REFUSED,
            "refused",
            {"reason": "text", "words": REFUSED},
        ),
    ],
)
async def test_told_after_a_long_absence(
    trouble: Trouble,
    world: World,
    clock: SetClock,
    fault: Fault,
    state: State,
    key: str,
    values: dict[str, Any],
) -> None:
    result = await left(trouble, fault)
    clock.at += dt.timedelta(hours=20)  # long after the interaction's token
    for _ in range(2):  # Discord is still away
        await world.restart()
        await until(lambda: "has to wait" in trouble.log.text)
        trouble.log.clear()
    world.env.backend.faults.clear()
    await world.restart()
    await trouble.job_told(result, key, state=state, **values)
    assert len(world.said()) == 1
    before = edits(world)
    await world.restart()
    await asyncio.sleep(0.5)
    assert (edits(world), world.ends.empty()) == (before, True), "told once"
    assert trouble.asked() == 1
    clock.at -= dt.timedelta(hours=20)
    await trouble.nothing_counted()
    await trouble.over()


async def test_after_a_week_nobody_waits_for_it(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    result = await left(trouble)
    world.env.backend.faults.clear()
    clock.at += TELL_FOR
    await world.restart()
    await asyncio.sleep(0.5)
    assert world.ends.empty()
    assert "Drawing" in trouble.shown(result)


async def test_who_cannot_be_told_counts_as_told(trouble: Trouble, world: World) -> None:
    world.provider.faults.once(FAULT)
    for path in ("/webhooks/*", "/channels/*", "/users/*"):
        world.env.inject_error("*", path, status=403, code=50001, times=None)
    await trouble.imagine()
    job_id, state = await world.ended()
    assert state is State.FAILED
    assert (await world.row(job_id)).untold_since is None
    await world.restart()
    await asyncio.sleep(0.5)
    assert world.ends.empty()
    assert trouble.log.text.count("nobody could be told") == 1


async def test_stopped_before_it_is_written_down(trouble: Trouble, world: World) -> None:
    await be_impatient(world)
    lock = Lock(world)
    told = asyncio.Event()

    def stop_writing() -> None:
        if not told.is_set():
            told.set()
            lock.take()

    world.provider.faults.once(FAULT)
    world.easel.delivery.after_message.append(stop_writing)
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    await asyncio.wait_for(told.wait(), 10)
    restarting = asyncio.create_task(world.restart())
    await asyncio.sleep(0.5)
    lock.give_back()
    lock.close()
    await restarting
    job_id, state = await world.ended()
    assert state is State.FAILED
    assert (await world.row(job_id)).untold_since is None
    assert len(world.said()) == 1, world.said()
    await trouble.over()

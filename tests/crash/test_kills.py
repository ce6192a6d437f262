"""SIGKILL at every transition and at random instants: never lost, never twice, books exact."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.domain.jobs import State
from bot.standins.discord import Fault as Trouble
from bot.standins.provider import Fault, Kind
from tests.crash.stage import Stage

ANSWER = "/webhooks/*/*_{}/messages/*"


async def test_killed_with_commands_at_every_point(stage: Stage) -> None:
    """One kill, with a command at each point of its way."""
    stage.provider.faults.once(Fault(Kind.HANG))
    discord = stage.discord
    await stage.bot.start()

    drawing = await stage.slash()
    await discord.until(lambda: stage.calls().total() == 1)
    unseen = await stage.slash()  # accepted; nothing of it has reached Discord
    unheard = await stage.slash()  # accepted and shown; the bot does not know the message
    drawn = await stage.slash()  # drawn; the picture has not reached Discord
    posted = await stage.slash()  # posted; the bot does not know
    holds = [
        discord.faults.hold(f"POST /interactions/{unseen}/*"),
        discord.faults.hold(f"POST /interactions/{unheard}/*", late=True),
        discord.faults.hold("PATCH " + ANSWER.format(drawn)),
        discord.faults.hold("PATCH " + ANSWER.format(posted), late=True),
    ]
    for hold in holds:
        async with asyncio.timeout(10):
            await hold.reached.wait()
    await discord.until(lambda: {unseen, unheard} <= stage.bot.states().keys())
    await stage.bot.kill()
    for hold in holds:
        hold.release(drop=True)
    states = stage.bot.states()
    assert states[drawing] == State.DRAWING
    assert states[unseen] == states[unheard] == State.ACCEPTED
    assert states[drawn] == states[posted] == State.DRAWN

    await stage.bot.start()
    await stage.ended()
    await stage.bot.kill()
    jobs = await stage.judge()
    assert jobs.pop(drawing).state is State.UNKNOWN
    assert {job.state for job in jobs.values()} == {State.SETTLED}


async def test_killed_with_messages_at_every_point(stage: Stage) -> None:
    """As above, for people who asked in a message."""
    stage.provider.faults.once(Fault(Kind.HANG))
    discord = stage.discord
    await stage.bot.start()

    drawing = await stage.mention()
    await discord.until(lambda: stage.calls().total() == 1)
    reply, edit = "POST /channels/*/messages", "PATCH /channels/*/messages/*"
    made: list[str] = []
    for call, late in ((reply, False), (reply, True), (edit, False), (edit, True)):
        hold = discord.faults.hold(call, late=late)
        made.append(await stage.mention())
        async with asyncio.timeout(10):
            await hold.reached.wait()
    unseen, unheard, drawn, posted = made
    await stage.bot.kill()
    states = stage.bot.states()
    assert states[drawing] == State.DRAWING
    assert states[unseen] == states[unheard] == State.ACCEPTED
    assert states[drawn] == states[posted] == State.DRAWN

    await stage.bot.start()
    await stage.ended()
    await stage.bot.kill()
    jobs = await stage.judge()
    assert jobs.pop(drawing).state is State.UNKNOWN
    assert {job.state for job in jobs.values()} == {State.SETTLED}


@pytest.mark.parametrize("state", [State.DRAWING, State.DRAWN, State.DELIVERED])
async def test_killed_at_the_first_sight_of_a_state(stage: Stage, state: State) -> None:
    await stage.bot.start()
    seen: set[str | None] = set()
    while state not in seen:
        job = await stage.slash()
        while True:
            now = stage.state(job)
            seen.add(now)
            if now in (state, State.SETTLED):
                break
            await asyncio.sleep(0)
    await stage.bot.kill()
    await stage.bot.start()
    await stage.ended()
    await stage.bot.kill()
    await stage.judge()


async def random_kills(stage: Stage, seed: int, kills: int) -> None:
    """People go on asking while the bot is killed and started, at any instant of its life."""
    chance = random.Random(seed)
    stage.provider.delay_s = 0.05
    stage.discord.faults.sometimes(Trouble(delay_s=0.1), 0.3)
    await stage.bot.start()
    for kill in range(kills):
        for _ in range(chance.randint(1, 4)):
            await chance.choice([stage.slash, stage.mention])()
            await asyncio.sleep(chance.uniform(0, 0.2))
        await asyncio.sleep(chance.uniform(0, 0.5))
        await stage.bot.kill()
        if kill % 3:
            await stage.bot.start()
        else:  # killed while it starts, too
            await stage.bot.launch()
            await asyncio.sleep(chance.uniform(0.5, 3))
    await stage.ended()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    await stage.judge()


async def test_random_kills(stage: Stage) -> None:
    await random_kills(stage, seed=1, kills=4)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
async def test_many_random_kills(stage: Stage, seed: int) -> None:
    await random_kills(stage, seed=seed, kills=20)

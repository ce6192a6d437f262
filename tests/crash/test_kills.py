"""SIGKILL at every transition and at random instants: never lost, never twice, books exact."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.jobs import State
from bot.standins.discord import Fault as Trouble
from bot.standins.provider import Fault, Kind
from tests.crash.killing import random_kills
from tests.crash.stage import Stage

EDIT = "PATCH /webhooks/*/*_{}/messages/*"  # of the answer to one interaction
Killing = Callable[[Stage], Awaitable[None]]


async def with_commands(stage: Stage) -> None:
    """Kill it while there is a command at each point of its way."""
    discord = stage.discord
    before = stage.calls().total()
    stage.provider.faults.once(Fault(Kind.HANG))
    drawing = await stage.slash()
    await discord.until(lambda: stage.calls().total() > before)
    unseen = await stage.slash()  # accepted; nothing of it has reached Discord
    unheard = await stage.slash()  # accepted and shown; the bot does not know the message
    drawn = await stage.slash()  # drawn; the picture has not reached Discord
    posted = await stage.slash()  # posted; the bot does not know
    holds = [
        discord.faults.hold(f"POST /interactions/{unseen}/*"),
        discord.faults.hold(f"POST /interactions/{unheard}/*", late=True),
        discord.faults.hold(EDIT.format(drawn)),
        discord.faults.hold(EDIT.format(posted), late=True),
    ]
    await asyncio.gather(*(hold.reached() for hold in holds))
    await discord.until(lambda: {unseen, unheard} <= stage.bot.states().keys())
    await stage.bot.kill()
    for hold in holds:
        hold.release(drop=True)
    _check(stage, drawing, {unseen, unheard}, {drawn, posted})


async def with_tokens_that_die(stage: Stage) -> None:
    """As above, and the bot is away for so long that no interaction can be answered any more."""
    await with_commands(stage)
    for interaction in stage.discord.world.backend.interactions.values():
        interaction.expires_at = interaction.initial_response_deadline = "2026-01-01"


async def with_messages(stage: Stage) -> None:
    """Kill it while there is a message that asks at each point of its way."""
    discord = stage.discord
    # discord.py sends one call at a time until it has seen a limit; holds would block it.
    await stage.ended(await stage.mention())
    before = stage.calls().total()
    stage.provider.faults.once(Fault(Kind.HANG))
    drawing = await stage.mention()
    await discord.until(lambda: stage.calls().total() > before)
    reply, edit = "POST /channels/*/messages", "PATCH /channels/*/messages/*"
    made: list[str] = []
    for call, late in ((reply, False), (reply, True), (edit, False), (edit, True)):
        hold = discord.faults.hold(call, late=late)
        made.append(await stage.mention())
        await hold.reached()
    await stage.bot.kill()
    _check(stage, drawing, set(made[:2]), set(made[2:]))


def _check(stage: Stage, drawing: str, accepted: set[str], drawn: set[str]) -> None:
    """That the kill came when it was meant to come."""
    states = stage.bot.states()
    assert states[drawing] == State.DRAWING
    assert {states[job] for job in accepted} == {State.ACCEPTED}
    assert {states[job] for job in drawn} == {State.DRAWN}


async def _at(stage: Stage, state: State) -> None:
    """Kill it as soon as a job is seen in this state."""
    now = None
    while now != state:
        job = await stage.slash()
        while (now := stage.state(job)) not in (state, State.SETTLED):  # noqa: ASYNC110 -- of another process
            await asyncio.sleep(0)
    await stage.bot.kill()


async def at_drawing(stage: Stage) -> None:
    """Kill it about when the provider is called."""
    await _at(stage, State.DRAWING)


async def at_drawn(stage: Stage) -> None:
    """Kill it about when Discord is called."""
    await _at(stage, State.DRAWN)


async def at_settled(stage: Stage) -> None:
    """Kill it when the picture has just been paid for, and the engine does not know."""
    await _at(stage, State.SETTLED)


POINTS: list[Killing] = [
    with_commands,
    with_tokens_that_die,
    with_messages,
    at_drawing,
    at_drawn,
    at_settled,
]


async def killed(stage: Stage, *points: Killing) -> None:
    """Kill it at each of these points, one after the other, and judge what is left at the end."""
    for point in points:
        await stage.bot.start()
        await stage.ended()  # those of the point before
        await point(stage)
    await stage.bot.start()
    await stage.ended()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    jobs = await stage.judge()
    unknown = [job for job in jobs.values() if job.state is State.UNKNOWN]
    settled = [job for job in jobs.values() if job.state is State.SETTLED]
    assert len(unknown) + len(settled) == len(jobs), stage.bot.tail()
    assert len(unknown) <= len(points)  # none but those whose call was under way
    syncs = [call for call in stage.discord.rest.calls if call.method == "PUT"]
    assert len(syncs) == 1  # the commands are sent when they have changed


async def test_killed_at_every_transition(stage: Stage) -> None:
    await killed(stage, with_tokens_that_die, with_messages, at_drawing, at_settled)


@pytest.mark.nightly
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_one_transition(stage: Stage, point: Killing) -> None:
    await killed(stage, point, point)


@pytest.mark.nightly
@pytest.mark.parametrize("route", ["async-image", "chat-async"])
async def test_work_with_a_request_id_goes_on(stage: Stage, route: str) -> None:
    """The provider goes on with what it has begun, and the bot comes back for it."""
    stage.bot.setting(EASEL_ROUTES=route)
    stage.provider.delay_s = 2.0
    await stage.bot.start()
    job = await stage.slash()
    await stage.discord.until(lambda: stage.bot.request_ids().get(job))
    await stage.bot.kill()
    assert stage.state(job) == State.DRAWING
    await stage.bot.start()
    await stage.ended()
    await stage.bot.kill()
    jobs = await stage.judge()
    assert [one.state for one in jobs.values()] == [State.SETTLED]


@pytest.mark.nightly
@pytest.mark.parametrize("route", ["chat", "async-image"])
async def test_killed_while_a_paid_picture_is_fetched(stage: Stage, route: str) -> None:
    """Its address is known, so it is fetched afterwards, and nothing is asked for again."""
    stage.bot.setting(EASEL_ROUTES=route)
    stage.provider.faults.once(Fault(Kind.HANG_IN_BODY), route="file")
    await stage.bot.start()
    job = await stage.slash()

    def fetched() -> int:
        return sum(call.route == "file" for call in stage.provider.calls)

    await stage.discord.until(lambda: fetched() == 1)
    await stage.bot.kill()
    assert stage.state(job) == State.DRAWING
    asked = len(stage.provider.calls)
    await stage.bot.start()
    await stage.ended()
    await stage.bot.kill()
    jobs = await stage.judge()
    assert [one.state for one in jobs.values()] == [State.SETTLED], stage.bot.tail()
    assert jobs[job].cost_usd_micros == stage.provider.billed_usd_micros
    assert (len(stage.provider.calls), fetched()) == (asked + 1, 2)


@pytest.mark.nightly
async def test_random_kills(stage: Stage) -> None:
    await random_kills(stage, seed=1, kills=3)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(5))
async def test_many_random_kills(stage: Stage, seed: int) -> None:
    await random_kills(stage, seed=seed, kills=20)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10, 12))
async def test_random_kills_on_a_bad_day(stage: Stage, seed: int) -> None:
    """As above, while Discord refuses calls, loses its answers, and asks for patience."""
    messages = "* /channels/*"
    for trouble, call in (
        (Trouble(cut=True), messages),
        (Trouble(cut=True, late=True), messages),
        (Trouble(cut=True, late=True), "PATCH /webhooks/*"),
        (Trouble(cut=True, late=True), "POST /interactions/*"),
        (Trouble(cut=True), "POST /interactions/*"),
        (Trouble(429, retry_after_s=0.3), "*"),
        (Trouble(502), messages),
    ):
        stage.discord.faults.sometimes(trouble, 0.08, call)
    await random_kills(stage, seed=seed, kills=8)

"""The Cancel button: what was not spent is given back, and the message says which."""

from __future__ import annotations

import asyncio

import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.front import progress
from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.trouble import Trouble
from tests.flows.waiting import UNDER_A_RESULT, buttons, shown, until


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is looked at all the time."""
    monkeypatch.setattr(progress, "EVERY_S", 0.05)


async def waits(world: World) -> tuple[InteractionResult, InteractionResult]:
    """One of Alice that is drawn, and one of Bob that waits."""
    world.provider.delay_s = 0.8
    first = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    second = await world.bob.slash(world.channel, "imagine", prompt="a boat")
    assert "next in line" in shown(second)
    return first, second


async def ended(world: World, count: int) -> list[State]:
    return sorted([(await world.ended())[1] for _ in range(count)])


async def test_one_that_waits_costs_nothing(world: World, trouble: Trouble) -> None:
    _, second = await waits(world)
    assert second.response is not None
    await world.bob.click(second.response, label="Cancel")
    assert shown(second) == (say("cancelled", user=world.bob.id) + " > a boat")
    assert list(buttons(second)) == ["Try again"]
    assert await ended(world, 2) == [State.CANCELLED, State.SETTLED]
    await asyncio.sleep(0.2)
    assert shown(second).startswith(say("cancelled", user=world.bob.id)), "nothing is said after it"
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)


async def test_one_that_is_drawn_may_have_cost_something(world: World, trouble: Trouble) -> None:
    world.provider.delay_s = 5.0
    first = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await until(lambda: trouble.asked() == 1)
    second = await world.bob.slash(world.channel, "imagine", prompt="a boat")
    assert first.response is not None
    world.provider.delay_s = 0.1
    await world.alice.click(first.response, label="Cancel")
    assert shown(first).startswith(say("cancelled_at_work", user=world.alice.id))
    assert await ended(world, 2) == [State.CANCELLED, State.SETTLED], "the slot is free at once"
    assert list(buttons(second)) == UNDER_A_RESULT
    assert [usage.used for usage in await trouble.usage()] == [1, 2, 2], "Alice, the guild twice"


async def test_cancelling_is_no_way_around_a_limit(world: World, trouble: Trouble) -> None:
    await world.mod.slash(world.channel, "limits", person_day=2)
    for number in (1, 2):
        world.provider.delay_s = 5.0
        result = await trouble.imagine()
        await until(lambda number=number: trouble.asked() == number)
        assert result.response is not None
        await world.alice.click(result.response, label="Cancel")
        await world.ended()
    refused = await trouble.imagine()
    assert "You have used 2 of your 2 pictures" in trouble.shown(refused)
    assert trouble.asked() == 2


async def test_what_was_cancelled_is_said_after_a_crash(world: World, trouble: Trouble) -> None:
    """Its end was written down, and then the bot was gone."""
    _, second = await waits(world)
    [job_id] = world.easel.line.waiting()
    await world.easel.cancelling.cancel(job_id, user_id=world.bob.id, moderator=False)
    assert "next in line" in shown(second)
    assert await ended(world, 2) == [State.CANCELLED, State.SETTLED]
    await world.restart()
    said = say("cancelled", user=world.bob.id)
    await until(lambda: shown(second).startswith(said))
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)


async def test_try_again_asks_for_the_same(world: World, trouble: Trouble) -> None:
    _, second = await waits(world)
    assert second.response is not None
    await world.bob.click(second.response, label="Cancel")
    await ended(world, 2)
    again = await world.bob.click(second.response, label="Try again")
    assert (await world.row_of(await world.drawn())).wish.words == "a boat"
    assert list(buttons(second)) == ["Try again"]
    assert again.response is not None


async def test_moderators_may_and_others_may_not(world: World) -> None:
    _, second = await waits(world)
    assert second.response is not None
    before = shown(second)
    refused = await world.alice.click(second.response, label="Cancel")
    [told] = refused.followups
    assert told.ephemeral
    assert told.content == sentence("not_your_picture")
    assert shown(second) == before
    await world.mod.click(second.response, label="Cancel")
    assert shown(second).startswith(say("cancelled", user=world.mod.id))
    await ended(world, 2)


async def test_a_further_picture_is_cancelled_alone(world: World) -> None:
    world.provider.delay_s = 0.6
    result = await world.alice.slash(world.channel, "imagine", prompt="a kite", count=3)
    second, third = result.followups
    await world.alice.click(second, label="Cancel")
    assert await ended(world, 3) == [State.CANCELLED, State.SETTLED, State.SETTLED]
    assert result.response is not None
    assert [len(one.attachments) for one in (result.response, second, third)] == [1, 0, 1]


async def test_a_reply_in_the_channel(world: World) -> None:
    world.provider.delay_s = 0.8
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await world.bob.send(world.channel, f"<@{world.env.backend.bot_user.id}> a boat")
    answer = world.message(int(world.messages()[-1]["id"]))
    await world.bob.click(answer, label="Cancel")
    assert any(text.startswith(say("cancelled", user=world.bob.id)) for text in world.said())
    assert await ended(world, 2) == [State.CANCELLED, State.SETTLED]


async def test_after_a_restart(world: World) -> None:
    await waits(world)
    third = await world.bob.slash(world.channel, "imagine", prompt="a pier")
    world.provider.drawing.clear()  # for the second, which has the slot then
    await world.restart()
    await until(lambda: len(world.easel.line.waiting()) == 1)
    assert third.response is not None
    await world.bob.click(third.response, label="Cancel")
    assert shown(third).startswith(say("cancelled", user=world.bob.id))
    world.provider.drawing.set()
    assert await ended(world, 3) == [State.CANCELLED, State.SETTLED, State.UNKNOWN]


async def test_one_that_is_drawn_cannot_be_taken_back(world: World, trouble: Trouble) -> None:
    world.env.inject_error("PATCH", "/webhooks/*", status=503, times=None)
    states: list[State] = []
    world.easel.stages.listeners.append(lambda _, state: states.append(state))
    result = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await until(lambda: State.DRAWN in states)
    assert result.response is not None
    refused = await world.alice.click(result.response, label="Cancel")
    [told] = refused.followups
    assert told.ephemeral
    assert told.content == sentence("cancel_too_late")
    world.env.backend.faults.clear()
    await world.drawn()
    assert list(buttons(result)) == UNDER_A_RESULT
    await trouble.nothing_counted(but=1)

"""Those who wait see their place and an honest time, then «drawing», then the picture."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

import pytest

from bot.domain.jobs import State
from bot.front import progress
from tests.flows.conftest import World
from tests.flows.trouble import SetClock
from tests.flows.waiting import UNDER_A_RESULT, buttons, job_of, shown, until, watch

FAST_S = 0.05


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is looked at all the time."""
    monkeypatch.setattr(progress, "EVERY_S", FAST_S)


async def ends(world: World, count: int) -> list[State]:
    return sorted([(await world.ended())[1] for _ in range(count)])


async def test_from_the_place_in_line_to_the_picture(world: World) -> None:
    edits = watch(world).edits
    world.provider.delay_s = 0.8
    first = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    second = await world.bob.slash(world.channel, "imagine", prompt="a boat")
    third = await world.mod.slash(world.channel, "imagine", prompt="a *lamp*")
    assert shown(first) == f"🎨 Drawing “a kite” for <@{world.alice.id}> …"
    assert shown(second) == f"🎨 “a boat” for <@{world.bob.id}>: next in line"
    assert shown(third) == f"🎨 “a \\*lamp\\*” for <@{world.mod.id}>: number 2 in line"
    for result in (first, second, third):
        assert list(buttons(result)) == ["Cancel"]
    assert await ends(world, 3) == [State.SETTLED] * 3
    assert list(buttons(third)) == UNDER_A_RESULT
    said = [(edit.said, edit.result) for edit in edits if "lamp" in edit.said]
    [next_in_line, drawing, (_, picture)] = said
    assert next_in_line == (f"🎨 “a \\*lamp\\*” for <@{world.mod.id}>: next in line", False)
    assert drawing == (f"🎨 Drawing “a \\*lamp\\*” for <@{world.mod.id}> …", False)
    assert picture
    assert [edit.result for edit in edits if "boat" in edit.said] == [False, True]
    assert [edit.result for edit in edits if "kite" in edit.said] == [True]


async def test_a_time_is_said_where_it_was_measured(world: World) -> None:
    world.provider.delay_s = 0.3
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await world.drawn()
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql("UPDATE jobs SET took_s = 31.0")
    await world.restart()
    world.provider.delay_s = 0.8
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    second = await world.bob.slash(world.channel, "imagine", prompt="a boat")
    assert shown(second).endswith(": next in line, ready in about 90 seconds")
    await ends(world, 2)


async def test_replies_in_the_channel_are_edited_too(world: World) -> None:
    edits = watch(world).edits
    world.provider.delay_s = 0.8
    for word in ("kite", "boat", "lamp"):
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a {word}")
    assert await ends(world, 3) == [State.SETTLED] * 3
    assert all(edit.path.startswith("/channels/") for edit in edits)
    said = [edit.said for edit in edits if "boat" in edit.said and not edit.result]
    assert said[-1].startswith("🎨 Drawing")
    assert len([one for one in world.messages() if one["attachments"]]) == 3


async def test_the_first_answer_knows_the_fair_order(world: World) -> None:
    """Behind somebody with many, who asks for one is next."""
    world.provider.delay_s = 0.6
    await world.bob.slash(world.channel, "imagine", prompt="a kite", count=4)
    result = await world.alice.slash(world.channel, "imagine", prompt="a boat")
    assert "next in line" in shown(result)
    assert await ends(world, 5) == [State.SETTLED] * 5


async def test_further_pictures_wait_each_for_itself(world: World) -> None:
    world.provider.delay_s = 0.6
    result = await world.alice.slash(world.channel, "imagine", prompt="a kite", count=3)
    assert result.response is not None
    texts = [shown(result)] + [" ".join(str(one.components)) for one in result.followups]
    assert "Drawing" in texts[0]
    edits = watch(world).edits
    assert await ends(world, 3) == [State.SETTLED] * 3
    assert len([edit for edit in edits if edit.said.startswith("🎨 Drawing")]) == 2
    assert all(one.attachments for one in (result.response, *result.followups))


async def test_private_ones_too(world: World) -> None:
    edits = watch(world).edits
    world.provider.delay_s = 0.6
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    result = await world.bob.slash(world.channel, "imagine", prompt="a boat", private=True)
    assert result.ephemeral
    assert "next in line" in shown(result)
    await ends(world, 2)
    assert any(edit.said.startswith("🎨 Drawing “a boat”") for edit in edits)


async def test_nothing_is_edited_that_has_not_changed(world: World) -> None:
    world.provider.delay_s = 1.5
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await world.bob.slash(world.channel, "imagine", prompt="a boat")
    edits = watch(world).edits
    await asyncio.sleep(0.5)
    assert edits == []
    await ends(world, 2)


async def test_an_edit_that_fails_matters_to_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    world.provider.delay_s = 0.8
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    result = await world.bob.slash(world.channel, "imagine", prompt="a boat")
    path = f"/webhooks/*{job_of(result)}*"  # the token of the simulation has the id in it
    world.env.inject_error("PATCH", path, status=403, code=50013)
    await until(lambda: "could not say how job" in caplog.text)
    [record] = [one for one in caplog.records if "could not say how" in one.message]
    assert record.levelno == logging.INFO
    assert await ends(world, 2) == [State.SETTLED] * 2
    assert list(buttons(result)) == UNDER_A_RESULT


async def test_no_edit_follows_the_answer(world: World) -> None:
    edits = watch(world).edits
    world.provider.delay_s = 0.1
    for number in range(8):
        await world.alice.slash(world.channel, "imagine", prompt=f"kite{number}x")
    await ends(world, 8)
    await asyncio.sleep(4 * FAST_S)
    for number in range(8):
        results = [edit.result for edit in edits if f"kite{number}x" in edit.said]
        assert results.count(True) == 1
        assert results[-1]


class TestAtAStop:
    async def test_who_waits_is_told_and_keeps_the_place(self, world: World) -> None:
        world.provider.delay_s = 30.0
        broken = await world.alice.slash(world.channel, "imagine", prompt="a kite")
        kept = await world.bob.slash(world.channel, "imagine", prompt="a boat")
        last = await world.mod.slash(world.channel, "imagine", prompt="a lamp")
        edits = watch(world).edits
        world.provider.delay_s = 0.6
        await world.easel.bot.close()
        assert [edit.said.partition(": ")[2] for edit in edits] == [
            "I'm restarting; its place in line is kept.",
            "I'm restarting; its place in line is kept.",
            "I'm restarting in the middle of it; what became of it shows here in a moment.",
        ]
        assert "I'm restarting" in shown(broken)
        await world.restart()
        # The slot is free when they come back: one of them has it, the other is next.
        await until(
            lambda: any("next in line" in shown(one) for one in (kept, last)),
            "the place after the restart",
        )
        assert await ends(world, 3) == [State.SETTLED, State.SETTLED, State.UNKNOWN]
        assert list(buttons(kept)) == UNDER_A_RESULT
        assert list(buttons(broken)) == ["Try again"]

    class TestWithGrace:
        @pytest.fixture
        def settings(self, settings: dict[str, str]) -> dict[str, str]:
            return {**settings, "EASEL_GRACE": "10"}

        async def test_what_is_drawn_meanwhile_is_posted(self, world: World) -> None:
            world.provider.delay_s = 1.0
            first = await world.alice.slash(world.channel, "imagine", prompt="a kite")
            second = await world.bob.slash(world.channel, "imagine", prompt="a boat")
            closing = asyncio.create_task(world.easel.bot.close())
            await until(lambda: "place in line is kept" in shown(second))
            assert "Drawing" in shown(first), "it is told while the other is still drawn"
            await closing
            assert list(buttons(first)) == UNDER_A_RESULT
            await world.restart()
            await ends(world, 2)


class TestWithATokenThatDied:
    @pytest.fixture
    def clock(self) -> SetClock:
        return SetClock()

    async def test_the_message_is_edited_itself(self, world: World, clock: SetClock) -> None:
        world.provider.delay_s = 0.8
        await world.alice.slash(world.channel, "imagine", prompt="a kite")
        result = await world.bob.slash(world.channel, "imagine", prompt="a boat")
        later = dt.timedelta(minutes=15)
        clock.at += later
        world.env.backend.advance_clock(later.total_seconds())
        edits = watch(world).edits
        await ends(world, 2)
        assert [edit.path.split("/")[1] for edit in edits] == ["channels"] * len(edits)
        assert any(edit.said.startswith("🎨 Drawing “a boat”") for edit in edits)
        assert list(buttons(result)) == UNDER_A_RESULT

"""Consent that is taken back stops what waits to be drawn with it."""

from __future__ import annotations

import asyncio

import pytest
from simcord.results import InteractionResult

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.ui.texts import sentence
from tests.flows.casting import colours, kept
from tests.flows.conftest import World
from tests.flows.spoken import answer, said
from tests.flows.test_asking import photo
from tests.flows.test_consent import AGREE, DECLINE, WITHDRAW, press, save_bobs
from tests.flows.test_purge import copies
from tests.flows.trouble import Trouble

GONE = sentence("character_picture_gone")


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def waits(world: World) -> InteractionResult:
    """Bob has agreed, and a request with his character waits behind another one."""
    await save_bobs(world)
    await press(world, world.bob, AGREE)
    world.provider.delay_s = 1.5
    await world.mod.slash(world.channel, "imagine", prompt="a boat")
    return await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")


async def withdraw(world: World) -> None:
    shown = await world.bob.slash(world.channel, "character show", name="bobby")
    await world.bob.click(answer(shown), label=WITHDRAW)


async def ends(world: World, count: int) -> dict[JobId, State]:
    return dict([await world.ended() for _ in range(count)])


async def test_it_is_not_drawn_and_costs_nothing(world: World, trouble: Trouble) -> None:
    waiting = await waits(world)
    await withdraw(world)
    assert copies(world) == set()
    ended = await ends(world, 2)
    assert sorted(ended.values()) == [State.FAILED, State.SETTLED]
    assert trouble.asked() == 1
    assert said(waiting)[0] == GONE
    assert [usage.used for usage in await trouble.usage()] == [0, 1, 1]
    await trouble.nothing_open()
    # Nor is it when it is asked for again.
    await world.alice.click(answer(waiting), label="Try again")
    _, state = await world.ended()
    assert state is State.FAILED
    assert world.said()[-1].startswith(GONE)
    assert trouble.asked() == 1


async def test_after_a_restart(world: World, trouble: Trouble) -> None:
    await waits(world)
    await withdraw(world)
    await world.restart()
    assert State.FAILED in (await ends(world, 2)).values()
    assert trouble.asked() == 1
    await trouble.nothing_open()


async def test_what_was_given_otherwise_is_drawn(world: World, trouble: Trouble) -> None:
    """The same picture, attached by somebody who waits: that is none of the character's."""
    await save_bobs(world)
    [file] = copies(world)
    world.provider.delay_s = 1.0
    first = await world.mod.slash(
        world.channel, "imagine", prompt="a boat", image=("me.png", photo("red"))
    )
    async with asyncio.timeout(10):
        while trouble.asked() == 0:  # noqa: ASYNC110 -- the provider has no event for it
            await asyncio.sleep(0.02)
    await press(world, world.bob, DECLINE)
    assert await kept(world) == []
    assert copies(world) == {file}
    await world.drawn()
    assert len(colours(world)) == 1
    assert answer(first).attachments


async def test_its_owner_may_delete_it_and_what_waits_is_drawn(world: World) -> None:
    await waits(world)
    await world.alice.slash(world.channel, "character delete", name="bobby")
    assert set((await ends(world, 2)).values()) == {State.SETTLED}
    assert len(colours(world)) == 1

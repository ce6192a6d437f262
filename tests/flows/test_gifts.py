"""Gifts: given by moderators, shown in `/quota`, used after the day's own, given back."""

from __future__ import annotations

import pytest

from bot.domain.jobs import State
from bot.domain.quotas import gifts
from bot.standins.provider.faults import Fault, Kind
from bot.storage import ledger
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.spoken import answer, buttons, said
from tests.flows.test_describe import describe


async def left(world: World, user_id: int) -> int:
    async with world.easel.database.reading() as conn:
        return (await ledger.gifts(conn, gifts(world.guild.id, user_id))).left


async def draw(world: World) -> State:
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    return (await world.ended())[1]


async def test_gifts_are_used_when_the_day_is_used_up(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=1)
    given = await world.mod.slash(world.channel, "gift", user=world.alice, pictures=2)
    assert not given.ephemeral
    assert f"<@{world.alice.id}> 2 extra pictures" in said(given)[0]
    assert await draw(world) is State.SETTLED
    assert await left(world, world.alice.id) == 2
    await world.restart()
    assert await draw(world) is State.SETTLED
    assert await left(world, world.alice.id) == 1
    shown = await world.alice.slash(world.channel, "quota")
    assert "**Gifts to you, used after today's**: 1 of 2 left; they don't expire" in said(shown)[1]
    assert await draw(world) is State.SETTLED
    refused = await world.alice.slash(world.channel, "imagine", prompt="one more")
    assert refused.ephemeral
    assert "You have used 1 of your 1 pictures" in answer(refused).content
    shown = await world.alice.slash(world.channel, "quota")
    assert "Gifts" not in said(shown)[1]


async def test_a_gift_comes_back_when_there_is_no_picture(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=0)
    await world.mod.slash(world.channel, "gift", user=world.alice, pictures=1)
    world.provider.faults.once(Fault(Kind.STATUS, status=400))
    assert await draw(world) is State.FAILED
    assert await left(world, world.alice.id) == 1


async def test_presses_at_once_use_the_day_and_then_the_gifts(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=2)
    await world.mod.slash(world.channel, "gift", user=world.alice, pictures=3)
    world.provider.delay_s = 0.3
    results = [
        await world.alice.slash(world.channel, "imagine", prompt=f"kite {number}")
        for number in range(9)
    ]
    ends = [(await world.ended())[1] for _ in range(5)]
    assert ends == [State.SETTLED] * 5
    assert sum(result.ephemeral for result in results) == 4
    assert await left(world, world.alice.id) == 0
    assert world.ends.empty()


async def test_who_has_gifts_gets_words_too(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=0)
    assert said(await describe(world)) == [sentence("quota_none")]
    await world.mod.slash(world.channel, "gift", user=world.alice, pictures=1)
    assert len(buttons(await describe(world))) == 4
    assert await left(world, world.alice.id) == 1


async def test_who_may_not(world: World) -> None:
    with pytest.raises(Exception, match="not visible"):
        await world.alice.slash(world.channel, "gift", user=world.alice, pictures=2)
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    refused = await world.mod.slash(world.channel, "gift", user=robot, pictures=2)
    assert refused.ephemeral
    assert answer(refused).content == sentence("gift_bot")


async def test_a_gift_is_for_one_server(world: World) -> None:
    await world.mod.slash(world.channel, "gift", user=world.alice, pictures=2)
    async with world.easel.database.reading() as conn:
        elsewhere = await ledger.gifts(conn, gifts(world.guild.id + 1, world.alice.id))
    assert elsewhere.left == 0

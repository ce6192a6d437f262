"""Quotas as people and moderators meet them."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.jobs import State
from tests.flows.conftest import World
from tests.flows.reading import texts_of


async def test_quota_shows_what_is_left(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="one")
    await world.drawn()
    result = await world.alice.slash(world.channel, "quota")
    assert result.ephemeral
    assert result.response is not None
    shown = " ".join(texts_of(result.response.components))
    assert "19 of 20" in shown
    assert "199 of 200" in shown
    assert "1999 of 2000" in shown
    assert "<t:" in shown


async def test_only_moderators_change_limits(world: World) -> None:
    with pytest.raises(Exception, match="not visible"):
        await world.alice.slash(world.channel, "limits", person_day=1)
    result = await world.mod.slash(world.channel, "limits", person_day=3, server_day=5)
    assert result.response is not None
    shown = " ".join(texts_of(result.response.components))
    assert "3" in shown
    assert "5" in shown
    assert "2000" in shown


@pytest.mark.parametrize("limit", ["person_day", "server_day", "server_month"])
async def test_a_used_up_limit_is_named_with_its_return(world: World, limit: str) -> None:
    await world.mod.slash(world.channel, "limits", **{limit: 1})
    await world.alice.slash(world.channel, "imagine", prompt="one")
    await world.drawn()
    refused = await world.alice.slash(world.channel, "imagine", prompt="two")
    assert refused.ephemeral
    assert refused.response is not None
    assert "<t:" in refused.response.content
    assert len([call for call in world.provider.calls if call.route == "chat"]) == 1


async def test_in_direct_messages_the_persons_own_limit_holds(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=0)
    refused = await world.alice.slash(world.channel, "imagine", prompt="one")
    assert refused.ephemeral
    await world.alice.send_dm("a quiet pond")
    _, state = await world.ended()
    assert state is State.SETTLED


async def test_many_at_once_never_pass_a_limit(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=5)
    for number in range(12):
        await world.alice.slash(world.channel, "imagine", prompt=f"number {number}")
    ends = [await world.ended() for _ in range(5)]
    assert {state for _, state in ends} == {State.SETTLED}
    await asyncio.sleep(0.3)
    assert world.ends.empty()
    assert len([call for call in world.provider.calls if call.route == "chat"]) == 5

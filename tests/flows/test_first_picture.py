"""The first picture: drawn, edited by reply and by form, counted."""

from __future__ import annotations

from bot.domain.jobs import State
from tests.flows.conftest import World


async def test_imagine_draws(world: World) -> None:
    result = await world.alice.slash(world.channel, "imagine", prompt="a red kite over a harbour")
    assert result.acknowledged
    message = await world.drawn()
    picture = await world.bytes_of(message)
    assert picture == world.provider.said[0].pictures[0].data
    assert message.attachments[0].description == "a red kite over a harbour"
    [call] = [call for call in world.provider.calls if call.route == "chat"]
    assert "a red kite over a harbour" in str(call.body)


async def test_a_reply_edits_the_picture_replied_to(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.alice.slash(world.channel, "imagine", prompt="a blue boat")
    await world.drawn()
    await world.bob.send(world.channel, "make it night", reply_to=first)
    edited = await world.drawn()
    assert edited.attachments
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 1
    text = str(call.body)
    assert "a red kite" in text
    assert "make it night" in text
    assert "a blue boat" not in text


async def test_quota_counts_and_refuses(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=1)
    await world.alice.slash(world.channel, "imagine", prompt="one")
    await world.drawn()
    refused = await world.alice.slash(world.channel, "imagine", prompt="two")
    assert refused.ephemeral
    assert world.ends.empty()
    shown = await world.alice.slash(world.channel, "quota")
    assert shown.ephemeral


async def test_a_refusal_is_told_and_costs_no_quota(world: World) -> None:
    from bot.standins.provider import Fault, Kind

    world.provider.faults.once(Fault(Kind.REFUSE_TEXT))
    await world.alice.slash(world.channel, "imagine", prompt="one")
    _, state = await world.ended()
    assert state is State.REFUSED

"""Discord does not take the answer where it belongs, or not now."""

from __future__ import annotations

import asyncio

import discord
import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.ui.present import NEEDED
from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.trouble import KEY, WISH, Trouble

PERMISSIONS = {"permissions": [name.replace("_", " ").title() for name in NEEDED]}


def mention(world: World) -> str:
    return f"<@{world.env.backend.bot_user.id}> {WISH}"


def forbid(world: World, method: str, path: str, times: int | None = None) -> None:
    world.env.inject_error(method, path, status=403, code=50013, times=times)


def pictures(world: World) -> list[int]:
    """The messages that hold a picture, wherever they are."""
    stored = world.env.backend.messages.values()
    return [one.id for channel in stored for one in channel.values() if one.attachments]


async def test_no_permission_to_post_sends_it_directly(trouble: Trouble, world: World) -> None:
    path = f"/channels/{world.channel.id}/messages*"
    await world.alice.send(world.channel, mention(world))
    [answer] = world.said()
    assert "Drawing" in answer
    forbid(world, "PATCH", path, times=1)
    forbid(world, "POST", path)
    picture = await world.drawn()
    assert picture.channel.id == world.env.backend.dm_channels[world.alice.id]
    # «drawing» does not stand there for ever.
    assert world.said() == [say("delivered_directly", user=world.alice.id)]
    assert pictures(world) == [picture.id]
    assert trouble.asked() == 1
    world.env.backend.faults.clear()
    await trouble.over()


async def test_no_permission_to_attach_is_told_where_it_was_asked(
    trouble: Trouble, world: World
) -> None:
    await world.alice.send(world.channel, mention(world))
    path = f"/channels/{world.channel.id}/messages*"
    forbid(world, "PATCH", path, times=1)
    forbid(world, "POST", path, times=1)
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=1)
    job_id, state = await world.ended()
    row = await world.row(job_id)
    assert (row.error_key, state) == ("delivery_permission", State.FAILED)
    assert world.said()[-1].startswith(sentence("delivery_permission", PERMISSIONS))
    assert trouble.asked() == 1
    assert pictures(world) == []
    await trouble.nothing_counted()
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros
    await trouble.over()


async def test_nobody_can_be_reached_at_all(trouble: Trouble, world: World) -> None:
    forbid(world, "*", "/channels/*")
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await world.alice.send(world.channel, mention(world))
    _, state = await world.ended()
    assert state is State.FAILED
    assert "nobody could be told" in trouble.log.text
    assert trouble.asked() == 1
    world.env.backend.faults.clear()
    assert world.said() == []
    await trouble.nothing_counted()
    await trouble.over()


async def test_drawing_was_deleted_meanwhile(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.5
    result = await trouble.imagine()
    assert result.response is not None
    await world.mod.delete(result.response.message)
    picture = await world.drawn()
    assert picture.channel.id == world.channel.id
    assert pictures(world) == [picture.id]
    assert trouble.asked() == 1
    await trouble.over()


async def test_the_question_was_deleted_meanwhile(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.5
    message = await world.alice.send(world.channel, mention(world))
    [answer] = [one for one in world.messages() if one["author"]["id"] != str(world.alice.id)]
    await world.mod.delete(world.message(int(answer["id"])))
    await world.alice.delete(message)
    picture = await world.drawn()
    assert picture.channel.id == world.channel.id
    assert pictures(world) == [picture.id]
    await trouble.over()


async def test_an_ephemeral_answer_was_dismissed(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.5
    result = await trouble.imagine(private=True)
    assert result.response is not None
    world.env.backend.delete_message(world.channel.id, result.response.id)
    picture = await world.drawn()
    assert picture.channel.id == world.env.backend.dm_channels[world.alice.id]
    assert pictures(world) == [picture.id]
    await trouble.over()


async def test_discord_is_away_for_a_while(trouble: Trouble, world: World) -> None:
    for status in (500, 503):
        world.env.inject_error("PATCH", "/webhooks/*", status=status, times=2)
        result = await trouble.imagine()
        picture = await world.drawn()
        assert result.response is not None
        assert result.response.id == picture.id
    assert trouble.asked() == 2
    assert len(pictures(world)) == 2
    await trouble.over()


async def test_a_sentence_is_told_later_too(trouble: Trouble, world: World) -> None:
    world.provider.key = "another"
    world.env.inject_error("PATCH", "/webhooks/*", status=502, times=2)
    await trouble.job_told(await trouble.imagine(), "provider_key")
    assert trouble.asked() == 1
    world.provider.key = KEY
    await trouble.nothing_counted()
    await trouble.over()


@pytest.mark.parametrize(("status", "code"), [(500, 0), (404, 10062), (400, 40060)])
async def test_the_first_answer_fails(
    trouble: Trouble, world: World, status: int, code: int
) -> None:
    world.env.inject_error("POST", "/interactions/*", status=status, code=code)
    result = await trouble.imagine()
    assert not result.acknowledged
    picture = await world.drawn()
    assert picture.channel.id == world.channel.id
    assert len(world.said()) == 1
    assert trouble.asked() == 1
    await trouble.over()


async def test_the_first_reply_fails(trouble: Trouble, world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500)
    message = await world.alice.send(world.channel, mention(world))
    picture = await world.drawn()
    assert picture.reference is not None
    assert picture.reference.message_id == message.id
    assert len(world.said()) == 1
    await trouble.over()


async def test_the_channel_is_gone(trouble: Trouble, world: World) -> None:
    other = world.guild.create_text_channel("other")
    world.provider.delay_s = 0.5
    await world.alice.slash(other, "imagine", prompt=WISH)
    world.env.inject_error("*", f"/channels/{other.id}*", status=404, code=10003, times=None)
    world.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=2)
    picture = await world.drawn()
    assert picture.channel.id == world.env.backend.dm_channels[world.alice.id]
    world.env.backend.faults.clear()
    await trouble.over()


async def test_a_button_under_a_message_that_is_gone(trouble: Trouble, world: World) -> None:
    await trouble.imagine()
    picture = await world.drawn()
    world.env.inject_error("DELETE", "/webhooks/*", status=403, code=50013)
    refused: InteractionResult = await world.alice.select(picture, ["delete"])
    [told] = refused.followups
    assert told.ephemeral
    assert told.content == sentence("delivery_permission", PERMISSIONS)
    await asyncio.sleep(0)
    assert isinstance(world.message(picture.id), discord.Message)
    await trouble.over()

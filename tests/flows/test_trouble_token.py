"""Drawing took so long that the interaction's token has expired."""

from __future__ import annotations

import datetime as dt

import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.trouble import SetClock, Trouble

TOKEN_LIFE = dt.timedelta(minutes=15)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_TIMEOUT": "3"}


async def slow(
    trouble: Trouble, clock: SetClock, after: dt.timedelta = TOKEN_LIFE, **options: object
) -> InteractionResult:
    """Ask for a picture, and let so much time pass before it is drawn."""
    trouble.world.provider.delay_s = 0.5
    result = await trouble.imagine(**options)
    clock.at += after
    trouble.world.env.backend.advance_clock(TOKEN_LIFE.total_seconds())
    return result


def calls_by_token(world: World) -> list[str]:
    return [one.path for one in world.env.http_requests if one.path.startswith("/webhooks/")]


async def test_the_picture_comes_as_a_channel_message(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    result = await slow(trouble, clock)
    picture = await world.drawn()
    assert result.response is not None
    assert (picture.id, picture.channel.id) == (result.response.id, world.channel.id)
    assert calls_by_token(world) == []
    assert world.env.http_requests[-1].path == f"/channels/{world.channel.id}/messages/{picture.id}"
    assert trouble.asked() == 1
    await trouble.over()


async def test_as_a_new_one_when_the_answer_is_gone(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    result = await slow(trouble, clock)
    assert result.response is not None
    await world.mod.delete(result.response.message)
    picture = await world.drawn()
    assert picture.channel.id == world.channel.id
    assert len(world.said()) == 1
    await trouble.over()


async def test_a_private_one_as_a_direct_message(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    await slow(trouble, clock, private=True)
    picture = await world.drawn()
    assert picture.channel.id == world.env.backend.dm_channels[world.alice.id]
    assert not [one for one in world.messages() if one["attachments"]]
    await trouble.over()


async def test_a_private_one_waits_for_who_takes_no_direct_messages(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await slow(trouble, clock, private=True)
    assert (await world.ended())[1] is State.SETTLED
    [note] = [one for one in world.messages() if "Show it to me" in str(one["components"])]
    assert world.said()[-1] == say("waits_here", user=world.alice.id)
    assert not note["attachments"]
    world.env.backend.faults.clear()
    await world.restart()
    message = world.message(int(note["id"]))
    others = await world.bob.click(message, label="Show it to me")
    assert trouble.shown(others) == sentence("history_gone")
    mine = await world.alice.click(message, label="Show it to me")
    assert mine.response is not None
    assert mine.response.ephemeral
    [attachment] = mine.response.attachments
    assert attachment.size == len(world.provider.said[-1].pictures[0].data)
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_a_private_picture_is_gone_on_from_in_its_direct_message(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    await slow(trouble, clock, private=True)
    picture = await world.drawn()
    reference = {"channel_id": str(picture.channel.id), "message_id": str(picture.id)}
    await world.alice.user.send_dm("make it night", reference=reference)
    night = await world.drawn()
    assert night.channel.id == picture.channel.id
    answers = world.messages(world.alice.user.dm_channel)
    own = str(world.env.backend.bot_user.id)
    assert [len(one["attachments"]) for one in answers if one["author"]["id"] == own] == [1, 1]


async def test_discord_ends_the_token_a_little_early(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    await slow(trouble, clock, after=dt.timedelta(minutes=14))
    picture = await world.drawn()
    assert len(calls_by_token(world)) == 1
    assert picture.channel.id == world.channel.id
    assert len(world.said()) == 1
    await trouble.over()


async def test_a_sentence_comes_as_a_channel_message_too(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=400, delay_s=0.5))
    result = await slow(trouble, clock)
    await trouble.job_told(result, "provider_bad_request")
    assert calls_by_token(world) == []
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_private_sentence_as_a_direct_message(
    trouble: Trouble, world: World, clock: SetClock
) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=400, delay_s=0.5))
    await slow(trouble, clock, private=True)
    _, state = await world.ended()
    assert state is State.FAILED
    [told] = world.said(world.alice.user.dm_channel)
    assert told.startswith(sentence("provider_bad_request"))
    await trouble.nothing_counted()
    await trouble.over()

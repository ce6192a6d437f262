"""Replies to messages of ours that have no picture, or have one no more."""

from __future__ import annotations

import discord
import pytest

from bot.standins.provider import Fault
from bot.standins.provider.faults import Kind
from bot.storage import turns
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.test_asking import photo
from tests.flows.test_branches import drawing_calls, edited
from tests.flows.waiting import until

WORDS = "make it night"


def last_of_ours(world: World) -> discord.Message:
    own = str(world.env.backend.bot_user.id)
    ours = [one for one in world.messages() if one["author"]["id"] == own]
    return world.message(int(ours[-1]["id"]))


async def refused(
    world: World, original: discord.Message, *keys: str, mention: bool = False
) -> None:
    """A reply to a message is answered with one of these sentences, and nothing is drawn."""
    calls, messages = len(drawing_calls(world)), len(world.messages())
    said = f"<@{world.env.backend.bot_user.id}> {WORDS}" if mention else WORDS
    await world.bob.send(world.channel, said, reply_to=original)
    assert world.said()[-1] in {sentence(key) for key in keys}
    assert len(world.messages()) == messages + 2
    assert len(drawing_calls(world)) == calls
    assert world.ends.empty()


async def test_a_refusal(world: World) -> None:
    world.provider.faults.always(Fault(Kind.REFUSE_TEXT))
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    await world.ended()
    world.provider.faults.clear()
    await world.restart()
    await refused(world, last_of_ours(world), "reply_no_picture", "nothing_to_edit")


async def test_an_answer_in_words(world: World) -> None:
    await world.alice.slash(world.channel, "describe", image=("a.png", photo("red")))
    await refused(world, last_of_ours(world), "reply_no_picture", "nothing_to_edit")


async def test_drawing(world: World) -> None:
    world.provider.delay_s = 2.0
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    await until(lambda: bool(drawing_calls(world)), "the call")
    await refused(world, last_of_ours(world), "reply_no_picture", "nothing_to_edit")
    await world.drawn()


@pytest.mark.parametrize("mention", [False, True])
async def test_a_picture_that_is_forgotten(world: World, *, mention: bool) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    again = await edited(world, world.bob, WORDS, first)
    # Its row alone: the message could not be deleted.
    async with world.easel.database.transaction() as conn:
        turn = await turns.by_message(conn, again.id)
        assert turn is not None
        await turns.forget(conn, turn.id)
    await world.restart()
    await refused(world, world.message(again.id), "parent_gone", mention=mention)
    await edited(world, world.bob, WORDS, first)

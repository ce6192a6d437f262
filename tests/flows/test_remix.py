"""Whose pictures may be gone on from: `/remix`, whatever the door."""

from __future__ import annotations

import discord
import pytest
from simcord.results import InteractionResult

from bot.ui.texts import say, sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import photo
from tests.flows.test_branches import drawing_calls, edited

FIRST = "a red kite"


def said(result: InteractionResult) -> str:
    assert result.response is not None
    return " ".join(texts_of(result.response.components)) or result.response.content


async def set_to(world: World, who: str) -> str:
    result = await world.alice.slash(world.channel, "remix", who=who)
    assert result.ephemeral
    return said(result)


@pytest.fixture
async def mine(world: World) -> discord.Message:
    """A picture of Alice's, who keeps hers to herself."""
    await world.alice.slash(world.channel, "imagine", prompt=FIRST, image=("a.png", photo("red")))
    picture = await world.drawn()
    await set_to(world, "me")
    await world.restart()
    return world.message(picture.id)


async def test_the_setting_is_shown_and_changed(world: World) -> None:
    result = await world.alice.slash(world.channel, "remix")
    assert say("remix_everyone") in said(result)
    assert say("remix_me") in await set_to(world, "me")
    await world.restart()
    assert say("remix_me") in said(await world.alice.slash(world.channel, "remix"))
    assert say("remix_everyone") in said(await world.bob.slash(world.channel, "remix"))
    assert say("remix_everyone") in await set_to(world, "everyone")


@pytest.mark.parametrize("label", ["Edit", "Again", "Vary", "Continue"])
async def test_nobody_else_presses_the_buttons(
    world: World, mine: discord.Message, label: str
) -> None:
    for other in (world.bob, world.mod):  # moderators are not exempt
        refused = await other.click(mine, label=label)
        assert refused.ephemeral
        assert refused.modal is None
        assert said(refused) == sentence("remix_mine")
    assert len(drawing_calls(world)) == 1
    assert world.ends.empty()


async def test_a_reply_is_refused_too(world: World, mine: discord.Message) -> None:
    await world.bob.send(world.channel, "make it night", reply_to=mine)
    assert world.said()[-1] == sentence("remix_mine")
    refused = await world.bob.context_menu(world.channel, "Edit picture", mine)
    assert said(refused) == sentence("remix_mine")
    assert len(drawing_calls(world)) == 1


async def test_a_form_that_was_open_before(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    edit = await world.bob.click(first, label="Edit")
    vary = await world.bob.click(first, label="Vary")
    await set_to(world, "me")
    for answered in (
        await world.bob.submit_modal(edit, {"words": "make it night"}),
        await world.bob.submit_modal(vary, {"count": ["2"]}),
    ):
        assert said(answered) == sentence("remix_mine")
    assert len(drawing_calls(world)) == 1


async def test_what_was_made_before_belongs_to_its_maker(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    second = await edited(world, world.bob, "make it night", first)
    await set_to(world, "me")
    await edited(world, world.mod, "add a moon", second)
    # The same again would be made from hers.
    refused = await world.bob.click(world.message(second.id), label="Again")
    assert said(refused) == sentence("remix_mine")


async def test_its_owner_goes_on(world: World, mine: discord.Message) -> None:
    await edited(world, world.alice, "make it night", mine)
    await world.alice.click(world.message(mine.id), label="Again")
    await world.drawn()
    await set_to(world, "everyone")
    await edited(world, world.bob, "add a boat", mine)


async def test_looking_is_not_remixing(world: World, mine: discord.Message) -> None:
    assert FIRST in said(await world.bob.select(mine, ["info"]))
    second = await edited(world, world.alice, "make it night", mine)
    assert say("compare_title") in said(await world.bob.click(second, label="Compare"))

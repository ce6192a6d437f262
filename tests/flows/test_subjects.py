"""Whom a picture shows is remembered, so that a character made from it asks them."""

from __future__ import annotations

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.domain.characters import Consent
from bot.domain.jobs import State
from bot.ui.texts import sentence
from tests.flows.casting import kept, refused
from tests.flows.conftest import World
from tests.flows.spoken import answer, said
from tests.flows.test_branches import edited
from tests.flows.test_consent import AGREE, carol, press, save_bobs
from tests.flows.trouble import Trouble

REFUSED = sentence("portraits_refused")


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def portrait(world: World, who: MemberActor) -> InteractionResult:
    """Alice asks for a picture with somebody's avatar."""
    form = await world.alice.context_menu(world.channel, "Draw with avatar", who)
    return await world.alice.submit_modal(form, {"words": "as an astronaut"})


async def saved(world: World, picture: discord.Message, name: str) -> InteractionResult:
    form = await world.alice.context_menu(world.channel, "Save as character", picture)
    return await world.alice.submit_modal(form, {"name": name})


async def test_a_picture_of_an_avatar_asks_its_member(world: World) -> None:
    who = carol(world)
    await portrait(world, who)
    first = await world.drawn()
    second = await edited(world, world.alice, "make it night", first)
    await world.alice.click(world.message(second.id), label="Again")
    third = await world.drawn()
    form = await world.alice.click(third, label="Vary")
    await world.alice.submit_modal(form, {"count": ["1"]})
    fourth = await world.drawn()
    await world.restart()
    for number, message in enumerate((first, second, third, fourth)):
        result = await saved(world, world.message(message.id), f"c{number}")
        assert f"I asked <@{who.id}>" in said(result)[0], number
        character = (await kept(world))[0]
        assert (character.consent, character.subject_id) == (Consent.ASKED, who.id)
        waiting = await world.alice.slash(world.channel, "imagine", prompt=f"@c{number} flies")
        refused(waiting, "character_waits", name=f"c{number}")
        await world.alice.slash(world.channel, "character delete", name=f"c{number}")


async def test_a_picture_of_a_character_asks_its_member(world: World) -> None:
    await save_bobs(world)
    await press(world, world.bob, AGREE)
    await world.alice.slash(world.channel, "imagine", prompt="@bobby sails")
    result = await saved(world, await world.drawn(), "Sailor")
    assert f"I asked <@{world.bob.id}>" in said(result)[0]


async def test_somebody_else_in_ones_own_picture_is_asked(world: World) -> None:
    await save_bobs(world)
    await press(world, world.bob, AGREE)
    await portrait(world, world.alice)
    beside = await edited(world, world.alice, "only @bobby now", await world.drawn())
    result = await saved(world, beside, "Pair")
    assert f"I asked <@{world.bob.id}>" in said(result)[0]


async def test_ones_own_picture_asks_nobody(world: World) -> None:
    await portrait(world, world.alice)
    await saved(world, await world.drawn(), "Me")
    [character] = await kept(world)
    assert character.consent is Consent.NOT_NEEDED


async def test_what_waits_with_an_avatar_is_given_up(world: World, trouble: Trouble) -> None:
    who = carol(world)
    world.provider.delay_s = 1.5
    await world.mod.slash(world.channel, "imagine", prompt="a boat")
    waiting = await portrait(world, who)
    own = await who.context_menu(world.channel, "Draw with avatar", who)
    await who.submit_modal(own, {"words": "as a pirate"})
    await who.slash(world.channel, "character consent", others=False)
    states = sorted([(await world.ended())[1] for _ in range(3)])
    assert states == [State.FAILED, State.SETTLED, State.SETTLED]
    assert trouble.asked() == 2
    assert said(waiting)[0] == REFUSED
    assert [usage.used for usage in await trouble.usage()] == [0, 2, 2]
    again = await world.alice.click(answer(waiting), label="Try again")
    refused(again, "portraits_refused")
    await trouble.nothing_open()


async def test_an_avatar_is_not_drawn_again_after_that(world: World) -> None:
    who = carol(world)
    await portrait(world, who)
    drawn = await world.drawn()
    await who.slash(world.channel, "character consent", others=False)
    refused(await world.alice.click(drawn, label="Again"), "portraits_refused")
    refused(await saved(world, drawn, "Carol"), "portraits_refused")

"""`/remix` «only me» holds for what shows a picture once more, and for what was refused."""

from __future__ import annotations

import discord
from simcord.builders import ChannelHandle

from bot.domain.jobs import State
from bot.standins.provider.faults import Fault, Kind
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.spoken import answer, buttons, said
from tests.flows.test_asking import photo
from tests.flows.test_branches import drawing_calls, edited
from tests.flows.test_stars import STAR, cards, counted, draw, open_gallery

MINE = sentence("remix_mine")
MENUS = ("Edit picture", "Remix", "Save as character")


async def card_of(world: World, picture: discord.Message) -> tuple[ChannelHandle, discord.Message]:
    gallery = await open_gallery(world, 1)
    await world.bob.react(picture, STAR)
    await counted(world, gallery, 1)
    return gallery, world.message(int(cards(world, gallery)[0]["id"]))


async def test_a_card_of_the_gallery_is_its_picture(world: World) -> None:
    gallery, card = await card_of(world, await draw(world))
    await world.alice.slash(world.channel, "remix", who="me")
    await world.restart()
    for name in MENUS:
        assert said(await world.bob.context_menu(gallery, name, card)) == [MINE], name
    bot_id = world.env.backend.bot_user.id
    await world.bob.send(gallery, f"<@{bot_id}> make it night", reply_to=card)
    assert world.said(gallery)[-1] == MINE
    who = await world.bob.context_menu(gallery, "Who made this?", card)
    assert f"<@{world.alice.id}>" in " ".join(said(who))
    assert "by its looks" not in " ".join(said(who))
    assert len(drawing_calls(world)) == 1


async def test_its_owner_goes_on_from_the_card(world: World) -> None:
    picture = await draw(world)
    gallery, card = await card_of(world, picture)
    await world.alice.slash(world.channel, "remix", who="me")
    form = await world.alice.context_menu(gallery, "Edit picture", card)
    await world.alice.submit_modal(form, {"words": "make it night"})
    row = await world.row_of(await world.drawn())
    assert row.wish.parent == (await world.row_of(picture)).id


async def test_a_picture_that_was_gone_back_to_is_saved_by_its_owner_alone(world: World) -> None:
    second = await edited(world, world.alice, "make it night", await draw(world))
    back = answer(await world.bob.select(second, ["undo"]))
    await world.alice.slash(world.channel, "remix", who="me")
    refused = await world.bob.context_menu(
        world.channel, "Save as character", world.message(back.id)
    )
    assert said(refused) == [MINE]


async def test_what_was_refused_is_not_offered_more_softly_to_others(world: World) -> None:
    world.provider.faults.once(Fault(Kind.REFUSE_FINISH, reason="IMAGE_SAFETY"), "chat")
    result = await world.alice.slash(
        world.channel, "imagine", prompt="a fight", image=("a.png", photo("red"))
    )
    _, state = await world.ended()
    assert state is State.REFUSED
    await world.alice.slash(world.channel, "remix", who="me")
    softer = await world.bob.click(answer(result), label="Say it more softly")
    assert said(softer) == [MINE]
    assert not buttons(softer)
    own = await world.alice.click(answer(result), label="Say it more softly")
    assert "more softly" in said(own)[0]

"""`/edit`, `/blend` and «Remix»: own words on pictures that are there."""

from __future__ import annotations

from typing import Any

import discord

from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.test_asking import colour_of, photo
from tests.flows.trouble import Trouble


def chats(world: World) -> list[Any]:
    return [call for call in world.provider.calls if call.route == "chat"]


async def test_edit_takes_the_last_picture_of_the_channel(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.alice.slash(other, "imagine", prompt="a boat")
    await world.drawn()
    await world.bob.slash(world.channel, "imagine", prompt="a secret", private=True)
    await world.drawn()
    await world.restart()
    await world.alice.slash(world.channel, "edit", words="make it night", aspect="16:9")
    row = await world.row_of(await world.drawn())
    assert row.wish.parent == (await world.row_of(first)).id
    assert row.wish.aspect == "16:9"
    assert len(chats(world)[-1].pictures) == 1
    assert "a red kite" in str(chats(world)[-1].body)


async def test_ones_own_private_picture_is_edited_privately(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a secret", private=True)
    await world.drawn()
    result = await world.alice.slash(world.channel, "edit", words="make it night")
    job_id, _ = await world.ended()
    assert result.ephemeral
    assert (await world.row(job_id)).wish.private
    assert len(chats(world)[-1].pictures) == 1


async def test_edit_with_a_picture_and_a_style(world: World) -> None:
    await world.alice.slash(
        world.channel,
        "edit",
        words="a blue hat",
        picture=("cat.png", photo("lime")),
        style="keep",
    )
    row = await world.row_of(await world.drawn())
    assert row.wish.parent is None
    assert "change only this: a blue hat. Keep everything" in str(chats(world)[0].body)
    assert colour_of(chats(world)[0].pictures[0].data) == (0, 16, 0)


async def test_edit_where_there_is_nothing(trouble: Trouble, world: World) -> None:
    result = await world.alice.slash(world.channel, "edit", words="make it night")
    trouble.refused(result, "nothing_to_edit_here")


async def test_edit_respects_who_keeps_their_pictures(trouble: Trouble, world: World) -> None:
    await trouble.imagine()
    await world.drawn()
    await world.alice.slash(world.channel, "remix", who="me")
    result = await world.bob.slash(world.channel, "edit", words="make it night")
    trouble.refused(result, "remix_mine")


async def test_blend_says_which_picture_is_which(world: World) -> None:
    result = await world.alice.slash(
        world.channel,
        "blend",
        picture1=("cat.png", photo("red")),
        picture2=("my_*hat*_@everyone.png", photo("blue")),
        words="the hat of picture 2 on the cat of picture 1",
    )
    row = await world.row_of(await world.drawn())
    assert row.wish.words == "the hat of picture 2 on the cat of picture 1"
    assert row.wish.told.startswith("Make one new image from the given images: the hat of")
    assert row.wish.told.endswith(
        "\n\nThe given images are numbered in their order: picture 1 is the first image, "
        "picture 2 is the second image."
    )
    [call] = chats(world)
    assert [colour_of(one.data) for one in call.pictures] == [(16, 0, 0), (0, 0, 16)]
    [note] = result.followups
    assert note.ephemeral
    said = texts_of(note.components)[0]
    assert "picture 1 is cat.png, picture 2 is my" in said
    assert "*hat*" not in said.replace("\\*", "")
    assert "@everyone" not in said


async def test_a_blend_in_a_style_with_a_character(world: World) -> None:
    await world.alice.slash(
        world.channel, "character save", name="Ada", picture=("ada.png", photo("lime"))
    )
    await world.alice.slash(
        world.channel,
        "blend",
        picture1=("a.png", photo("red")),
        picture2=("b.png", photo("blue")),
        words="@Ada between them",
        style="oil",
    )
    row = await world.row_of(await world.drawn())
    assert row.wish.told.startswith("An oil painting of Ada between them. Thick")
    assert "picture 2 is the second image.\nAda is the figure of image 3" in row.wish.told
    assert len(chats(world)[0].pictures) == 3


async def test_a_blend_of_more_than_the_model_takes(trouble: Trouble, world: World) -> None:
    pictures = {f"picture{at}": (f"{at}.png", photo("red")) for at in range(1, 7)}
    result = await world.alice.slash(world.channel, "blend", words="all", **pictures)
    trouble.refused(result, "too_many_pictures", limit=3)
    await trouble.nothing_counted()


async def test_remix_of_one_of_our_pictures(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    picture = await world.drawn()
    form = await world.bob.context_menu(world.channel, "Remix", picture)
    assert form.modal is not None
    await world.restart()
    await world.bob.submit_modal(
        form,
        {
            "words": "in a bottle",
            "style": ["restyle"],
            "text": "KITES",
            "pictures": [("tail.png", photo("lime"))],
        },
    )
    row = await world.row_of(await world.drawn())
    assert (row.user_id, row.wish.words) == (world.bob.id, "in a bottle")
    assert row.wish.parent == (await world.row_of(picture)).id
    assert "in this style: in a bottle." in row.wish.told
    assert 'reads exactly "KITES"' in row.wish.told
    assert len(chats(world)[-1].pictures) == 2


async def test_remix_of_somebodys_message(world: World) -> None:
    message = await world.bob.send(world.channel, "look", attachments=[("a.png", photo("lime"))])
    form = await world.alice.context_menu(world.channel, "Remix", message)
    await world.restart()
    await world.alice.submit_modal(form, {"words": "as a stamp"})
    row = await world.row_of(await world.drawn())
    assert (row.wish.words, row.wish.told, row.wish.parent) == ("as a stamp", None, None)
    assert len(chats(world)[0].pictures) == 1


async def test_remix_needs_a_picture(trouble: Trouble, world: World) -> None:
    message = await world.bob.send(world.channel, "just words")
    result = await world.alice.context_menu(world.channel, "Remix", message)
    trouble.refused(result, "nothing_to_remix")


async def test_remix_respects_who_keeps_their_pictures(trouble: Trouble, world: World) -> None:
    await trouble.imagine()
    picture = await world.drawn()
    await world.alice.slash(world.channel, "remix", who="me")
    trouble.refused(await world.bob.context_menu(world.channel, "Remix", picture), "remix_mine")


async def test_the_menus_are_those_that_fit(world: World) -> None:
    menus = world.easel.bot.tree.get_commands(type=discord.AppCommandType.message)
    assert len(menus) <= 5
    assert "Remix" in {menu.name for menu in menus}

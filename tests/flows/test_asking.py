"""Every way to ask for a picture."""

from __future__ import annotations

import io

import discord
from PIL import Image

from bot.domain.jobs import State
from tests.flows.conftest import World


def photo(colour: str = "teal", side_px: int = 200, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (side_px, side_px), colour).save(data, kind)
    return data.getvalue()


def asked(world: World) -> list[object]:
    return [call for call in world.provider.calls if call.route == "chat"]


def colour_of(data: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(data)) as picture:
        pixel = picture.convert("RGB").getpixel((100, 100))
    assert isinstance(pixel, tuple)
    return tuple(round(value / 16) for value in pixel)


async def test_pictures_of_a_command_arrive_in_order(world: World) -> None:
    await world.alice.slash(
        world.channel,
        "imagine",
        prompt="put the first on the second",
        image=("a.png", photo("red")),
        image2=("b.jpg", photo("blue", kind="JPEG")),
        image3=("c.webp", photo("lime", kind="WEBP")),
    )
    await world.drawn()
    [call] = [call for call in world.provider.calls if call.route == "chat"]
    assert [colour_of(picture.data) for picture in call.pictures] == [
        (16, 0, 0),
        (0, 0, 16),
        (0, 16, 0),
    ]


async def test_the_ratio_reaches_the_model(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="hills", aspect="16:9")
    message = await world.drawn()
    with Image.open(io.BytesIO(await world.bytes_of(message))) as picture:
        assert picture.size == (1344, 768)


async def test_a_private_picture_is_seen_by_one(world: World) -> None:
    result = await world.alice.slash(world.channel, "imagine", prompt="a secret", private=True)
    assert result.ephemeral
    await world.drawn()
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.attachments
    assert world.channel.last_message is None or not world.channel.last_message.attachments


async def test_a_mention_draws(world: World) -> None:
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a lighthouse")
    message = await world.drawn()
    assert message.reference is not None
    assert "a lighthouse" in str(world.provider.calls[0].body)
    assert "<@" not in str(world.provider.calls[0].body)


async def test_a_message_to_somebody_else_is_left_alone(world: World) -> None:
    await world.alice.send(world.channel, "hello bob")
    await world.alice.send(world.channel, f"hello {world.bob.mention}")
    assert world.said() == []


async def test_a_reply_with_mention_edits_somebodys_photo(world: World) -> None:
    theirs = await world.bob.send(world.channel, "my cat", attachments=[("cat.png", photo())])
    await world.alice.send(
        world.channel, f"<@{world.env.backend.bot_user.id}> as a painting", reply_to=theirs
    )
    await world.drawn()
    [call] = [call for call in world.provider.calls if call.route == "chat"]
    assert len(call.pictures) == 1


async def test_a_reply_to_words_is_not_an_edit(world: World) -> None:
    theirs = await world.bob.send(world.channel, "my cat")
    await world.alice.send(
        world.channel, f"<@{world.env.backend.bot_user.id}> as a painting", reply_to=theirs
    )
    await world.env.settle()
    assert world.provider.calls == []
    assert "picture" in world.said()[0]


async def test_a_reply_brings_further_references(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.bob.send(
        world.channel, "with this tail", reply_to=first, attachments=[("tail.png", photo("lime"))]
    )
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 2
    assert colour_of(call.pictures[1].data) == (0, 16, 0)


async def test_in_direct_messages_a_plain_message_is_enough(world: World) -> None:
    await world.alice.send_dm("a quiet pond")
    picture = await world.drawn()
    assert isinstance(picture.channel, discord.DMChannel | discord.PartialMessageable)
    assert world.said() == []


async def test_edit_picture_on_a_message(world: World) -> None:
    theirs = await world.bob.send(world.channel, "", attachments=[("cat.png", photo())])
    shown = await world.alice.context_menu(world.channel, "Edit picture", theirs)
    assert shown.modal is not None
    await world.alice.submit_modal(shown, {"words": "as a stamp"})
    await world.drawn()
    call = world.provider.calls[-2] if world.provider.calls[-1].route == "file" else None
    assert call is None or len(call.pictures) == 1


async def test_edit_picture_needs_a_picture(world: World) -> None:
    theirs = await world.bob.send(world.channel, "just words")
    result = await world.alice.context_menu(world.channel, "Edit picture", theirs)
    assert result.ephemeral
    assert result.modal is None


async def test_two_people_branch_from_one_picture(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    await world.alice.send(world.channel, "make it night", reply_to=first)
    await world.drawn()
    await world.bob.send(world.channel, "make it snow", reply_to=first)
    await world.drawn()
    night, snow = [call for call in world.provider.calls if call.route == "chat"][-2:]
    assert night.pictures[0].data == snow.pictures[0].data
    assert "make it night" not in str(snow.body)


async def test_the_edited_picture_is_made_from_the_one_replied_to(world: World) -> None:
    await world.alice.send(
        world.channel,
        f"<@{world.env.backend.bot_user.id}> frame it",
        attachments=[("lime.png", photo("lime"))],
    )
    message = await world.drawn()
    job_id = (await world.row_of(message)).id
    row = await world.row(job_id)
    assert row.state is State.SETTLED
    assert len(row.inputs) == 1


async def test_the_same_event_twice_makes_one_picture(world: World) -> None:
    message = await world.alice.send(
        world.channel, f"<@{world.env.backend.bot_user.id}> a lighthouse"
    )
    await world.drawn()
    before = len(world.provider.calls)
    world.env.bot.dispatch("message", message)
    await world.env.settle()
    assert len(world.provider.calls) == before
    assert len(world.said()) == 1

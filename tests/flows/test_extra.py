"""More than one picture in an answer: words beside it, and further pictures."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from PIL import Image, ImageChops, ImageStat

from bot.standins.provider import Fault, Kind, Shape
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.trouble import WISH, Trouble


def small(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").resize((32, 32))


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


@pytest.mark.parametrize("shape", [Shape.TEXT_AND_PICTURE, Shape.PARTS])
async def test_the_words_beside_a_picture_are_posted(
    trouble: Trouble, world: World, shape: Shape
) -> None:
    world.provider.shape = shape
    result = await trouble.imagine()
    message = await world.drawn()
    assert result.response is not None
    said = " ".join(texts_of(result.response.components))
    assert f"Here is your picture\\: {WISH}" in said
    assert len(message.attachments) == 1
    assert (await world.row_of(message)).text == f"Here is your picture: {WISH}"


@pytest.mark.parametrize("shape", [Shape.MARKDOWN_LINK, Shape.IMAGES, Shape.TEXT_AND_PICTURE])
async def test_further_pictures_are_in_the_same_message(
    trouble: Trouble, world: World, shape: Shape
) -> None:
    world.provider.shape = shape
    world.provider.pictures_each = 3
    await trouble.imagine()
    message = await world.drawn()
    sent = [world.env.backend.cdn.get(one.url) for one in message.attachments]
    [said] = world.provider.said
    assert sent == [one.data for one in said.pictures]
    assert len(set(sent)) == 3
    box: Any = message.components[0]
    [gallery] = [one for one in box.children if one.type is discord.ComponentType.media_gallery]
    assert [item.media.url for item in gallery.items] == [one.url for one in message.attachments]
    row = await world.row_of(message)
    assert row.cost_usd_micros > 3 * 38_000
    assert await trouble.guild_usd_micros() == row.cost_usd_micros
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)


async def test_an_edit_takes_the_first(trouble: Trouble, world: World) -> None:
    world.provider.pictures_each = 2
    await trouble.imagine()
    first = await world.drawn()
    await world.restart()
    await world.alice.send(world.channel, "make it night", reply_to=world.message(first.id))
    await world.drawn()
    edit = [call for call in world.provider.calls if call.route == "chat"][-1]
    [sent] = [small(one.data) for one in edit.pictures]
    one, other = (small(picture.data) for picture in world.provider.said[0].pictures)
    assert apart(sent, one) < 3 < apart(sent, other)


async def test_a_further_picture_that_is_none_is_left_out(trouble: Trouble, world: World) -> None:
    world.provider.pictures_each = 3
    world.provider.faults.once(Fault(Kind.CONTENT_TYPE, media_type="image/png"), "file")
    world.provider.faults.once(Fault(Kind.HTML), "file")
    await trouble.imagine()
    message = await world.drawn()
    sent = [world.env.backend.cdn.get(one.url) for one in message.attachments]
    first, _, third = world.provider.said[0].pictures
    assert sent == [first.data, third.data]
    await trouble.nothing_counted(but=1)


async def test_deleting_it_deletes_all_of_them(trouble: Trouble, world: World) -> None:
    world.provider.pictures_each = 3
    await trouble.imagine()
    message = await world.drawn()
    row = await world.row_of(message)
    blobs = world.config.data_dir / "blobs"
    keys = [one.key for one in (row.picture, *row.further)]
    assert all((blobs / key[:2] / key).exists() for key in keys)
    await world.alice.select(message, ["delete"])
    assert not any((blobs / key[:2] / key).exists() for key in keys)
    assert (await world.row(row.id)).further == ()

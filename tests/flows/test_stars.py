"""Stars by reaction, and the gallery that shows pictures with enough of them."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.domain.stars import Gallery
from bot.storage import stars
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.spoken import answer, said
from tests.flows.test_purge import until

STAR = "⭐"


async def open_gallery(world: World, threshold: int = 2) -> ChannelHandle:
    gallery = world.guild.create_text_channel("gallery")
    result = await world.mod.slash(world.channel, "gallery", channel=gallery, threshold=threshold)
    assert f"<#{gallery.id}>" in said(result)[0]
    return gallery


async def draw(world: World, channel: ChannelHandle | None = None) -> discord.Message:
    await world.alice.slash(channel or world.channel, "imagine", prompt="a *red* kite")
    return await world.drawn()


def cards(world: World, gallery: ChannelHandle) -> list[dict[str, Any]]:
    return world.messages(gallery)


async def counted(world: World, gallery: ChannelHandle, number: int) -> None:
    async def says() -> bool:
        return f"{STAR} {number} ·" in str([one["components"] for one in cards(world, gallery)])

    await until(says)


async def looked(world: World) -> None:
    """All stars that changed so far are counted."""
    await world.env.settle()


async def test_a_picture_with_enough_stars_is_shown_and_counted(world: World) -> None:
    gallery = await open_gallery(world)
    picture = await draw(world)
    await world.alice.react(picture, STAR)  # one's own does not count
    await world.bob.react(picture, STAR)
    await world.bob.react(picture, "👍")
    await looked(world)
    assert cards(world, gallery) == []
    await world.mod.react(picture, STAR)
    await counted(world, gallery, 2)
    [card] = cards(world, gallery)
    text = str(card["components"])
    assert f"<@{world.alice.id}>" in text
    assert f"{world.channel.id}/{picture.id}" in text
    assert "a \\\\*red\\\\* kite" in text
    data = world.env.backend.cdn.get(card["attachments"][0]["url"])
    assert data == await world.bytes_of(picture)

    await world.restart()
    await world.mod.unreact(picture, STAR)
    await counted(world, gallery, 1)  # it stays
    assert len(cards(world, gallery)) == 1
    assert len(cards(world, gallery)[0]["attachments"]) == 1


@pytest.mark.parametrize("way", ["button", "by hand"])
async def test_a_deleted_picture_leaves_the_gallery(world: World, way: str) -> None:
    gallery = await open_gallery(world, 1)
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    await counted(world, gallery, 1)
    if way == "button":
        await world.alice.select(picture, ["delete"])
    else:
        await world.mod.delete(picture)

    async def gone() -> bool:
        return cards(world, gallery) == []

    await until(gone)
    async with world.easel.database.reading() as conn:
        assert await stars.of_deleted(conn) == []


async def test_what_is_taken_out_of_the_gallery_stays_out(world: World) -> None:
    gallery = await open_gallery(world, 1)
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    await counted(world, gallery, 1)
    await world.mod.delete(world.message(int(cards(world, gallery)[0]["id"])))
    await world.restart()
    await world.mod.react(picture, STAR)
    await looked(world)
    assert cards(world, gallery) == []


async def test_a_gallery_where_the_picture_is_too(world: World) -> None:
    await world.mod.slash(world.channel, "gallery", channel=world.channel, threshold=1)
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    await counted(world, world.channel, 1)
    before = len(cards(world, world.channel))
    await world.alice.select(picture, ["delete"])

    async def gone() -> bool:
        return len(cards(world, world.channel)) == before - 2

    await until(gone)


async def test_without_a_gallery_nothing_is_shown(world: World) -> None:
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    shown = await world.mod.slash(world.channel, "gallery")
    assert said(shown) == [sentence("gallery_off", {"star": STAR})]
    gallery = await open_gallery(world, 1)
    off = await world.mod.slash(world.channel, "gallery", off=True)
    assert said(off) == said(shown)
    await world.mod.react(picture, STAR)
    await looked(world)
    assert cards(world, gallery) == []


async def test_no_hidden_picture_in_an_open_gallery(world: World) -> None:
    gallery = await open_gallery(world, 1)
    staff = world.guild.create_text_channel(
        "staff",
        overwrites={
            world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            world.alice: discord.PermissionOverwrite(view_channel=True),
            world.bob: discord.PermissionOverwrite(view_channel=True),
        },
    )
    hidden = await draw(world, staff)
    await world.bob.react(hidden, STAR)
    await looked(world)
    assert cards(world, gallery) == []


async def test_a_picture_that_a_crash_kept_from_the_gallery(world: World) -> None:
    gallery = await open_gallery(world, 1)
    picture = await draw(world)
    await world.bob.react(picture, STAR)
    await counted(world, gallery, 1)
    job = (await world.row_of(picture)).id
    async with world.easel.database.transaction() as conn:
        found = await stars.get(conn, job)
        assert found is not None
        await stars.remove(conn, job)
        await stars.add(conn, job, world.guild.id, Gallery(gallery.id, 1), 1)
    await world.restart()

    async def shown() -> bool:
        async with world.easel.database.reading() as conn:
            return await stars.unshown(conn) == []

    await until(shown)
    assert len(cards(world, gallery)) == 1
    async with world.easel.database.reading() as conn:
        assert await stars.get(conn, job) == found


async def test_only_moderators(world: World) -> None:
    with pytest.raises(Exception, match="not visible"):
        await world.alice.slash(world.channel, "gallery", off=True)
    closed = world.guild.create_text_channel(
        "closed",
        overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    result = await world.mod.slash(world.channel, "gallery", channel=closed)
    assert result.ephemeral
    assert "Send Messages" in answer(result).content

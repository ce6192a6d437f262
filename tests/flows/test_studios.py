"""`/studio` and Continue: threads in which every message is a turn."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from PIL import Image

from tests.flows.channels import a_post, public, shown
from tests.flows.conftest import World
from tests.flows.permitting import bot_of, deny
from tests.flows.studio import carol, id_of, parent_of, studio, turn
from tests.flows.test_asking import photo
from tests.flows.trouble import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class TestTurns:
    async def test_every_message_goes_on_from_the_newest_picture(self, world: World) -> None:
        thread = await studio(world)
        assert "Every message in this thread is a wish" in public(world, thread)[0]
        first = await turn(world, thread, "a red kite")
        assert await parent_of(world, first) is None
        second = await turn(world, thread, "make it night")
        third = await turn(world, thread, "add a boat", attachments=[("a.png", photo("lime"))])
        assert await parent_of(world, second) == await id_of(world, first)
        assert await parent_of(world, third) == await id_of(world, second)
        older = await turn(world, thread, "make it snow", reply_to=first)
        assert await parent_of(world, older) == await id_of(world, first)
        await world.bob.send(thread, "and in watercolours")
        assert await parent_of(world, await world.drawn()) == await id_of(world, older)
        call = [call for call in world.provider.calls if call.route == "chat"][2]
        assert len(call.pictures) >= 2, "the newest picture and the one that was given"

    async def test_a_reply_to_our_words_is_a_turn_and_talk_is_none(self, world: World) -> None:
        thread = await studio(world)
        welcome = world.message(int(world.messages(thread)[-1]["id"]))
        first = await turn(world, thread, "a red kite", reply_to=welcome)
        assert first.attachments
        calls = len(world.provider.calls)
        theirs = await world.bob.send(thread, "", attachments=[("a.png", photo())])
        assert len(world.provider.calls) == calls, "a picture that somebody shows"
        second = await turn(world, thread, "as a stamp", reply_to=theirs)
        assert await parent_of(world, second) is None, "an edit of that one"
        asking = world.message(int(world.messages(thread)[1]["id"]))
        calls = len(world.provider.calls)
        await world.bob.send(thread, "I like this", reply_to=asking)
        await world.env.settle()
        assert len(world.provider.calls) == calls

    async def test_two_in_quick_succession_go_on_from_the_same_picture(self, world: World) -> None:
        thread = await studio(world)
        first = await turn(world, thread, "a red kite")
        world.provider.delay_s = 0.5
        await world.alice.send(thread, "make it night")
        await world.alice.send(thread, "make it snow")
        for _ in range(2):
            assert await parent_of(world, await world.drawn()) == await id_of(world, first)

    async def test_it_goes_on_after_a_restart(self, world: World) -> None:
        thread = await studio(world, ratio="16:9", style="sticker")
        await world.restart()
        first = await turn(world, thread, "a red kite")
        with Image.open(io.BytesIO(await world.bytes_of(first))) as picture:
            assert picture.size == (1344, 768)
        assert (await world.row_of(first)).wish.told is not None
        await world.restart()
        second = await turn(world, thread, "make it night")
        assert await parent_of(world, second) == await id_of(world, first)

    async def test_a_deleted_picture_is_passed_over(self, world: World) -> None:
        thread = await studio(world)
        first = await turn(world, thread, "a red kite")
        second = await turn(world, thread, "make it night")
        await world.mod.delete(second)
        third = await turn(world, thread, "make it snow")
        assert await parent_of(world, third) == await id_of(world, first)


class TestVisibility:
    async def test_a_private_one_is_for_who_opened_it(self, world: World) -> None:
        who = carol(world)
        thread = await studio(world, who, visibility="private")
        stored: Any = world.env.backend.channels[thread.id]
        assert stored.type == discord.ChannelType.private_thread.value
        assert who.id in stored.thread_members
        await who.send(thread, "a red kite")
        await world.drawn()

    async def test_without_permission_it_is_named(self, world: World) -> None:
        await deny(world, bot_of(world), world.channel, create_private_threads=True)
        who = carol(world)
        said = shown(await who.slash(world.channel, "studio open", visibility="private"))
        assert "I need these permissions in this channel: Create Private Threads." in said
        assert world.channel.threads == []
        await studio(world)

    async def test_not_for_who_may_not_open_threads(self, world: World) -> None:
        await deny(world, world.alice.id, world.channel, create_public_threads=True)
        said = shown(await world.alice.slash(world.channel, "studio open"))
        assert "Create Public Threads" in said
        assert world.channel.threads == []

    async def test_where_there_are_no_threads(self, world: World) -> None:
        voice = world.guild.create_voice_channel("Voice")
        said = shown(await world.alice.slash(voice, "studio open"))
        assert "There can be no such thread here" in said
        said = shown(await world.alice.user.slash("studio open"))
        assert "no threads in direct messages" in said
        await world.alice.slash(voice, "imagine", prompt="a kite")
        said = shown(await world.alice.click(await world.drawn(), label="Continue"))
        assert "Reply to a picture instead" in said

    async def test_in_a_thread_for_its_owner_and_moderators(self, world: World) -> None:
        forum = world.guild.create_forum_channel("gallery")
        post = await a_post(world, forum)
        said = shown(await world.alice.slash(post, "studio open"))
        assert "Only the person who opened this thread" in said
        await world.mod.slash(post, "studio open")
        await world.alice.send(post, "a red kite")
        await world.drawn()

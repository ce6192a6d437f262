"""How studios begin with a picture, end, and are opened again."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import discord
import pytest
from PIL import Image
from simcord.results import InteractionResult

from bot.storage import turns
from tests.flows.channels import a_thread, public, shown
from tests.flows.conftest import World
from tests.flows.studio import carol, id_of, is_archived, parent_of, studio, turn
from tests.flows.trouble import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class TestEnd:
    async def test_by_its_owner_and_open_again_by_a_message(self, world: World) -> None:
        thread = await studio(world)
        first = await turn(world, thread, "a red kite")
        said = shown(await world.bob.slash(thread, "studio end"))
        assert "Only the person who opened this studio" in said
        await world.alice.slash(thread, "studio end")
        assert "has ended" in public(world, thread)[-1]
        assert is_archived(world, thread)
        assert "no open studio" in shown(await world.alice.slash(thread, "studio end"))
        again = await turn(world, thread, "make it night")
        assert await parent_of(world, again) == await id_of(world, first)
        await world.alice.slash(thread, "studio end")

    async def test_by_itself_after_a_day(self, world: World, clock: SetClock) -> None:
        thread = await studio(world)
        await turn(world, thread, "a red kite")
        clock.at += dt.timedelta(hours=23)
        await turn(world, thread, "make it night")
        clock.at += dt.timedelta(hours=23)
        await world.restart()
        await world.env.settle()
        assert not is_archived(world, thread)
        clock.at += dt.timedelta(hours=2)
        await world.restart()  # the chore runs at the start
        async with world.easel.database.reading() as conn:
            assert await turns.latest(conn, thread.id, 0) is not None
        assert "Nobody has said anything here for a day" in public(world, thread)[-1]
        assert is_archived(world, thread)
        await world.restart()
        assert "Nobody" not in public(world, thread)[-2]

    async def test_a_command_opens_it_again_with_other_settings(self, world: World) -> None:
        thread = await studio(world)
        await world.alice.slash(thread, "studio end")
        await world.alice.slash(thread, "studio open", ratio="16:9")
        assert "16\\:9" in public(world, thread)[-1]
        first = await turn(world, thread, "a red kite")
        with Image.open(io.BytesIO(await world.bytes_of(first))) as picture:
            assert picture.size == (1344, 768)


class TestContinue:
    async def on_a_picture(self, world: World) -> tuple[discord.Message, InteractionResult]:
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        first = await world.drawn()
        return first, await world.bob.click(first, label="Continue")

    async def test_a_thread_on_the_message(self, world: World) -> None:
        first, result = await self.on_a_picture(world)
        [thread] = world.channel.threads
        assert thread.id == first.id
        assert thread.name == "a red kite"
        assert f"<#{thread.id}> is open" in shown(result)
        assert first.jump_url in public(world, thread)[-1]
        await world.restart()
        second = await turn(world, thread, "make it night")
        assert await parent_of(world, second) == await id_of(world, first)
        again = await world.alice.click(world.message(first.id), label="Continue")
        assert "already" in shown(again)
        here = await world.alice.click(second, label="Continue")
        assert "is a wish already" in shown(here)

    async def test_a_thread_that_somebody_opened_becomes_a_studio(self, world: World) -> None:
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        first = await world.drawn()
        channel: Any = world.env.bot.get_channel(world.channel.id)
        await channel.create_thread(name="talk", message=first)
        result = await world.bob.click(first, label="Continue")
        [thread] = world.channel.threads
        assert "is open" in shown(result)
        await turn(world, thread, "make it night")

    async def test_of_a_private_picture_in_a_private_thread(self, world: World) -> None:
        who = carol(world)
        asked = await who.slash(world.channel, "imagine", prompt="a secret", private=True)
        await world.drawn()
        assert asked.response is not None
        await who.click(asked.response, label="Continue")
        [thread] = world.channel.threads
        stored: Any = world.env.backend.channels[thread.id]
        assert stored.type == discord.ChannelType.private_thread.value
        await who.send(thread, "make it night")
        second = await world.drawn()
        assert second.channel.id == thread.id
        assert await parent_of(world, second) is not None

    async def test_in_a_thread_it_is_a_private_one_beside_it(self, world: World) -> None:
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        thread = await a_thread(world, await world.drawn())
        who = carol(world)
        await who.slash(thread, "imagine", prompt="a boat")
        boat = await world.drawn()
        await who.click(boat, label="Continue")
        beside = next(one for one in world.channel.threads if one.id != thread.id)
        await who.send(beside, "make it night")
        assert await parent_of(world, await world.drawn()) == await id_of(world, boat)

    async def test_from_a_picture_that_is_gone(self, world: World) -> None:
        first, _ = await self.on_a_picture(world)
        [thread] = world.channel.threads
        await world.mod.delete(first)
        await world.alice.send(thread, "make it night")
        await world.env.settle()
        assert "has been deleted" in public(world, thread)[-1]
        new = await turn(world, thread, "a blue kite")
        assert await parent_of(world, new) is None

    async def test_in_direct_messages_it_is_explained(self, world: World) -> None:
        await world.alice.send_dm("a quiet pond")
        picture = await world.drawn()
        result = await world.alice.user.click(picture, label="Continue")
        assert "reply to a picture" in shown(result)

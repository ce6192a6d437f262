"""Every way to ask, in every kind of place: channels, threads, posts, voice, direct messages.

In a group of people the bot is no member: it has nothing but the interaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle, UserHandle

from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.spoken import answer, said
from tests.flows.test_asking import photo
from tests.flows.trouble import SetClock

PUBLIC_THREAD, PRIVATE_THREAD, GROUP = 11, 12, 3  # Discord's documentation, «Channel Types»
IN_GROUPS = 2  # «Interaction Context Types»: PRIVATE_CHANNEL
FOR_THE_USER = "1"  # «Application Integration Types»: USER_INSTALL
NO_ACCESS = 50001

GUILD_PLACES = ("voice", "thread", "private thread", "post")


async def opened(world: World, kind: str) -> ChannelHandle:
    """A place of the guild."""
    if kind == "voice":
        return world.guild.create_voice_channel("Voice")
    parent, form = world.channel, PUBLIC_THREAD
    if kind == "post":
        parent = world.guild.create_forum_channel("gallery")
    elif kind == "private thread":
        form = PRIVATE_THREAD
    backend = world.env.backend
    made = backend.create_thread(parent.id, kind, world.alice.id, type=form)
    for member in (world.bob.id, backend.bot_user.id):
        made.thread_members[member] = backend.now_iso()
    await world.env.settle()
    return next(one for one in parent.threads if one.id == made.id)


async def here(world: World, place: ChannelHandle) -> discord.Message:
    """The next picture, which is posted in that place and nowhere else."""
    picture = await world.drawn()
    assert picture.channel.id == place.id
    row = await world.row_of(picture)
    assert row.place.channel_id == place.id
    return picture


def sent(world: World) -> int:
    """How many pictures went with the last call."""
    return len([call for call in world.provider.calls if call.route == "chat"][-1].pictures)


@pytest.mark.parametrize("kind", GUILD_PLACES)
async def test_commands_mentions_and_replies(world: World, kind: str) -> None:
    place = await opened(world, kind)
    await world.alice.slash(place, "imagine", prompt="a red kite")
    first = await here(world, place)
    reply = await world.bob.send(place, "make it night", reply_to=first)
    night = await here(world, place)
    assert night.reference is not None
    assert (night.reference.message_id, sent(world)) == (reply.id, 1)
    own = world.env.backend.bot_user.id
    await world.bob.send(place, f"<@{own}> frame it", attachments=[("a.png", photo())])
    await here(world, place)
    await world.bob.send(place, "hello everybody")
    await world.env.settle()
    await world.alice.slash(place, "edit", words="in the rain")
    await here(world, place)
    assert sent(world) == 1


@pytest.mark.parametrize("kind", GUILD_PLACES)
async def test_buttons_forms_and_message_commands(world: World, kind: str) -> None:
    place = await opened(world, kind)
    await world.alice.slash(place, "imagine", prompt="a red kite")
    first = await here(world, place)
    await world.restart()
    await world.bob.click(world.message(first.id), label="Again")
    await here(world, place)
    form = await world.bob.click(world.message(first.id), label="Edit")
    await world.bob.submit_modal(form, {"words": "make it night"})
    await here(world, place)
    info = await world.bob.select(world.message(first.id), ["info"])
    assert "a red kite" in " ".join(said(info))
    theirs = await world.bob.send(place, "", attachments=[("cat.png", photo())])
    form = await world.alice.context_menu(place, "Edit picture", theirs)
    await world.alice.submit_modal(form, {"words": "as a stamp"})
    await here(world, place)
    assert sent(world) == 1
    await world.alice.select(world.message(first.id), ["delete"])
    assert first.id not in [int(one["id"]) for one in world.messages(place)]


async def test_direct_messages(world: World) -> None:
    alice, place = world.alice.user, world.alice.user.dm_channel
    await alice.slash("imagine", prompt="a red kite")
    first = await here(world, place)
    reference = {"channel_id": str(place.id), "message_id": str(first.id)}
    await alice.send_dm("make it night", reference=reference)
    await here(world, place)
    assert sent(world) == 1
    await alice.send_dm("a boat")
    await here(world, place)
    assert sent(world) == 0
    await world.restart()
    await alice.click(world.message(first.id), label="Again")
    await here(world, place)
    form = await alice.click(world.message(first.id), label="Edit")
    await alice.submit_modal(form, {"words": "in the rain"})
    await here(world, place)
    assert sent(world) == 1
    await alice.slash("edit", words="as a stamp")
    await here(world, place)
    await alice.select(world.message(first.id), ["delete"])
    assert first.id not in [int(one["id"]) for one in world.messages(place)]


class Group:
    """A group's direct messages, with Alice in it.

    The simulation knows no groups. Alice's own direct messages stand for one: what Discord sends
    says so, and what a bot may not do in a group fails.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.alice: UserHandle = world.alice.user
        self.channel = self.alice.dm_channel
        backend = world.env.backend
        backend.subscribers.insert(0, self._as_in_a_group)
        for path in (f"/channels/{self.channel.id}", f"/channels/{self.channel.id}/*"):
            world.env.inject_error("*", path, status=403, code=NO_ACCESS, times=None)

    def _as_in_a_group(self, event: str, payload: Mapping[str, Any]) -> None:
        if event != "INTERACTION_CREATE" or payload["channel_id"] != str(self.channel.id):
            return
        assert isinstance(payload, dict)
        payload["context"] = IN_GROUPS
        payload["authorizing_integration_owners"] = {FOR_THE_USER: str(self.alice.id)}
        payload["channel"] = {
            "id": str(self.channel.id),
            "type": GROUP,
            "recipients": [payload["user"]],
            "name": "friends",
        }

    def tried(self) -> list[str]:
        """What the bot tried that it may not."""
        asked = [one.path for one in self.world.env.http_requests]
        return [path for path in asked if path.startswith(f"/channels/{self.channel.id}")]

    def direct_messages_elsewhere(self) -> None:
        """From now on what is sent to Alice herself has a channel of its own."""
        self.world.env.backend.dm_channels.pop(self.alice.id)


class TestGroups:
    async def test_commands_buttons_and_forms(self, world: World) -> None:
        group = Group(world)
        await group.alice.slash("imagine", prompt="a red kite")
        first = await here(world, group.channel)
        await group.alice.click(first, label="Again")
        await here(world, group.channel)
        form = await group.alice.click(world.message(first.id), label="Edit")
        await group.alice.submit_modal(form, {"words": "make it night"})
        await here(world, group.channel)
        assert sent(world) == 1
        info = await group.alice.select(world.message(first.id), ["info"])
        assert info.ephemeral
        await group.alice.select(world.message(first.id), ["delete"])
        assert first.id not in [int(one["id"]) for one in world.messages(group.channel)]
        assert group.tried() == []

    async def test_three_at_once(self, world: World) -> None:
        group = Group(world)
        await group.alice.slash("imagine", prompt="a red kite", count=3)
        pictures = {(await here(world, group.channel)).id for _ in range(3)}
        assert len(pictures) == 3
        assert group.tried() == []

    async def test_a_picture_that_only_discord_has(self, world: World) -> None:
        group = Group(world)
        await group.alice.slash("imagine", prompt="a red kite")
        first = await here(world, group.channel)
        kept = (await world.row_of(first)).picture.key
        (world.config.data_dir / "blobs" / kept[:2] / kept).unlink()
        form = await group.alice.click(first, label="Edit")
        asked = await group.alice.submit_modal(form, {"words": "make it night"})
        job_id, _ = await world.ended()
        assert (await world.row(job_id)).error_key == "parent_gone"
        shown = texts_of(answer(asked).components)
        assert sentence("parent_gone") in shown


class TestSlowGroups:
    @pytest.fixture
    def clock(self) -> SetClock:
        return SetClock()

    async def test_a_picture_after_the_token_has_died(self, world: World, clock: SetClock) -> None:
        group = Group(world)
        world.provider.delay_s = 0.5
        await group.alice.slash("imagine", prompt="a red kite")
        group.direct_messages_elsewhere()
        clock.at += dt.timedelta(minutes=15)
        world.env.backend.advance_clock(15 * 60)
        picture = await world.drawn()
        assert picture.channel.id == group.alice.dm_channel.id != group.channel.id
        assert picture.attachments

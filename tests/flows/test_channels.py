"""`/channel`: art channels, others, and who may change them."""

from __future__ import annotations

import discord
import pytest

from tests.flows.channels import a_post, a_thread, asked, public, rule, shown
from tests.flows.conftest import World
from tests.flows.test_asking import photo


class TestArt:
    async def test_plain_messages_draw_and_replies_edit(self, world: World) -> None:
        assert "every message" in await rule(world, "mode", mode="art")
        await world.alice.send(world.channel, "a red kite")
        first = await world.drawn()
        await world.bob.send(world.channel, "make it night", reply_to=first)
        second = await world.drawn()
        assert (await world.row_of(second)).wish.parent == (await world.row_of(first)).id

    async def test_with_a_picture_and_with_a_mention(self, world: World) -> None:
        await rule(world, "mode", mode="art")
        await world.alice.send(world.channel, "as a stamp", attachments=[("a.png", photo())])
        await world.drawn()
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a boat")
        await world.drawn()
        first, second = [call for call in world.provider.calls if call.route == "chat"]
        assert (len(first.pictures), len(second.pictures)) == (1, 0)

    async def test_somebodys_picture_is_edited_by_a_reply(self, world: World) -> None:
        await rule(world, "mode", mode="art")
        theirs = await world.bob.send(world.channel, "", attachments=[("cat.png", photo())])
        assert asked(world) == 0, "a picture without words is one that somebody shows"
        await world.alice.send(world.channel, "as a painting", reply_to=theirs)
        await world.drawn()
        [call] = [call for call in world.provider.calls if call.route == "chat"]
        assert len(call.pictures) == 1

    async def test_talk_is_left_alone(self, world: World) -> None:
        await rule(world, "mode", mode="art")
        theirs = await world.bob.send(world.channel, "", attachments=[("a.png", photo())])
        theirs = await world.bob.send(world.channel, "a kite")
        await world.drawn()
        await world.alice.send(world.channel, "lovely idea", reply_to=theirs)
        await world.env.settle()
        assert asked(world) == 1

    async def test_what_is_wrong_is_said_to_a_person_once(self, world: World) -> None:
        await rule(world, "mode", mode="art")
        await world.mod.slash(world.channel, "limits", person_day=0)
        before = len(world.said())
        for words in ("a red kite", "is it broken?", "hello"):
            await world.alice.send(world.channel, words)
        await world.bob.send(world.channel, "a boat")
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a red kite")
        await world.env.settle()
        told = world.said()[before:]
        assert len(told) == 3, "once each, and whenever the bot is addressed"
        assert asked(world) == 0

    async def test_it_stays_so_after_a_restart_and_elsewhere_nothing_changes(
        self, world: World
    ) -> None:
        await rule(world, "mode", mode="art")
        other = world.guild.create_text_channel("talk")
        await world.restart()
        await world.alice.send(other, "a red kite")
        await world.alice.send(world.channel, "a red kite")
        await world.drawn()
        assert asked(world) == 1

    async def test_a_threads_rules_are_its_channels_or_its_own(self, world: World) -> None:
        await rule(world, "mode", mode="art")
        starter = await world.alice.send(world.channel, "a boat")
        await world.drawn()
        thread = await a_thread(world, starter)
        await world.alice.send(thread, "a red kite")
        await world.drawn()
        said = await rule(world, "show", thread)
        assert f"(from <#{world.channel.id}>)" in said
        assert "switched off" in await rule(world, "mode", thread, mode="off")
        await world.alice.send(thread, "a blue kite")
        await world.env.settle()
        assert asked(world) == 2

    async def test_a_forums_posts(self, world: World) -> None:
        forum = world.guild.create_forum_channel("gallery")
        await rule(world, "mode", mode="art", channel=forum)
        post = await a_post(world, forum)
        await world.alice.send(post, "a red kite")
        await world.drawn()

    async def test_a_posts_first_message_with_a_picture(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forum = world.guild.create_forum_channel("gallery")
        backend = world.env.backend
        said = f"<@{backend.bot_user.id}> as a stamp"
        given = backend.store_attachments(forum.id, [("cat.png", photo())])
        starter = backend.prepare_message(forum.id, world.alice.id, said, attachments=given)
        with monkeypatch.context() as patched:  # the simulation takes posts of the bot's alone
            patched.setattr(backend, "bot_user", world.alice.user._user)
            upload = ("cat.png", photo(), None)
            backend.create_forum_post(forum.id, "my cat", starter, uploads=[upload])
        await world.env.settle()
        stamp = await world.drawn()
        [post] = forum.threads
        assert stamp.channel.id == post.id
        [call] = [call for call in world.provider.calls if call.route == "chat"]
        assert len(call.pictures) == 1

    async def test_in_a_voice_channels_text(self, world: World) -> None:
        voice = world.guild.create_voice_channel("Voice")
        await rule(world, "mode", voice, mode="art")
        await world.alice.send(voice, "a red kite")
        await world.drawn()


class TestOff:
    async def test_it_says_so_to_those_who_ask_only(self, world: World) -> None:
        await rule(world, "mode", mode="off")
        refused = await world.alice.slash(world.channel, "imagine", prompt="a kite")
        assert "switched off" in shown(refused)
        await world.alice.send(world.channel, "a kite")
        assert public(world) == []
        await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> a kite")
        await world.env.settle()
        assert "switched off" in public(world)[0]
        assert asked(world) == 0


class TestModerators:
    async def test_only_they_change_rules(self, world: World) -> None:
        refused = shown(await world.alice.slash(world.channel, "channel mode", mode="art"))
        assert "Only those who may manage" in refused
        assert "commands, mentions" in shown(await world.alice.slash(world.channel, "channel show"))

    async def test_who_manages_channels_may(self, world: World) -> None:
        role = world.guild.create_role(
            "keeper", permissions=discord.Permissions(manage_channels=True)
        )
        keeper = world.guild.add_member(world.env.create_user("keeper"), roles=[role])
        said = shown(await keeper.slash(world.channel, "channel mode", mode="art"))
        assert "every message" in said

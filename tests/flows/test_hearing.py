"""What is meant for the bot, what cannot be an edit, and what it may not do."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.models.message import AllowedMentions
from sqlalchemy import delete, insert, select

from bot.storage.database import Database
from bot.storage.tables import turns
from tests.flows.channels import a_thread, asked, public, rule
from tests.flows.conftest import World
from tests.flows.permitting import bot_of, deny


def mention(world: World) -> str:
    return f"<@{bot_of(world)}>"


async def reply(
    world: World, who: MemberActor, words: str, message_id: int, *, unpinged: bool
) -> None:
    """Reply to a message of this channel, with or without a mention of its author."""
    backend = world.env.backend
    about = {"channel_id": str(world.channel.id), "message_id": str(message_id)}
    backend.create_message(
        world.channel.id,
        who.id,
        words,
        reference=backend.normalize_message_reference(world.channel.id, about),
        allowed_mentions=AllowedMentions(replied_user=not unpinged),
    )
    await world.env.settle()


async def picture(world: World) -> discord.Message:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    return await world.drawn()


class TestRepliesThatAreNoEdits:
    async def test_to_an_answer_in_words(self, world: World) -> None:
        await world.mod.slash(world.channel, "limits", person_day=0)
        await world.alice.send(world.channel, f"{mention(world)} a kite")
        await world.env.settle()
        refusal = next(one for one in world.messages()[::-1] if "limits" in str(one))
        for unpinged in (True, False):
            await reply(world, world.bob, "in blue", int(refusal["id"]), unpinged=unpinged)
            assert "I found no picture to change" in public(world)[-1]
        assert len(public(world)) == 3
        assert asked(world) == 0

    async def test_to_a_deleted_picture(self, world: World) -> None:
        first = await picture(world)
        async with world.easel.database.reading() as conn:
            found = await conn.exec_driver_sql("SELECT id FROM turns")
        (job_id,) = found.scalars()
        world.env.bot.dispatch("raw_message_delete", _Deleted(first.id))
        await world.env.settle()
        await reply(world, world.bob, "in blue", first.id, unpinged=True)
        assert "has been deleted" in public(world)[-1]
        assert (await world.row(job_id)).wish.words == ""

    async def test_in_a_locked_thread_it_is_said_directly(self, world: World) -> None:
        starter = await picture(world)
        thread = await a_thread(world, starter)
        await deny(world, bot_of(world), world.channel, manage_threads=True)
        cached: Any = world.env.bot.get_channel(thread.id)
        cached.locked = True
        world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=160005)
        await world.alice.send(thread, f"{mention(world)} a kite")
        await world.env.settle()
        assert "This thread is closed" in direct(world)[-1]
        assert asked(world) == 1


class TestPermissions:
    @pytest.mark.parametrize(
        ("name", "said"),
        [("attach_files", "Attach Files"), ("read_message_history", "Read Message History")],
    )
    async def test_what_is_missing_is_named_before_anything_is_drawn(
        self, world: World, name: str, said: str
    ) -> None:
        await deny(world, bot_of(world), world.channel, **{name: True})
        await world.alice.send(world.channel, f"{mention(world)} a kite")
        await world.env.settle()
        told = [*public(world), *direct(world)]
        assert f"I can't post in <#{world.channel.id}>" in told[-1]
        assert f"there: {said}." in told[-1]
        assert asked(world) == 0

    async def test_who_may_not_write_says_so_directly(self, world: World) -> None:
        await deny(world, bot_of(world), world.channel, send_messages=True)
        await world.alice.send(world.channel, f"{mention(world)} a kite")
        await world.env.settle()
        assert "there: Send Messages." in direct(world)[-1]

    async def test_in_a_thread(self, world: World) -> None:
        thread = await a_thread(world, await picture(world))
        await deny(world, bot_of(world), world.channel, send_messages_in_threads=True)
        await world.alice.send(thread, f"{mention(world)} a kite")
        await world.env.settle()
        assert "Send Messages in Threads" in direct(world)[-1]

    async def test_what_is_taken_away_meanwhile_is_named_where_it_was_asked(
        self, world: World
    ) -> None:
        world.provider.delay_s = 0.5
        world.env.inject_error(
            "PATCH", f"/channels/{world.channel.id}/messages/*", status=403, code=50013
        )
        await world.alice.send(world.channel, f"{mention(world)} a kite")
        await deny(world, bot_of(world), world.channel, send_messages=True)
        await world.ended()
        assert "I need these permissions in this channel: Send Messages" in public(world)[-1]
        assert direct(world) == [f"**a kite** -# for <@{world.alice.id}>"]


class TestWithoutTheIntent:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_MESSAGE_CONTENT": "false"}

    async def test_one_hint_a_person(self, world: World) -> None:
        first = await picture(world)
        for _ in range(2):
            await reply(world, world.bob, "in blue", first.id, unpinged=True)
        assert len([said for said in public(world) if "mention" in said]) == 1
        await world.restart()
        await reply(world, world.bob, "in blue", first.id, unpinged=True)
        assert len([said for said in public(world) if "mention" in said]) == 1
        await reply(world, world.alice, "in green", first.id, unpinged=True)
        assert len([said for said in public(world) if "mention" in said]) == 2
        assert asked(world) == 1

    async def test_with_a_mention_all_works(self, world: World) -> None:
        first = await picture(world)
        await world.bob.send(world.channel, f"{mention(world)} in blue", reply_to=first)
        second = await world.drawn()
        assert (await world.row_of(second)).wish.words == "in blue"

    async def test_art_channels_say_so_and_take_mentions(self, world: World) -> None:
        said = await rule(world, "mode", mode="art")
        assert "please mention me" in said
        await world.alice.send(world.channel, "a boat")
        await world.env.settle()
        assert asked(world) == 0
        await world.alice.send(world.channel, f"{mention(world)} a boat")
        await world.drawn()

    async def test_in_direct_messages_nothing_is_hidden(self, world: World) -> None:
        await world.alice.send_dm("a quiet pond")
        await world.drawn()


async def test_messages_for_others_cost_no_write_and_few_looks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.bob.send(world.channel, "hello")  # the rules are in memory now
    theirs = await world.bob.send(world.channel, "a cat")
    used: list[str] = []
    for name in ("transaction", "reading"):
        real: Any = getattr(Database, name)

        def counted(self: Database, real: Any = real, name: str = name) -> Any:
            used.append(name)
            return real(self)

        monkeypatch.setattr(Database, name, counted)
    for number in range(20):
        await world.alice.send(world.channel, f"hello {number}")
        await world.alice.send(world.channel, "indeed", reply_to=theirs)
    assert "transaction" not in used
    assert used.count("reading") < 20, "other work of the bot's, nothing for each message"


async def test_a_reply_before_the_pictures_row_is_there(world: World) -> None:
    """A picture stands on Discord a moment before its row; who is so fast edits it all the same."""
    first = await picture(world)
    database = world.easel.database
    async with database.transaction() as conn:
        found = await conn.execute(select(turns).where(turns.c.message_id == first.id))
        row = dict(found.mappings().one())
        await conn.execute(delete(turns))

    async def late() -> None:
        await asyncio.sleep(0.3)
        async with database.transaction() as conn:
            await conn.execute(insert(turns).values(row))

    writing = asyncio.create_task(late())
    await reply(world, world.alice, "make it night", first.id, unpinged=False)
    await writing
    second = await world.drawn()
    assert (await world.row_of(second)).wish.parent == row["id"]


class _Deleted:
    """A message's deletion, as Discord tells it, without the message going."""

    def __init__(self, message_id: int) -> None:
        self.message_id = message_id
        self.guild_id: int | None = None


def direct(world: World) -> list[str]:
    """What the bot said to Alice alone, in direct messages."""
    return world.said(world.alice.user.dm_channel)

"""Challenges: a thread with its own pot, entries, votes, and winners who are named once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult
from sqlalchemy import update

from bot.clock import Clock
from bot.domain.challenges import Challenge, Entry
from bot.storage import challenges
from bot.storage.community_tables import challenges as table
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.spoken import answer, buttons, said
from tests.flows.test_purge import until
from tests.flows.trouble import SetClock


@pytest.fixture
def clock() -> Clock:
    return SetClock()


async def start(world: World, **options: Any) -> ChannelHandle:
    """Begin a challenge; its thread."""
    result = await world.mod.slash(
        world.channel, "challenge start", theme="harbours @everyone", **options
    )
    [thread] = world.channel.threads
    assert not result.ephemeral
    assert f"<#{thread.id}>" in said(result)[0]
    assert "@everyone" not in said(result)[0]
    return thread


async def draw(world: World, thread: ChannelHandle, who: MemberActor, words: str) -> Any:
    await who.slash(thread, "imagine", prompt=words)
    return await world.drawn()


async def enter(world: World, thread: ChannelHandle, who: MemberActor) -> InteractionResult:
    """Enter the newest of a person's pictures."""
    shown = await who.click(world.message(first(world, thread)), label="Enter a picture")
    message = world.message(answer(shown).id)
    row: Any = message.components[-1]
    return await who.select(message, [row.children[0].options[0].value])


def first(world: World, thread: ChannelHandle) -> int:
    return int(world.messages(thread)[0]["id"])


def entries(world: World, thread: ChannelHandle) -> list[int]:
    """The messages that show entries."""
    shown = [one for one in world.messages(thread) if "challenge_vote" in str(one["components"])]
    return [int(one["id"]) for one in shown]


def results(world: World, thread: ChannelHandle) -> list[dict[str, Any]]:
    """The messages that name winners."""
    return [one for one in world.messages(thread) if "challenge_results" in str(one["components"])]


async def the_one(world: World, thread: ChannelHandle) -> Challenge:
    async with world.easel.database.reading() as conn:
        found = await challenges.in_thread(conn, thread.id)
    assert found is not None
    return found


def refused(result: InteractionResult, key: str, **values: object) -> None:
    assert result.ephemeral
    assert sentence(key, values) in [
        *([result.response.content] if result.response else []),
        *(one.content for one in result.followups),
    ]


async def test_from_the_theme_to_the_winners(world: World) -> None:
    thread = await start(world, budget=3, ends="2h")
    await draw(world, thread, world.alice, "a harbour")
    await draw(world, thread, world.bob, "a *pier*")
    entered = await enter(world, thread, world.alice)
    assert "takes part" in said(entered)[0]
    await world.restart()
    await enter(world, thread, world.bob)
    one, two = (world.message(entry) for entry in entries(world, thread))
    assert one.reference is not None

    refused(await world.alice.click(one, label="Vote"), "vote_own")
    voted = await world.bob.click(one, label="Vote")
    assert voted.ephemeral
    assert f"<@{world.alice.id}>" in said(voted)[0]
    await world.mod.click(two, label="Vote")
    await world.restart()
    await world.mod.click(one, label="Vote")  # changed

    shown = await world.bob.slash(thread, "challenge show")
    refused(await world.bob.slash(thread, "challenge enter"), "entry_none")
    assert shown.ephemeral
    lines = said(shown)[1].splitlines()
    assert lines[0].startswith("**1.** [a harbour](https://discord.com/channels/")
    assert lines[0].endswith(f"by <@{world.alice.id}> · votes: 2")
    assert lines[1].endswith(f"by <@{world.bob.id}> · votes: 0")
    assert "a \\*pier\\*" in lines[1]
    assert str(world.mod.id) not in str(said(shown))

    ended = await world.mod.slash(thread, "challenge end")
    assert said(ended) == [sentence("challenge_ended")]
    [result] = results(world, thread)
    text = str(result["components"])
    assert f"by <@{world.alice.id}> · votes: 2" in text
    assert f"<@{world.bob.id}>" not in text
    assert [one["filename"].partition(".")[0] for one in result["attachments"]] == ["winners"]
    refused(await world.mod.slash(thread, "challenge end"), "challenge_over")
    refused(await world.mod.click(two, label="Vote"), "challenge_over")
    await world.restart()
    assert len(results(world, thread)) == 1
    places = await world.alice.click(world.message(int(result["id"])), label="All places")
    assert said(places) == said(shown)


async def test_the_pot_pays_and_runs_empty(world: World) -> None:
    await world.mod.slash(world.channel, "limits", person_day=0)
    thread = await start(world, budget=1)
    await draw(world, thread, world.alice, "a harbour")
    quota = await world.bob.slash(thread, "quota")
    assert "**This challenge's pot**: 0 of 1 left" in said(quota)[1]
    empty = await world.bob.slash(thread, "imagine", prompt="a pier")
    refused(empty, "quota_pot", limit=1)
    elsewhere = await world.bob.slash(world.channel, "imagine", prompt="a pier")
    refused(elsewhere, "quota_none")
    await world.mod.slash(thread, "challenge end")
    over = await world.bob.slash(thread, "imagine", prompt="a pier")
    refused(over, "quota_none")


async def test_the_pot_pays_for_no_private_picture(world: World) -> None:
    thread = await start(world, budget=5)
    await world.mod.slash(world.channel, "limits", person_day=1)
    await world.alice.slash(thread, "imagine", prompt="a harbour", private=True)
    await world.drawn()
    mine = await world.alice.slash(thread, "imagine", prompt="a pier", private=True)
    assert "You have used 1 of your 1 pictures" in answer(mine).content
    await draw(world, thread, world.alice, "a pier")


async def test_the_servers_limits_hold_for_the_pot(world: World) -> None:
    await world.mod.slash(world.channel, "limits", server_day=1)
    thread = await start(world, budget=5)
    await draw(world, thread, world.alice, "a harbour")
    full = await world.bob.slash(thread, "imagine", prompt="a pier")
    assert "This server has used 1 of its 1 pictures" in answer(full).content


async def test_ties_share_the_first_place(world: World) -> None:
    thread = await start(world)
    for who in (world.alice, world.bob):
        await draw(world, thread, who, f"by {who.name}")
        await enter(world, thread, who)
    one, two = (world.message(entry) for entry in entries(world, thread))
    await world.bob.click(one, label="Vote")
    await world.alice.click(two, label="Vote")
    await world.mod.slash(thread, "challenge end")
    [result] = results(world, thread)
    assert str(result["components"]).count("**1.** ") == 2


async def test_it_ends_by_itself_although_the_bot_was_away(world: World, clock: SetClock) -> None:
    thread = await start(world, ends="1h")
    await draw(world, thread, world.alice, "a harbour")
    clock.at += dt.timedelta(hours=2)
    opening = world.message(first(world, thread))
    refused(await world.alice.click(opening, label="Enter a picture"), "challenge_over")
    await world.restart()

    async def named() -> bool:
        return bool(results(world, thread))

    await until(named)
    [result] = results(world, thread)
    assert "No picture took part" in str(result["components"])
    assert result["attachments"] == []


async def test_winners_are_named_once_whenever_the_bot_died(world: World) -> None:
    thread = await start(world)
    challenge = await the_one(world, thread)

    async def named() -> bool:
        async with world.easel.database.reading() as conn:
            return await challenges.untold(conn) == []

    async with world.easel.database.transaction() as conn:  # ... before the message
        await challenges.end(conn, challenge.id)
    await world.restart()
    await until(named)
    assert len(results(world, thread)) == 1
    async with world.easel.database.transaction() as conn:  # ... after it, before its row
        await conn.execute(update(table).values(result_id=None))
    await world.restart()  # the simulation knows no nonces: the message is found by its button
    await until(named)
    assert len(results(world, thread)) == 1


async def test_a_file_that_cannot_be_read_keeps_no_winner_from_being_named(world: World) -> None:
    thread = await start(world)
    picture = await draw(world, thread, world.alice, "a harbour")
    await enter(world, thread, world.alice)
    await world.bob.click(world.message(entries(world, thread)[0]), label="Vote")
    key = (await world.row_of(picture)).picture.key
    file = world.config.data_dir / "blobs" / key[:2] / key
    file.unlink()
    file.mkdir()  # an error that is not «it is not there»
    await world.mod.slash(thread, "challenge end")
    [result] = results(world, thread)
    assert f"by <@{world.alice.id}>" in str(result["components"])
    assert len(result["attachments"]) == 1


async def test_an_end_that_nobody_can_be_told_is_tried_once(world: World) -> None:
    thread = await start(world, ends="5m")
    world.env.backend.delete_channel(thread.id)
    challenge = await the_one(world, thread)
    async with world.easel.database.transaction() as conn:
        await challenges.end(conn, challenge.id)
    await world.restart()

    async def given_up() -> bool:
        async with world.easel.database.reading() as conn:
            return await challenges.untold(conn) == []

    await until(given_up)


async def test_an_entry_that_was_not_shown_is_shown_after_a_restart(world: World) -> None:
    thread = await start(world)
    picture = await draw(world, thread, world.alice, "a harbour")
    challenge, job = await the_one(world, thread), (await world.row_of(picture)).id
    async with world.easel.database.transaction() as conn:
        entry = Entry(job, world.alice.id, challenge.created_at)
        assert await challenges.enter(conn, challenge.id, entry)
    await world.restart()

    async def shown() -> bool:
        async with world.easel.database.reading() as conn:
            return await challenges.unshown(conn) == []

    await until(shown)
    await world.restart()
    assert len(entries(world, thread)) == 1


async def test_a_deleted_picture_takes_no_part(world: World) -> None:
    thread = await start(world)
    picture = await draw(world, thread, world.alice, "a harbour")
    await enter(world, thread, world.alice)
    [entry] = entries(world, thread)
    await world.alice.select(picture, ["delete"])
    refused(await world.bob.click(world.message(entry), label="Vote"), "entry_gone")
    opening = world.message(first(world, thread))
    refused(await world.alice.click(opening, label="Enter a picture"), "entry_none")
    await world.mod.slash(thread, "challenge end")
    assert "No picture took part" in str(results(world, thread)[0]["components"])


async def test_a_forum_post(world: World) -> None:
    forum = world.guild.create_forum_channel("contests")
    result = await world.mod.slash(
        world.channel, "challenge start", theme="harbours", channel=forum, budget=2
    )
    assert not result.ephemeral
    [post] = forum.threads
    shown = str(world.messages(post)[0]["components"])
    assert "Enter a picture" in shown
    assert "Standings" in shown
    await draw(world, post, world.alice, "a harbour")
    await enter(world, post, world.alice)
    assert len(entries(world, post)) == 1


async def test_who_may_and_what_cannot_be(world: World) -> None:
    refused(await world.alice.slash(world.channel, "challenge start", theme="me"), "not_allowed")
    unclear = await world.mod.slash(world.channel, "challenge start", theme="harbours", ends="soon")
    refused(unclear, "length_unclear")
    refused(await world.mod.slash(world.channel, "challenge end"), "challenge_unknown")
    assert world.channel.threads == []
    thread = await start(world)
    refused(await world.alice.slash(thread, "challenge end"), "not_allowed")
    board = await world.alice.click(world.message(first(world, thread)), label="Standings")
    assert "No picture takes part yet." in said(board)[1]
    assert buttons(board) == []

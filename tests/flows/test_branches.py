"""Branches: what the model is shown of a tree, wherever and by whom it is continued."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from sqlalchemy import event, update

from bot.domain.branch import PICTURE_ONLY, room_of
from bot.domain.conversations import CONTEXT_TOKENS, PICTURE_TOKENS, Line, Turn
from bot.domain.ids import JobId
from bot.domain.jobs import Job
from bot.domain.routes import DrawRequest, Profile
from bot.media.sanitize import clean
from bot.providers.registry import load_catalogue
from bot.standins.provider.calls import Call
from bot.storage import tables, turns
from tests.flows.conftest import World
from tests.flows.test_asking import photo

FIRST = "a red kite"


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    unlimited = ("EASEL_PERSON_DAY", "EASEL_GUILD_DAY", "EASEL_GUILD_MONTH")
    return settings | dict.fromkeys(unlimited, "1000")


def profile_of(world: World) -> Profile:
    return load_catalogue(world.config.model, world.config.catalogue).profile


def drawing_calls(world: World) -> list[Call]:
    return [call for call in world.provider.calls if call.route == "chat"]


async def as_sent(world: World, pictures: Sequence[discord.Message | bytes]) -> list[bytes]:
    """What the model must be sent for pictures: their files, cleaned as every input is."""
    profile = profile_of(world)
    sent: list[bytes] = []
    for picture in pictures:
        data = picture if isinstance(picture, bytes) else await world.bytes_of(picture)
        limits = {"max_side_px": profile.max_input_side_px, "max_bytes": profile.max_input_bytes}
        sent.append(clean(data, **limits).data)
    return sent


def words_in(call: Call) -> list[str]:
    """What people said, as the model was told: the branch first, the request last."""
    body: Any = call.body
    said: list[str] = []
    for message in body["messages"]:
        content = message["content"]
        if message["role"] == "user":
            said.append(content if isinstance(content, str) else content[0]["text"])
    return said


async def edited(
    world: World, who: MemberActor, words: str, picture: discord.Message, *files: bytes
) -> discord.Message:
    attachments = [(f"{number}.png", data) for number, data in enumerate(files)]
    message = world.message(picture.id)
    await who.send(world.channel, words, reply_to=message, attachments=attachments)
    return await world.drawn()


async def shown(world: World, words: Sequence[str], *pictures: discord.Message | bytes) -> None:
    """The last call had these words and, byte by byte, these pictures."""
    call = drawing_calls(world)[-1]
    assert words_in(call) == list(words)
    expected = await as_sent(world, pictures)
    assert [len(one.data) for one in call.pictures] == [len(one) for one in expected]
    assert [one.data for one in call.pictures] == expected


async def test_every_picture_of_a_tree_can_be_continued(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    line = [await world.drawn()]
    await shown(world, [FIRST])
    steps = [f"step {number}" for number in range(1, 6)]
    people = itertools.cycle([world.bob, world.alice, world.mod])
    for number, words in enumerate(steps):
        line.append(await edited(world, next(people), words, line[-1]))
        first = line[:1] if number else []
        await shown(world, [FIRST, *steps[: number + 1]], line[-2], *first)

    # Another branch from step 2, and one from its child, by another person.
    child = await edited(world, world.bob, "make it night", line[2])
    await shown(world, [FIRST, *steps[:2], "make it night"], line[2], line[0])
    reference = photo("lime")
    grandchild = await edited(world, world.mod, "with this boat", child, reference)
    said = [FIRST, *steps[:2], "make it night", "with this boat"]
    await shown(world, said, child, reference, line[0])

    # References fill the model's places; the first picture gives way.
    await edited(world, world.alice, "as these two", grandchild, reference, photo("blue"))
    await shown(world, [*said, "as these two"], grandchild, reference, photo("blue"))

    # The same after a restart, and the first line is as it was.
    await world.restart()
    await edited(world, world.alice, "in the rain", grandchild)
    await shown(world, [*said, "in the rain"], grandchild, line[0])
    await edited(world, world.bob, "step 6", line[5])
    await shown(world, [FIRST, *steps, "step 6"], line[5], line[0])
    await edited(world, world.bob, "another beginning", line[0])
    await shown(world, [FIRST, "another beginning"], line[0])


async def test_again_sends_what_was_sent(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    second = await edited(world, world.bob, "make it night", first)
    third = await edited(world, world.bob, "add a boat", second, photo("lime"))
    await world.restart()
    await world.alice.click(world.message(third.id), label="Again")
    again = await world.drawn()
    *_, one, two = drawing_calls(world)
    assert one.body == two.body
    assert len(two.pictures) == 3
    # What is made from the second one continues from the second one.
    await edited(world, world.alice, "and a moon", again)
    await shown(world, [FIRST, "make it night", "add a boat", "and a moon"], again, first)


async def test_more_pictures_than_the_model_takes_are_refused(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    files = [(f"{colour}.png", photo(colour)) for colour in ("red", "lime", "blue")]
    await world.bob.send(world.channel, "as these", reply_to=first, attachments=files)
    assert "3" in world.said()[-1]
    assert len(drawing_calls(world)) == 1


async def test_a_first_picture_that_is_gone_is_done_without(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    second = await edited(world, world.bob, "make it night", first)
    third = await edited(world, world.bob, "add a boat", second)
    kept = (await world.row_of(first)).picture.key
    await world.alice.select(world.message(first.id), ["delete"])
    assert not (world.config.data_dir / "blobs" / kept[:2] / kept).exists()
    await edited(world, world.alice, "and a moon", third)
    await shown(world, ["make it night", "add a boat", "and a moon"], third, second)


async def test_a_first_picture_that_cannot_be_read_is_done_without(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    second = await edited(world, world.bob, "make it night", first)
    kept = (await world.row_of(first)).picture.key
    (world.config.data_dir / "blobs" / kept[:2] / kept).unlink()
    gone = f"/channels/{world.channel.id}/messages/{first.id}"
    world.env.inject_error("GET", gone, status=404, code=10008)
    await edited(world, world.alice, "and a moon", second)
    await shown(world, [FIRST, "make it night", "and a moon"], second)


def within_bounds(world: World, said: Sequence[str]) -> None:
    """Every call kept to the context; the last one had the newest words that fit."""
    room = room_of(profile_of(world))
    calls = drawing_calls(world)
    for call in calls:
        assert len(call.pictures) <= 2
        words = words_in(call)
        bytes_ = sum(len(one.encode()) for one in words) + (len(words) - 1) * len(PICTURE_ONLY)
        used = bytes_ + len(call.pictures) * PICTURE_TOKENS + room.answer_tokens
        assert used <= CONTEXT_TOKENS
    last = words_in(calls[-1])
    assert last == list(said[-len(last) :])
    assert 15 < len(last) < 25


def long_wish(number: int) -> str:
    return f"{number:02} " + " ".join(["words"] * 240)


async def test_a_conversation_of_fifty_turns(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    first = await world.drawn()
    said = [FIRST]
    async with world.easel.database.transaction() as conn:
        turn = await turns.by_message(conn, first.id)
        assert turn is not None
        for number in range(1, 49):
            said.append(long_wish(number))
            turn = replace(
                turn,
                id=JobId(f"{number}"),
                parent=turn.id,
                words=said[-1],
                message_id=number,
                created_at=turn.created_at + dt.timedelta(seconds=1),
            )
            await turns.add(conn, turn)
        at_49 = update(tables.turns).where(tables.turns.c.id == "48")
        await conn.execute(at_49.values(message_id=first.id))
        at_1 = update(tables.turns).where(tables.turns.c.parent.is_(None))
        await conn.execute(at_1.values(message_id=1000))
    said.append(long_wish(49))
    line = [await edited(world, world.bob, said[-1], first)]
    said.append(long_wish(50))
    line.append(await edited(world, world.alice, said[-1], line[-1]))
    within_bounds(world, said)
    await shown(world, words_in(drawing_calls(world)[-1]), line[0], first)


@pytest.mark.nightly
async def test_fifty_turns_one_after_the_other(world: World) -> None:
    people = itertools.cycle([world.alice, world.bob])
    await world.alice.slash(world.channel, "imagine", prompt=FIRST)
    line = [await world.drawn()]
    said = [FIRST]
    held: list[int] = []
    steps = statements(world)
    took: list[int] = []
    for number in range(1, 51):
        steps.clear()
        said.append(long_wish(number))
        line.append(await edited(world, next(people), said[-1], line[-1]))
        took.append(len(steps))
        if number in (10, 50):
            held.append(_held())
    within_bounds(world, said)
    await shown(world, words_in(drawing_calls(world)[-1]), line[-2], line[0])
    assert held[1] <= held[0] + 5, held
    # Time on a shared machine is noise: a late turn does the same work as an early one.
    assert statistics.median(took[40:]) <= statistics.median(took[:10]) + 2, took


def statements(world: World) -> list[str]:
    """All SQL that the bot runs from now on, as a list that grows."""
    ran: list[str] = []

    def note(*arguments: Any) -> None:
        ran.append(arguments[2])

    database = world.easel.database
    for lane in (database._write, database._read):
        event.listen(lane.engine, "before_cursor_execute", note)
    return ran


def _held() -> int:
    """How many turns, requests and lines of conversations are in memory."""
    gc.collect()
    return sum(isinstance(one, Turn | Job | DrawRequest | Line) for one in gc.get_objects())

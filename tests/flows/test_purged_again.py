"""Again and Try again when the copies of the pictures that were sent are gone."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.domain.jobs import State
from bot.standins.provider.faults import Fault, Kind
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.test_asking import photo
from tests.flows.test_branches import drawing_calls, edited
from tests.flows.test_purge import DAY_S, age, copies, until


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_GRACE": "0"}


async def purged(world: World) -> None:
    """All copies are older than they are kept, and a new start has deleted them."""
    await world.easel.bot.close()
    await age(world, 31 * DAY_S)
    await world.restart()

    async def gone() -> bool:
        return not copies(world)

    await until(gone)


async def line_of_three(world: World) -> discord.Message:
    """A picture, an edit of it, and an edit of that with a picture of Bob's own."""
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    second = await edited(world, world.bob, "make it night", await world.drawn())
    return await edited(world, world.bob, "add a boat", second, photo("lime"))


async def test_again_fetches_what_is_no_longer_kept(world: World) -> None:
    third = await line_of_three(world)
    await purged(world)
    await world.alice.click(world.message(third.id), label="Again")
    again = await world.drawn()
    one, two = drawing_calls(world)[-2:]
    assert one.body == two.body
    assert len(two.pictures) == 3
    # What was asked again can be asked again.
    await purged(world)
    await world.bob.click(world.message(again.id), label="Again")
    await world.drawn()
    assert drawing_calls(world)[-1].body == one.body


async def test_only_what_is_gone_is_fetched(world: World) -> None:
    message = await world.bob.send(world.channel, "look", attachments=[("a.png", photo("red"))])
    bot_id = world.env.backend.bot_user.id
    await world.alice.send(world.channel, f"<@{bot_id}> at sea", reply_to=message)
    first = await world.drawn()
    [sent] = (await world.row_of(first)).inputs
    asked = len(world.cdn.asked)
    await world.alice.click(first, label="Again")
    again = await world.drawn()
    assert len(world.cdn.asked) == asked
    (world.config.data_dir / "blobs" / sent.key[:2] / sent.key).unlink()
    world.cdn.expired.add(world.cdn.asked[-1])
    await world.mod.click(again, label="Again")
    job_id, state = await world.ended()
    # The address is dead, and the message still has the file: here they are one.
    assert (state, (await world.row(job_id)).error_key) == (State.FAILED, "picture_link_expired")
    world.cdn.expired.clear()
    await world.mod.click(again, label="Again")
    await world.drawn()
    assert len(drawing_calls(world)[-1].pictures) == 1


async def test_try_again_fetches_them_too(world: World) -> None:
    await world.alice.slash(world.channel, "imagine", prompt="a red kite")
    first = await world.drawn()
    world.provider.faults.always(Fault(Kind.STATUS, status=400))
    await world.bob.send(
        world.channel, "add a boat", reply_to=first, attachments=[("b.png", photo("lime"))]
    )
    job_id, state = await world.ended()
    assert state is State.FAILED
    assert len((await world.row(job_id)).inputs) == 2
    world.provider.faults.clear()
    await purged(world)
    failed = world.message(int(world.messages()[-1]["id"]))
    await world.bob.click(failed, label="Try again")
    await world.drawn()
    assert len(drawing_calls(world)[-1].pictures) == 2
    assert sentence("picture_not_kept") not in world.said()


async def test_it_waits_until_discord_answers(world: World) -> None:
    third = await line_of_three(world)
    await purged(world)
    world.env.inject_error("GET", f"/channels/{world.channel.id}/messages/*", status=503)
    await world.alice.click(world.message(third.id), label="Again")
    async with asyncio.timeout(15):
        await world.drawn()
    assert len(drawing_calls(world)[-1].pictures) == 3

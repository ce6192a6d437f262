"""`/queue`: what is on its way, one's own and, for moderators, the server's."""

from __future__ import annotations

import datetime as dt

import discord
import pytest
from simcord.results import InteractionResult

from bot.domain.ids import Place, job_id
from bot.domain.jobs import Job, Reply, State, Wish
from bot.storage import jobs
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.waiting import buttons, shown

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


def listed(result: InteractionResult) -> list[str]:
    assert result.ephemeral
    assert result.response is not None
    return texts_of(result.response.components)


def link(world: World, result: InteractionResult) -> str:
    assert result.response is not None
    place = f"{world.guild.id}/{world.channel.id}/{result.response.id}"
    return f" · [show](https://discord.com/channels/{place})"


async def ended(world: World, count: int) -> None:
    for _ in range(count):
        await world.ended()


async def test_ones_own_in_order(world: World) -> None:
    world.provider.delay_s = 1.5
    first = await world.alice.slash(world.channel, "imagine", prompt="a *kite*")
    await world.bob.slash(world.channel, "imagine", prompt="a boat")
    third = await world.alice.slash(world.channel, "imagine", prompt="a lamp " * 40, private=True)
    title, own = listed(await world.alice.slash(world.channel, "queue"))
    assert "Your pictures" in title
    drawn, private = own.split("\n")
    assert drawn == f"- a \\*kite\\*: being drawn{link(world, first)}"
    assert private.startswith("- a lamp a lamp")
    assert private.endswith("…: number 2 in line"), "no link to what one alone can see"
    assert third.ephemeral
    await ended(world, 3)
    assert listed(await world.alice.slash(world.channel, "queue"))[1].startswith("None of yours")


async def test_moderators_see_the_servers(world: World) -> None:
    world.provider.delay_s = 1.5
    first = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await world.bob.slash(world.channel, "imagine", prompt="a secret", private=True)
    await world.mod.slash(world.channel, "imagine", prompt="a lamp")
    _, own, _, others = listed(await world.mod.slash(world.channel, "queue"))
    assert own.startswith("- a lamp: number 2 in line")
    assert others.split("\n") == [
        f"- a kite: being drawn, for <@{world.alice.id}>{link(world, first)}",
        f"- a picture: next in line, for <@{world.bob.id}>",
    ]
    assert len(listed(await world.bob.slash(world.channel, "queue"))) == 2
    await ended(world, 3)


async def test_who_looks_after_the_server_reads_no_hidden_words(world: World) -> None:
    unseen = discord.PermissionOverwrite(view_channel=False)
    staff = world.guild.create_text_channel("staff", overwrites={world.mod: unseen})
    world.provider.delay_s = 1.5
    await world.alice.slash(staff, "imagine", prompt="a secret")
    await world.bob.slash(world.channel, "imagine", prompt="a lamp")
    texts = listed(await world.mod.slash(world.channel, "queue"))
    hidden, seen = texts[3].split("\n")
    assert hidden == f"- a picture: being drawn, for <@{world.alice.id}>"
    assert "a lamp" in seen
    await ended(world, 2)


async def test_who_looks_after_one_channel_sees_that_alone(world: World) -> None:
    other = world.guild.create_text_channel(
        "bobs", overwrites={world.bob: discord.PermissionOverwrite(manage_messages=True)}
    )
    world.provider.delay_s = 1.5
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    await world.alice.slash(other, "imagine", prompt="a lamp")
    for channel in (other, world.channel):
        texts = listed(await world.bob.slash(channel, "queue"))
        assert len(texts) == 4
        assert "a lamp" in texts[3]
        assert "a kite" not in texts[3]
    await ended(world, 2)


async def test_cancelling_is_for_who_looks_after_the_requests_channel(world: World) -> None:
    own = world.guild.create_text_channel(
        "bobs", overwrites={world.bob: discord.PermissionOverwrite(manage_messages=True)}
    )
    world.provider.delay_s = 1.0
    await world.alice.slash(world.channel, "imagine", prompt="a kite")
    waiting = await world.alice.slash(own, "imagine", prompt="a lamp")
    assert waiting.response is not None
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql(
            f"UPDATE jobs SET channel_id = {world.channel.id} WHERE words = 'a lamp'"  # noqa: S608 -- ours
        )
    refused = await world.bob.click(waiting.response, label="Cancel")
    [told] = refused.followups
    assert told.content == sentence("not_your_picture")
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql(
            f"UPDATE jobs SET channel_id = {own.id} WHERE words = 'a lamp'"  # noqa: S608 -- ours
        )
    await world.bob.click(waiting.response, label="Cancel")
    assert "a lamp" in shown(waiting)
    assert list(buttons(waiting)) == ["Try again"]
    await ended(world, 2)


async def test_the_link_of_one_in_a_direct_message(world: World) -> None:
    world.provider.delay_s = 1.0
    await world.alice.send_dm("a kite")
    _, own = listed(await world.alice.slash(world.channel, "queue"))
    assert "a kite: being drawn" in own
    assert "https://discord.com/channels/@me/" in own
    await ended(world, 1)


async def test_a_thousand_are_counted(world: World) -> None:
    """Rows alone: what the line does with a thousand is measured elsewhere."""
    world.provider.delay_s = 1.0
    result = await world.alice.slash(world.channel, "imagine", prompt="a kite")
    place = Place(world.guild.id, world.channel.id)
    async with world.easel.database.transaction() as conn:
        for number in range(1000):
            wish = Wish(f"wish *{number}* " * 10)
            reply = Reply("token", None, 10**18 + number)
            one = Job(
                job_id(10**18 + number), place, world.bob.id, wish, reply, State.ACCEPTED, NOW
            )
            await jobs.insert(conn, one)
    texts = listed(await world.mod.slash(world.channel, "queue"))
    assert sum(len(text) for text in texts) <= 4000
    lines = texts[3].split("\n")
    assert len(lines) > 8
    assert lines[-1] == f"- and {1001 - (len(lines) - 1)} more"
    async with world.easel.database.transaction() as conn:
        await conn.exec_driver_sql("DELETE FROM jobs WHERE words LIKE 'wish%'")
    await ended(world, 1)
    assert "Edit" in buttons(result)
    assert "kite" in shown(result)

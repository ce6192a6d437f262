"""Discord's links to pictures expire; a fresh one is got where that can be done."""

from __future__ import annotations

from urllib.parse import urlsplit

import discord
import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.trouble import WISH, Trouble
from tests.media.pictures import corners, written

PHOTO = ("cat.png", written(corners(), "PNG"))


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1"}


async def keep_busy(trouble: Trouble) -> None:
    """What is asked for next has to wait for about a second."""
    trouble.world.provider.delay_s = 1.0
    await trouble.imagine()


def expire(world: World, message: discord.Message, *, fresh: bool = True) -> None:
    """The link that the bot knows ends; Discord has a new one at the message."""
    [attachment] = world.env.backend.messages[message.channel.id][message.id].attachments
    old = attachment["url"]
    world.cdn.expired.add(urlsplit(old).path)
    if fresh:
        data = world.env.backend.cdn.get(old)
        assert data is not None
        attachment["url"] = f"{old}.signed-anew.png"
        world.env.backend.cdn._blobs[attachment["url"]] = data


async def failed_beside_another(world: World) -> JobId:
    """Wait for a picture and a failure, in any order: no slot is held while one is posted."""
    ends = dict([await world.ended(), await world.ended()])
    assert sorted(ends.values()) == [State.FAILED, State.SETTLED]
    return next(job_id for job_id, state in ends.items() if state is State.FAILED)


def mention(world: World) -> str:
    return f"<@{world.env.backend.bot_user.id}> {WISH}"


async def test_a_message_is_fetched_again(trouble: Trouble, world: World) -> None:
    await keep_busy(trouble)
    message = await world.alice.send(world.channel, mention(world), attachments=[PHOTO])
    expire(world, message)
    await world.drawn()
    await world.drawn()
    assert [path.endswith("signed-anew.png") for path in world.cdn.asked] == [False, True]
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 1
    await trouble.over()


async def test_somebodys_message_is_fetched_again(trouble: Trouble, world: World) -> None:
    theirs = await world.bob.send(world.channel, "my cat", attachments=[PHOTO])
    shown = await world.alice.context_menu(world.channel, "Edit picture", theirs)
    expire(world, theirs)
    # Discord is away for the first try, which is no reason to give up.
    world.env.inject_error("GET", f"/channels/*/messages/{theirs.id}", status=503)
    await world.alice.submit_modal(shown, {"words": WISH})
    await world.drawn()
    assert trouble.asked() == 1
    await trouble.over()


@pytest.mark.parametrize("status", [403, 404])
async def test_a_message_that_cannot_be_fetched(
    trouble: Trouble, world: World, status: int
) -> None:
    theirs = await world.bob.send(world.channel, "my cat", attachments=[PHOTO])
    shown = await world.alice.context_menu(world.channel, "Edit picture", theirs)
    expire(world, theirs, fresh=False)
    code = {403: 50001, 404: 10008}[status]
    world.env.inject_error(
        "GET", f"/channels/*/messages/{theirs.id}", status=status, code=code, times=None
    )
    edit = await world.alice.submit_modal(shown, {"words": WISH})
    await trouble.job_told(edit, "picture_link_expired")
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_commands_file_has_no_message(trouble: Trouble, world: World) -> None:
    await keep_busy(trouble)
    result = await trouble.imagine(image=PHOTO)
    [url] = [url for url in world.env.backend.cdn._blobs if url.endswith("cat.png")]
    world.cdn.expired.add(urlsplit(url).path)
    job_id = await failed_beside_another(world)
    assert (await world.row(job_id)).error_key == "picture_link_expired"
    assert trouble.shown(result).startswith(sentence("picture_link_expired"))
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_a_message_deleted_while_its_wish_waits(trouble: Trouble, world: World) -> None:
    await keep_busy(trouble)
    message = await world.alice.send(world.channel, mention(world), attachments=[PHOTO])
    expire(world, message)
    await world.alice.delete(message)
    job_id = await failed_beside_another(world)
    assert (await world.row(job_id)).error_key == "picture_link_expired"
    assert world.said()[-1].startswith(sentence("picture_link_expired"))
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    await trouble.over()

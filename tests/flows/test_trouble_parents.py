"""The picture that is to be edited has been deleted."""

from __future__ import annotations

import shutil

import discord
import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from tests.flows.trouble import WISH, Trouble


async def first(trouble: Trouble) -> discord.Message:
    await trouble.imagine()
    return await trouble.world.drawn()


async def opened_form(trouble: Trouble, message: discord.Message) -> InteractionResult:
    shown = await trouble.world.alice.context_menu(trouble.world.channel, "Edit picture", message)
    assert shown.modal is not None
    return shown


async def gone(trouble: Trouble, form: InteractionResult) -> None:
    """Sending the form is answered with the sentence; nothing was asked or counted."""
    answer = await trouble.world.alice.submit_modal(form, {"words": WISH})
    trouble.refused(answer, "parent_gone")
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_deleted_by_its_button(trouble: Trouble) -> None:
    picture = await first(trouble)
    form = await opened_form(trouble, picture)
    await trouble.world.alice.select(picture, ["delete"])
    await gone(trouble, form)


async def test_deleted_by_a_moderator(trouble: Trouble) -> None:
    picture = await first(trouble)
    form = await opened_form(trouble, picture)
    await trouble.world.mod.delete(picture)
    await gone(trouble, form)


async def test_deleted_among_others(trouble: Trouble) -> None:
    picture = await first(trouble)
    form = await opened_form(trouble, picture)
    backend = trouble.world.env.backend
    backend.bulk_delete_messages(trouble.world.channel.id, [picture.id, 1])
    await trouble.world.env.settle()
    await gone(trouble, form)


async def test_deleted_by_two_at_once(trouble: Trouble) -> None:
    picture = await first(trouble)
    path = f"/webhooks/*/messages/{'@original'}"
    trouble.world.env.inject_error("DELETE", path, status=404, code=10008)
    form = await opened_form(trouble, picture)
    await trouble.world.alice.select(picture, ["delete"])
    await gone(trouble, form)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1"}


async def test_deleted_while_the_edit_waits(trouble: Trouble) -> None:
    world = trouble.world
    picture = await first(trouble)
    world.provider.delay_s = 1.0
    await trouble.imagine()
    form = await opened_form(trouble, picture)
    edit = await world.alice.submit_modal(form, {"words": WISH})
    await world.mod.delete(picture)
    ends = {state: job_id for job_id, state in (await world.ended(), await world.ended())}
    assert set(ends) == {State.SETTLED, State.FAILED}  # either may be the first
    world.ends.put_nowait((ends[State.FAILED], State.FAILED))
    await trouble.job_told(edit, "parent_gone")
    assert trouble.asked() == 2
    await trouble.nothing_counted(but=2)
    await trouble.over()


async def test_deleted_while_the_bot_was_away(trouble: Trouble) -> None:
    world = trouble.world
    picture = await first(trouble)
    form = await opened_form(trouble, picture)
    shutil.rmtree(world.config.data_dir / "blobs")
    del world.env.backend.messages[world.channel.id][picture.id]
    edit = await world.alice.submit_modal(form, {"words": WISH})
    await trouble.job_told(edit, "parent_gone")
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_a_copy_that_was_purged_is_fetched_from_discord(trouble: Trouble) -> None:
    world = trouble.world
    picture = await first(trouble)
    shutil.rmtree(world.config.data_dir / "blobs")
    await world.bob.send(world.channel, WISH, reply_to=picture)
    await world.drawn()
    call = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert len(call.pictures) == 1
    await trouble.over()

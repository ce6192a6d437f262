"""Edits of a part of a picture that cannot be pasted, or that go on after a restart."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.ui.texts import say
from tests.flows.cells import (
    calls,
    changed,
    first,
    forget_file,
    form,
    instead,
    model_drew,
    only_inside,
    shows,
    written,
)
from tests.flows.conftest import World
from tests.flows.reading import texts_of
from tests.flows.trouble import Trouble


class TestNotPasted:
    """It is paid for: it is shown as it came."""

    async def as_it_came(self, world: World, after: discord.Message) -> None:
        assert await world.bytes_of(after) == world.provider.said[-1].pictures[0].data
        [message] = [one for one in world.messages() if one["id"] == str(after.id)]
        assert say("region_not_kept") in " ".join(texts_of(message["components"]))
        assert len(calls(world)) == 2

    async def test_another_shape(self, world: World) -> None:
        before = await first(world)
        await instead(world, before, (1200, 600))
        await self.as_it_came(world, await changed(world, before))

    async def test_an_original_that_is_deleted_meanwhile(
        self, trouble: Trouble, world: World
    ) -> None:
        before = await first(world)
        world.provider.delay_s = 1.0
        await world.alice.submit_modal(await form(world, before), written())
        async with asyncio.timeout(5):
            while len(calls(world)) < 2:  # noqa: ASYNC110 (the server has no event for it)
                await asyncio.sleep(0.02)
        await world.alice.select(world.message(before.id), ["delete"])
        await self.as_it_came(world, await world.drawn())
        assert "Traceback" not in trouble.log.text

    async def test_no_original_to_begin_with(self, trouble: Trouble, world: World) -> None:
        before = await first(world)
        after = await changed(world, before)
        await forget_file(world, before)
        gone = f"/channels/{world.channel.id}/messages/{before.id}"
        world.env.inject_error("GET", gone, status=404, code=10008)
        result = await world.alice.click(world.message(after.id), label="Again")
        await trouble.job_told(result, "parent_gone")
        assert len(calls(world)) == 2  # nothing is paid for what could not be pasted


class TestResumed:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": "chat-async", "EASEL_GRACE": "0"}

    async def test_work_that_goes_on_after_a_restart_is_pasted(self, world: World) -> None:
        before = await first(world)
        original = await shows(world, before)
        world.provider.delay_s = 1.0
        await world.alice.submit_modal(await form(world, before), written())
        for _ in range(100):
            await asyncio.sleep(0.02)
            async with world.easel.database.reading() as conn:
                known = await conn.exec_driver_sql(
                    "SELECT 1 FROM jobs WHERE state = 'drawing' AND request_id IS NOT NULL"
                )
                if known.first() is not None:
                    break
        await world.restart()
        after = await world.drawn()
        only_inside(await shows(world, after), original, model_drew(world))
        asked = [one for one in world.provider.calls if one.route == "chat-async"]
        assert len([one for one in asked if one.method == "POST"]) == 2

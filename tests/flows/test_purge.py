"""Copies of pictures and ended workflows go after `EASEL_KEEP_DAYS`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.jobs import State
from bot.storage import jobs
from tests.flows.conftest import World
from tests.flows.test_trouble_storage import once
from tests.flows.trouble import WISH, Trouble

DAY_S = 24 * 3600


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_GRACE": "0"}


def copies(world: World) -> set[Path]:
    return set((world.config.data_dir / "blobs").glob("??/*"))


async def workflows(world: World) -> int:
    async with world.easel.database.reading() as conn:
        return (await conn.exec_driver_sql("SELECT count(*) FROM workflow_status")).scalar_one()


async def age(world: World, by_s: float) -> None:
    """All that is kept was made so much earlier."""
    for path in copies(world):
        made_s = path.stat().st_mtime - by_s
        os.utime(path, (made_s, made_s))
    async with world.easel.database.transaction() as conn:
        earlier = text("UPDATE workflow_status SET created_at = created_at - :by_ms")
        await conn.execute(earlier, {"by_ms": int(by_s * 1000)})


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await done():  # noqa: ASYNC110 -- what ends it is another's commit
            await asyncio.sleep(0.05)


async def test_old_copies_go_and_the_picture_can_still_be_edited(
    trouble: Trouble, world: World
) -> None:
    await trouble.imagine()
    picture = await world.drawn()
    [old] = copies(world)
    await world.easel.bot.close()
    await age(world, 29 * DAY_S)
    await world.restart()
    await asyncio.sleep(0.3)
    assert copies(world) == {old}
    assert await workflows(world) == 1
    await world.easel.bot.close()
    await age(world, 2 * DAY_S)
    await world.restart()

    async def gone() -> bool:
        return not copies(world) and await workflows(world) == 0

    await until(gone)
    assert "1 old copies of pictures are gone" in trouble.log.text
    await world.bob.send(world.channel, WISH, reply_to=picture)  # Discord still has it
    await world.drawn()
    assert len(world.provider.calls[-2].pictures) == 1
    await trouble.over()


async def test_a_job_that_has_not_ended_keeps_its_picture(trouble: Trouble, world: World) -> None:
    drawn = asyncio.Event()
    once(world, State.DRAWN, drawn.set)
    world.env.inject_error("*", "/webhooks/*", status=503, times=None)
    world.env.inject_error("*", "/channels/*", status=503, times=None)
    await trouble.imagine()
    await asyncio.wait_for(drawn.wait(), 10)
    [kept] = copies(world)
    await world.easel.bot.close()
    (kept.parent / "left.part").write_bytes(b"by a crash")
    await age(world, 31 * DAY_S)
    await world.restart()

    async def purged() -> bool:
        return copies(world) == {kept}

    await until(purged)
    async with world.easel.database.reading() as conn:
        [job] = await jobs.unfinished(conn)
    assert job.state is State.DRAWN
    world.env.backend.faults.clear()
    assert (await world.drawn()).attachments
    assert trouble.asked() == 1
    await trouble.over()


class TestKeepingNothing:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_KEEP_DAYS": "0"}

    async def test_what_is_being_written_is_spared(self, trouble: Trouble, world: World) -> None:
        await trouble.imagine()
        await world.drawn()
        await world.restart()

        async def ended_are_gone() -> bool:
            return await workflows(world) == 0

        await until(ended_are_gone)
        await asyncio.sleep(0.3)
        assert len(copies(world)) == 1
        await world.easel.bot.close()
        await age(world, 2 * 3600)
        await world.restart()

        async def gone() -> bool:
            return not copies(world)

        await until(gone)
        await trouble.over()

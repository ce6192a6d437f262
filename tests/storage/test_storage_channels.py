from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.channels import Channel, ChannelSettings, Mode, Nsfw
from bot.domain.ids import JobId
from bot.storage import channels
from bot.storage.database import Database
from tests.storage.samples import NOW

RULES = ChannelSettings(Mode.ART, "sticker", "16:9", ("Mia", "Kit"), 0, 30, Nsfw.SPOILER)
PLAIN = Channel(1, 10, RULES)
STUDIO = Channel(2, 10, ChannelSettings(style="comic"), 5, JobId("7-1"), NOW)


async def put(database: Database, *kept: Channel) -> None:
    async with database.transaction() as conn:
        for channel in kept:
            await channels.put(conn, channel)


async def get(database: Database, channel_id: int) -> Channel | None:
    async with database.reading() as conn:
        return await channels.get(conn, channel_id)


@pytest.mark.parametrize("kept", [PLAIN, STUDIO, Channel(2**63 - 1, None)])
async def test_it_comes_back_as_it_was_written(database: Database, kept: Channel) -> None:
    assert await get(database, kept.id) is None
    await put(database, kept)
    assert await get(database, kept.id) == kept


async def test_it_is_replaced_and_deleted(database: Database) -> None:
    await put(database, PLAIN, replace(PLAIN, settings=ChannelSettings(slow_mode_s=0)))
    assert await get(database, 1) == Channel(1, 10, ChannelSettings(slow_mode_s=0))
    async with database.transaction() as conn:
        await channels.delete(conn, 1)
    assert await get(database, 1) is None


async def test_a_row_that_knows_less_means_the_defaults(database: Database) -> None:
    await put(database, PLAIN)
    async with database.transaction() as conn:
        await conn.exec_driver_sql("""UPDATE channel_settings SET settings = '{"mode": "off"}'""")
    assert await get(database, 1) == Channel(1, 10, ChannelSettings(Mode.OFF))


async def test_studios_end_once_and_are_opened_by_use(database: Database) -> None:
    later = NOW + dt.timedelta(hours=1)
    await put(database, PLAIN, STUDIO, replace(STUDIO, id=3, active_at=later))
    async with database.transaction() as conn:
        assert await channels.idle(conn, NOW) == []
        assert [one.id for one in await channels.idle(conn, later)] == [2]
        assert not await channels.end(conn, 2, before=NOW)
        assert await channels.end(conn, 2, before=later)
        assert not await channels.end(conn, 2)
        assert await channels.idle(conn, later) == []
        await channels.used(conn, 2, later)
        await channels.used(conn, 1, later)
    assert await get(database, 2) == replace(STUDIO, active_at=later)
    assert await get(database, 1) == PLAIN, "no studio"


async def test_a_persons_studios_are_forgotten(database: Database) -> None:
    await put(database, PLAIN, STUDIO, replace(STUDIO, id=3, owner_id=6))
    async with database.transaction() as conn:
        await channels.disown(conn, 5)
    assert [one is None for one in [await get(database, at) for at in (1, 2, 3)]] == [
        False,
        True,
        False,
    ]

"""Stars and servers' settings as rows."""

from __future__ import annotations

import asyncio

from bot.domain.ids import JobId
from bot.domain.stars import Gallery, Star
from bot.storage import guild_settings, jobs, stars, turns
from bot.storage.database import Database
from tests.storage.samples import job, turn

HERE = Gallery(9_100_000_000_000_000_001, 3)
ONE, TWO = JobId("10"), JobId("11")


async def draw(database: Database, *numbers: int) -> None:
    async with database.transaction() as conn:
        for number in numbers:
            await jobs.insert(conn, job(number))
            await turns.add(conn, turn(number))


async def test_a_picture_is_in_a_gallery_once(database: Database) -> None:
    await draw(database, 10)

    async def add(count: int) -> bool:
        async with database.transaction() as conn:
            return await stars.add(conn, ONE, 1, HERE, count)

    assert sorted(await asyncio.gather(*map(add, (3, 3, 3, 3)))) == [False] * 3 + [True]
    async with database.transaction() as conn:
        assert await stars.get(conn, ONE) == Star(ONE, 1, HERE.channel_id, None, 3)
        assert await stars.get(conn, TWO) is None


async def test_what_is_to_do(database: Database) -> None:
    await draw(database, 10, 11)
    async with database.transaction() as conn:
        for one in (ONE, TWO):
            await stars.add(conn, one, 1, HERE, 3)
        assert [star.turn for star in await stars.unshown(conn)] == [ONE, TWO]
        await stars.shown(conn, ONE, 77)
        await stars.recount(conn, ONE, 5)
        assert await stars.get(conn, ONE) == Star(ONE, 1, HERE.channel_id, 77, 5)
        assert [star.turn for star in await stars.unshown(conn)] == [TWO]
        assert [star.turn for star in await stars.posted_in(conn, [1010, 5])] == [ONE]
        assert await stars.concerned(conn, [77])
        assert await stars.concerned(conn, [1010])
        assert not await stars.concerned(conn, [78])
        await stars.taken_away(conn, [77, 78])
        assert await stars.get(conn, ONE) == Star(ONE, 1, HERE.channel_id, 0, 5)
        assert await stars.of_deleted(conn) == []
        await turns.forget(conn, ONE)
        assert [star.turn for star in await stars.of_deleted(conn)] == [ONE]
        assert [star.turn for star in await stars.posted_in(conn, [1010])] == [ONE]
        await turns.forget(conn, TWO)
        assert await stars.unshown(conn) == []
        await stars.remove(conn, ONE)
        assert await stars.get(conn, ONE) is None


async def test_settings_of_a_server_are_kept_beside_each_other(database: Database) -> None:
    async def change(number: int) -> None:
        async with database.transaction() as conn:
            await guild_settings.change(conn, 7, **{f"name{number}": number})

    async with database.reading() as conn:
        assert await guild_settings.get(conn, 7) == {}
    await asyncio.gather(*map(change, range(8)))
    await change(3)
    async with database.reading() as conn:
        kept = await guild_settings.get(conn, 7)
        assert kept == {f"name{number}": number for number in range(8)}
        assert await guild_settings.get(conn, 8) == {}

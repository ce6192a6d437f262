"""One process to a PostgreSQL database: tried with processes of their own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import text

from bot.errors import ConfigError
from bot.storage.database import Database
from bot.storage.serverlock import CHECK_S, KEY
from tests.databases import driver_url, new_postgresql
from tests.storage.test_lockfile import hold, kill

HOLDERS = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def url() -> str:
    return new_postgresql()


@pytest.fixture
def admin(url: str) -> Generator[psycopg.Connection]:
    with psycopg.connect(driver_url(url), autocommit=True) as connection:
        yield connection


def holders(admin: psycopg.Connection) -> list[int]:
    """The server's numbers of the sessions that hold the lock."""
    return [pid for (pid,) in admin.execute(HOLDERS, [KEY & 0xFFFF_FFFF])]


async def test_a_second_process_is_refused_until_the_first_is_dead(url: str) -> None:
    first = hold(url)
    try:
        with pytest.raises(ConfigError) as refused:
            await Database.open(url)
        assert f"in use by another process of Easel (process {first.pid} on " in str(refused.value)
        assert str(refused.value).endswith(
            "; stop it first, or set EASEL_DATABASE_URL to another database."
        )
        beside = await Database.open(url, lock=False)
        async with beside.reading() as conn:
            assert (await conn.exec_driver_sql("SELECT count(*) FROM t")).scalar_one() == 1
        await beside.close()
    finally:
        kill(first)
    second = await Database.open(url)  # at once after the SIGKILL
    await second.close()
    third = await Database.open(url)
    await third.close()


async def test_another_database_of_the_server_is_free(url: str) -> None:
    first = await Database.open(url)
    second = await Database.open(new_postgresql())
    await second.close()
    await first.close()


async def test_a_lost_session_takes_the_lock_again(url: str, admin: psycopg.Connection) -> None:
    database = await Database.open(url)
    [before] = holders(admin)
    admin.execute("SELECT pg_terminate_backend(%s)", [before])
    async with asyncio.timeout(CHECK_S * 2 + 3):
        while not (after := holders(admin)) or after == [before]:  # noqa: ASYNC110 -- of the server
            await asyncio.sleep(0.05)
    async with database.reading() as conn:
        await conn.execute(text("SELECT 1"))
    await database.close()
    second = await Database.open(url)
    await second.close()


async def test_a_process_that_lost_the_lock_to_another_stops(
    url: str, admin: psycopg.Connection
) -> None:
    process = hold(url)
    try:
        [ours] = holders(admin)
        other = await psycopg.AsyncConnection.connect(driver_url(url), autocommit=True)
        waiting = asyncio.create_task(other.execute("SELECT pg_advisory_lock(%s)", [KEY]))
        await asyncio.sleep(0.1)
        admin.execute("SELECT pg_terminate_backend(%s)", [ours])
        await waiting
        async with asyncio.timeout(CHECK_S * 2 + 3):
            while process.poll() is None:  # noqa: ASYNC110 -- of another process
                await asyncio.sleep(0.05)
        assert process.returncode == -signal.SIGTERM
        await other.close()
    finally:
        with suppress(ProcessLookupError):
            kill(process)

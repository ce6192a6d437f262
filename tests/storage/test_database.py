from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Insert, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import ConfigError, StorageBusy, StorageError, StorageFull
from bot.storage.database import Database
from bot.storage.tables import counters
from tests.databases import clean_postgresql, clean_sqlite, driver_url


def row(scope: str, period: str = "p", *, used: int = 0) -> Insert:
    return insert(counters).values(scope=scope, period=period, used=used, usd_micros=0)


async def add(
    database: Database, *names: str, used: int = 0, then: Exception | None = None
) -> None:
    """One row for each name, in one transaction, which then fails if so wished."""
    async with database.transaction() as conn:
        for scope in names:
            await conn.execute(row(scope, used=used))
        if then is not None:
            raise then


async def scopes(database: Database) -> list[str]:
    async with database.reading() as conn:
        return list((await conn.execute(select(counters.c.scope).order_by("scope"))).scalars())


async def test_a_transaction_is_kept_or_was_never_there(database: Database) -> None:
    await add(database, "a")
    with pytest.raises(ZeroDivisionError):
        await add(database, "b", then=ZeroDivisionError())
    assert await scopes(database) == ["a"]


async def test_a_broken_rule_passes_as_it_is(database: Database) -> None:
    await add(database, "a")
    with pytest.raises(IntegrityError):
        await add(database, "a")
    with pytest.raises(IntegrityError):
        await add(database, "b", used=-1)
    assert await scopes(database) == ["a"]


async def test_reading_does_not_write(database: Database) -> None:
    with pytest.raises((StorageError, DBAPIError)):
        async with database.reading() as conn:
            await conn.execute(row("a"))
    await add(database, "b")
    assert await scopes(database) == ["b"]


async def test_reading_holds_one_snapshot_and_waits_for_no_writer(database: Database) -> None:
    await add(database, "a")
    async with database.reading() as conn:
        assert await conn.scalar(select(func.count()).select_from(counters)) == 1
        await asyncio.wait_for(add(database, "b"), 1.0)
        assert await conn.scalar(select(func.count()).select_from(counters)) == 1
    async with database.transaction() as conn:
        await conn.execute(row("c"))
        assert await asyncio.wait_for(scopes(database), 1.0) == ["a", "b"]


async def test_synchronous_work_joins_the_transaction(database: Database) -> None:
    def enqueue(connection: SyncConnection) -> None:
        connection.execute(row("s"))

    async def fail() -> None:
        async with database.transaction() as conn:
            await conn.run_sync(enqueue)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await scopes(database) == []
    async with database.transaction() as conn:
        await conn.run_sync(enqueue)
    assert await scopes(database) == ["s"]


async def _pair(database: Database, number: int) -> None:
    async with database.transaction() as conn:
        for half in ("a", "b"):
            await conn.execute(row(half, str(number)))


async def test_a_cancelled_transaction_is_whole_or_not_there(database: Database) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    await _pair(database, -1)
    step_s = (loop.time() - started) / 40
    for number in range(60):
        task = asyncio.create_task(_pair(database, number))
        await asyncio.sleep(number * step_s)
        task.cancel()
        if number % 3 == 0:
            await asyncio.sleep(0)
            task.cancel()  # an impatient caller
        await asyncio.wait({task}, timeout=5)
        assert task.done()
    async with database.reading() as conn:
        rows = await conn.execute(
            select(counters.c.period, func.count()).group_by(counters.c.period)
        )
        assert {count for _, count in rows} == {2}
    await asyncio.wait_for(_pair(database, 1000), 2.0)  # nothing was left open or locked
    if database.url.get_backend_name() == "postgresql":
        async with database.reading() as conn:
            left_open = await conn.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
                )
            )
        assert left_open == 0


@pytest.mark.parametrize(
    "moment", ["begin", "before_cursor_execute", "after_cursor_execute", "commit", "rollback"]
)
async def test_no_step_of_a_transaction_is_torn(database: Database, moment: str) -> None:
    loop = asyncio.get_running_loop()
    task: asyncio.Task[None]

    def cancel(*_: Any) -> None:
        cancelled = threading.Event()
        loop.call_soon_threadsafe(lambda: (task.cancel(), cancelled.set()))
        cancelled.wait()  # the cancellation comes while this step runs

    def connected(*_: Any) -> None:
        raise AssertionError("the connection was given up")

    async def work() -> None:
        async with database.transaction() as conn:
            await conn.execute(row("a"))
            if moment == "rollback":
                raise ZeroDivisionError

    engine = database._write.engine
    event.listen(engine, "connect", connected)
    event.listen(engine, moment, cancel, once=True)
    task = asyncio.create_task(work())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await scopes(database) == (["a"] if moment == "commit" else [])
    await asyncio.wait_for(add(database, "b"), 1.0)
    event.remove(engine, "connect", connected)


async def test_who_waits_for_the_writer_may_leave(database: Database) -> None:
    inside = asyncio.Event()
    leave = asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            inside.set()
            await leave.wait()

    holders = [asyncio.create_task(hold()) for _ in range(12)]
    await inside.wait()
    waiter = asyncio.create_task(add(database, "a"))
    await asyncio.sleep(0.01)
    waiter.cancel()
    await asyncio.wait({waiter})
    leave.set()
    await asyncio.gather(*holders)
    await add(database, "b")
    assert await scopes(database) == ["b"]


async def test_a_lock_held_elsewhere_is_busy_and_passes(database_url: str) -> None:
    database = await Database.open(database_url, busy_timeout_s=0.1)
    await add(database, "a")
    if database_url.startswith("sqlite"):
        other = sqlite3.connect(str(database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(driver_url(database_url))
        other.execute("SELECT * FROM counters FOR UPDATE")
    with pytest.raises(StorageBusy):
        async with database.transaction() as conn:
            await conn.execute(update(counters).values(used=counters.c.used + 1))
    assert await scopes(database) == ["a"]
    other.rollback()
    other.close()
    await add(database, "b")
    await database.close()


async def test_a_full_disk_is_told_and_passes(tmp_path: Path) -> None:
    database = await Database.open(clean_sqlite(tmp_path))

    async def room(pages: int) -> None:
        async with database.transaction() as conn:
            await conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await add(database, "a")
    await room(1)  # SQLite takes the size it has
    with pytest.raises(StorageFull):
        await add(database, "x" * 100_000)
    with pytest.raises(StorageFull):  # whatever the statement
        await add(database, *(f"{number:0500}" for number in range(1000)))
    assert await scopes(database) == ["a"]
    await room(1_000_000)
    await add(database, "b" * 100_000)
    assert len(await scopes(database)) == 2
    await database.close()


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("53100", StorageFull),
        ("40P01", StorageBusy),
        ("57014", StorageBusy),
        ("57P01", StorageError),
        ("P0001", DBAPIError),
    ],
)
async def test_what_postgresql_says_is_understood(state: str, error: type[Exception]) -> None:
    database = await Database.open(clean_postgresql())
    with pytest.raises(error):
        async with database.transaction() as conn:
            await conn.exec_driver_sql(
                f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
            )
    await add(database, "a")
    await database.close()


async def test_a_dropped_connection_is_replaced() -> None:
    database = await Database.open(clean_postgresql())
    admin = psycopg.connect(driver_url(str(database.url)), autocommit=True)

    async def dropped() -> None:
        async with database.transaction() as conn:
            pid = await conn.scalar(text("SELECT pg_backend_pid()"))
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            await conn.execute(row("a"))

    with pytest.raises(StorageError):
        await dropped()
    await add(database, "b")
    assert await scopes(database) == ["b"]
    admin.close()
    await database.close()


async def test_who_is_cancelled_hears_of_that_when_the_connection_is_lost_too() -> None:
    """Else a stop would be taken for trouble with the database, and tried again."""
    database = await Database.open(clean_postgresql())
    admin = psycopg.connect(driver_url(str(database.url)), autocommit=True)
    lost = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as conn:
            pid = await conn.scalar(text("SELECT pg_backend_pid()"))
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            lost.set()
            await asyncio.sleep(30)

    working = asyncio.create_task(work())
    await lost.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await add(database, "b")
    admin.close()
    await database.close()


async def test_a_second_engine_may_write_to_the_same_file(tmp_path: Path) -> None:
    url = clean_sqlite(tmp_path)
    database = await Database.open(url)
    await add(database, "ours")
    await add(database, "theirs")

    def theirs() -> None:
        other = sqlite3.connect(str(database.url.database), isolation_level=None, timeout=5)
        for _ in range(50):
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE counters SET used = used + 1 WHERE scope = 'theirs'")
            other.execute("COMMIT")
        other.close()

    thread = threading.Thread(target=theirs)
    thread.start()
    for _ in range(50):
        async with database.transaction() as conn:
            await conn.execute(
                update(counters).where(counters.c.scope == "ours").values(used=counters.c.used + 1)
            )
    thread.join()
    async with database.reading() as conn:
        assert list((await conn.execute(select(counters.c.used))).scalars()) == [50, 50]
    await database.close()


async def test_errors_name_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as broken:
        async with database.transaction() as conn:
            await conn.execute(
                text("SELECT nothing FROM counters WHERE scope = :s"), {"s": "SECRET"}
            )
    assert "SECRET" not in str(broken.value)
    with pytest.raises(IntegrityError) as refused:
        await add(database, "SECRET", used=-1)
    assert "SECRET" not in str(refused.value)


async def test_the_folder_is_made_and_the_settings_hold(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "easel.db"
    database = await Database.open(f"sqlite:///{file}")
    async with database.transaction() as conn:
        found = {
            name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    await database.close()
    assert stat.S_IMODE(file.with_name("easel.db.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a database's address"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:////dev/null/easel.db", "cannot make the folder"),
        ("sqlite:///{tmp}", "cannot open its database"),
        ("sqlite:///{tmp}/picture.png", "file is not a database"),
        ("postgresql+psycopg://me:SECRET@127.0.0.1:1/easel", "cannot open its database"),
    ],
)
async def test_a_wrong_address_gets_a_sentence(tmp_path: Path, url: str, words: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG" * 500)
    with pytest.raises(ConfigError, match=words) as wrong:
        await Database.open(url.format(tmp=tmp_path))
    sentence = str(wrong.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "SECRET" not in sentence

"""Transactions that go as a whole in one hop of the database's thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import Insert, event, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Connection, Database
from bot.storage.tables import counters


def row(scope: str, *, used: int = 0) -> Insert:
    return insert(counters).values(scope=scope, period="p", used=used, usd_micros=0)


async def scopes(conn: Connection) -> list[str]:
    return list((await conn.execute(select(counters.c.scope).order_by("scope"))).scalars())


async def kept(database: Database) -> list[str]:
    async with database.reading() as conn:
        return await scopes(conn)


async def add(database: Database, *names: str, used: int = 0) -> list[str]:
    async def work(conn: Connection) -> list[str]:
        for name in names:
            await conn.execute(row(name, used=used))
        return await scopes(conn)

    return await database.run(work)


async def test_it_is_kept_and_gives_its_result(database: Database) -> None:
    assert await add(database, "a", "b") == ["a", "b"]
    assert await kept(database) == ["a", "b"]


async def test_it_takes_one_hop_of_one_thread(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    hops = 0
    run = database._write.threads.run

    async def counted(*arguments: Any) -> Any:
        nonlocal hops
        hops += 1
        return await run(*arguments)

    monkeypatch.setattr(database._write.threads, "run", counted)
    event.listen(
        database._write.engine,
        "before_cursor_execute",
        lambda *_: threads.add(threading.get_ident()),
    )
    await add(database, "a", "b", "c")
    assert hops == 1
    assert len(threads - {threading.get_ident()}) == 1


async def test_an_error_takes_all_of_it_back(database: Database) -> None:
    async def work(conn: Connection) -> None:
        await conn.execute(row("a"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(work)
    with pytest.raises(IntegrityError):
        await add(database, "b", used=-1)
    assert await kept(database) == []
    await add(database, "c")  # nothing is left open


async def test_it_may_wait_for_nothing_else(database: Database) -> None:
    async def work(conn: Connection) -> None:
        await conn.execute(row("a"))
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something"):
        await database.run(work)
    assert await kept(database) == []
    await add(database, "b")


async def test_who_is_cancelled_hears_of_it_after_the_end(database: Database) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def work(conn: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(5)
        await conn.execute(row("a"))

    task = asyncio.create_task(database.run(work))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await kept(database) == ["a"]

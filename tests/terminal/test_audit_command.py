from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import update

from bot.domain.ids import JobId, Place
from bot.domain.quotas import Limits, counters
from bot.storage import ledger, schema, tables
from bot.storage.database import Database

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


async def _books(url: str, *, spoiled: bool) -> None:
    database = await Database.open(url)
    await schema.migrate(url)
    async with database.transaction() as conn:
        wanted = counters(Place(1, 2), 3, Limits(5, 5, 5), NOW)
        assert await ledger.reserve(conn, JobId("7"), wanted, now=NOW, usd_micros=40_000)
        if spoiled:
            await conn.execute(update(tables.counters).values(used=2))
    await database.close()


def _audit(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("EASEL_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "audit"],
        env={**env, "EASEL_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
    )


def test_books_that_add_up(tmp_path: Path) -> None:
    asyncio.run(_books(f"sqlite:///{tmp_path}/easel.db", spoiled=False))
    done = _audit(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "The books add up.\n", "")


def test_a_counter_that_differs_is_named(tmp_path: Path) -> None:
    asyncio.run(_books(f"sqlite:///{tmp_path}/easel.db", spoiled=True))
    done = _audit(tmp_path)
    assert done.returncode == 1
    assert "pictures of guild:1 in 2026-11-22: kept 2, by the entries 1" in done.stdout


def test_an_older_database_is_not_judged(tmp_path: Path) -> None:
    done = _audit(tmp_path)
    assert done.returncode == 1
    assert "easel migrate" in done.stderr

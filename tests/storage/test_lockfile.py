from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.storage.database import Database

HOLDER = """
import asyncio, sys
from bot.storage.database import Database

async def hold(url):
    database = await Database.open(url)
    async with database.transaction() as conn:
        await conn.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a integer)")
        await conn.exec_driver_sql("INSERT INTO t VALUES (1)")
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(hold(sys.argv[1]))
"""


def hold(url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


async def test_a_second_process_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'easel.db'}"
    first = hold(url)
    try:
        with pytest.raises(ConfigError) as refused:
            await Database.open(url)
        assert f"process {first.pid}" in str(refused.value)
        assert str(refused.value).endswith(".")
        (tmp_path / "link.db").symlink_to(tmp_path / "easel.db")
        with pytest.raises(ConfigError):  # by whatever name
            await Database.open(f"sqlite:///{tmp_path / 'link.db'}")
        beside = await Database.open(url, lock=False)
        async with beside.reading() as conn:
            assert (await conn.exec_driver_sql("SELECT count(*) FROM t")).scalar_one() == 1
        await beside.close()
    finally:
        kill(first)
    second = await Database.open(url)
    await second.close()
    third = await Database.open(url)
    assert (tmp_path / "easel.db.lock").read_text() == str(os.getpid())
    await third.close()


async def test_a_failed_start_lets_go_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "easel.db"
    file.write_bytes(b"no database" * 1000)
    url = f"sqlite:///{file}"
    for _ in range(2):
        with pytest.raises(ConfigError, match="not a database"):
            await Database.open(url)
    file.unlink()
    database = await Database.open(url)
    await database.close()

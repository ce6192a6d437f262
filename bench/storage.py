"""What the database costs: processor time a picture, and reservations a second.

    python bench/storage.py [address of a migrated, empty database]

«picture» is what the bot writes and reads for one picture, without the engine's own rows:
9 transactions of 24 statements. «reserve + settle» is the ledger alone, from 20 tasks at a time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable

from bot.domain.conversations import Turn
from bot.domain.ids import BlobKey, JobId, Place
from bot.domain.images import Stored
from bot.domain.jobs import Job, Reply, State, Wish
from bot.domain.quotas import Limits, counters
from bot.storage import jobs, ledger, limits, turns
from bot.storage.database import Database
from bot.storage.schema import migrate

PICTURES, RESERVATIONS, TASKS = 300, 600, 20
NOW = dt.datetime(2026, 7, 31, 12, tzinfo=dt.UTC)
PLACE = Place(1_234_567_890_123_456_789, 9_200_000_000_000_000_001)
COUNTED = counters(PLACE, 5, Limits(1_000_000, 1_000_000, 1_000_000), NOW)
PICTURE = Stored(BlobKey("0" * 64), "image/png", 1024, 768, 1_500_000)

numbers = itertools.count(1)


async def picture(database: Database) -> None:
    job_id = JobId(str(next(numbers)))
    job = Job(job_id, PLACE, 5, Wish("a red kite"), Reply("t"), State.ACCEPTED, NOW)
    async with database.reading() as conn:
        await limits.get(conn, PLACE.guild_id or 0)
    async with database.transaction() as conn:
        await jobs.insert(conn, job)
        await ledger.reserve(conn, job_id, COUNTED, now=NOW, usd_micros=40_000)
    async with database.transaction() as conn:
        await jobs.update(conn, job_id, answer_id=7)
    await look(database, job_id)
    async with database.transaction() as conn:
        await jobs.advance(conn, job_id, State.DRAWING, route="chat", inputs=())
    async with database.transaction() as conn:
        await jobs.advance(
            conn, job_id, State.DRAWN, picture=PICTURE, model="m", cost_usd_micros=39_000
        )
    await look(database, job_id)
    turn = Turn(
        id=job_id,
        parent=None,
        place=PLACE,
        user_id=5,
        words="a red kite",
        text="",
        picture=PICTURE,
        inputs=(),
        aspect=None,
        route="chat",
        model="m",
        cost_usd_micros=39_000,
        took_s=6.5,
        message_id=7,
        attachment_id=8,
        private=False,
        created_at=NOW,
        size=None,
    )
    async with database.transaction() as conn:
        await jobs.advance(conn, job_id, State.DELIVERED)
        await turns.add(conn, turn)
    await look(database, job_id)
    async with database.transaction() as conn:
        await jobs.get(conn, job_id)
        await jobs.advance(conn, job_id, State.SETTLED)
        await ledger.settle(conn, job_id, cost_usd_micros=39_000, now=NOW)


async def look(database: Database, job_id: JobId) -> None:
    async with database.reading() as conn:
        await jobs.get(conn, job_id)


async def reserve_and_settle(database: Database) -> None:
    job_id = JobId(str(next(numbers)))
    async with database.transaction() as conn:
        await ledger.reserve(conn, job_id, COUNTED, now=NOW, usd_micros=40_000)
    async with database.transaction() as conn:
        await ledger.settle(conn, job_id, cost_usd_micros=39_000, now=NOW)


async def measure(
    name: str,
    work: Callable[[Database], Awaitable[None]],
    database: Database,
    *,
    times: int,
    at: int,
) -> None:
    left = iter(range(times))

    async def some() -> None:
        for _ in left:
            await work(database)

    for _ in range(20):
        await work(database)  # fills the caches of compiled statements
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(some() for _ in range(at)))
    took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    print(f"{name:28} {times / took_s:10.0f} {cpu_s / times * 1000:10.2f}")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/easel.db"
        await migrate(url)
        database = await Database.open(url)
        print(f"{'':28} {'a second':>10} {'CPU ms':>10}")
        await measure("picture", picture, database, times=PICTURES, at=1)
        await measure(f"picture, {TASKS} at a time", picture, database, times=PICTURES, at=TASKS)
        await measure(
            "reserve + settle", reserve_and_settle, database, times=RESERVATIONS, at=TASKS
        )
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())

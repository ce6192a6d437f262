from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, text, update

from bot.domain.ids import JobId
from bot.storage import ledger
from bot.storage.audit import Difference, audit
from bot.storage.database import Database
from bot.storage.tables import counters, holds
from tests.storage.samples import NOW
from tests.storage.test_ledger import wanted

GUILD_DAY = counters.c.scope == "guild:1"
MONTH = counters.c.period == "2026-07"


async def three_requests(database: Database) -> None:
    """One still held, one settled, one refunded although it was paid."""
    async with database.transaction() as conn:
        for job in ("10", "11", "12"):
            await ledger.reserve(conn, JobId(job), wanted(), now=NOW, usd_micros=40_000)
        await ledger.settle(conn, JobId("11"), cost_usd_micros=38_700, now=NOW)
        await ledger.refund(conn, JobId("12"), cost_usd_micros=1_000, now=NOW)


async def differences(database: Database) -> list[Difference]:
    async with database.reading() as conn:
        return await audit(conn)


async def test_books_that_add_up_have_no_difference(database: Database) -> None:
    assert await differences(database) == []
    await three_requests(database)
    assert await differences(database) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            update(counters).where(GUILD_DAY, MONTH).values(used=5),
            Difference("pictures of guild:1 in 2026-07", 5, 2),
        ),
        (
            update(counters).where(GUILD_DAY, MONTH).values(usd_micros=1),
            Difference("micro-dollars of guild:1 in 2026-07", 1, 79_700),
        ),
        (
            insert(counters).values(scope="guild:9", period="p", used=1, usd_micros=0),
            Difference("pictures of guild:9 in p", 1, 0),
        ),
        (
            update(holds).where(holds.c.job_id == "10").values(held_usd_micros=7),
            Difference("micro-dollars of hold 10", 7, 40_000),
        ),
        (
            update(holds)
            .where(holds.c.job_id == "10")
            .values(state="settled", ended_at=NOW, booked_usd_micros=40_000),
            Difference("state «settled» of hold 10", 1, 0),
        ),
        (
            text("DELETE FROM holds WHERE job_id = '11'"),
            Difference("hold of 11", 0, 1),
        ),
    ],
)
async def test_what_does_not_add_up_is_named(
    database: Database, change: Any, expected: Difference
) -> None:
    await three_requests(database)
    async with database.transaction() as conn:
        await conn.execute(change)
    assert await differences(database) == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"state": "refunded", "ended_at": NOW, "booked_usd_micros": 40_000},
            Difference("state «refunded» of hold 10", 1, 0),
        ),
        (
            {"state": "refunded", "ended_at": NOW, "booked_usd_micros": 1},
            Difference("state «refunded» of hold 10", 1, 0),
        ),
    ],
)
async def test_a_doubt_that_ended_without_an_entry_is_named(
    database: Database, change: dict[str, Any], expected: Difference
) -> None:
    async with database.transaction() as conn:
        await ledger.reserve(conn, JobId("10"), wanted(), now=NOW, usd_micros=40_000)
        await ledger.doubt(conn, JobId("10"), now=NOW)
    assert await differences(database) == []
    async with database.transaction() as conn:
        await conn.execute(update(holds).values(change))
    assert expected in await differences(database)


async def test_a_hold_whose_doubt_was_not_kept_is_named(database: Database) -> None:
    async with database.transaction() as conn:
        await ledger.reserve(conn, JobId("10"), wanted(), now=NOW, usd_micros=40_000)
        await conn.execute(update(holds).values(state="doubted"))
    assert await differences(database) == [Difference("state «doubted» of hold 10", 1, 0)]


async def test_a_lost_counter_is_named(database: Database) -> None:
    await three_requests(database)
    async with database.transaction() as conn:
        await conn.execute(text("DELETE FROM counters WHERE period = '2026-07'"))
    assert await differences(database) == [
        Difference("pictures of guild:1 in 2026-07", 0, 2),
        Difference("micro-dollars of guild:1 in 2026-07", 0, 79_700),
    ]

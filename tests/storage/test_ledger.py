from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select

from bot.domain.ids import JobId, Place
from bot.domain.quotas import Counter, Limits, counters
from bot.errors import QuotaExceeded
from bot.storage import jobs, ledger
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.tables import counters as counters_table
from bot.storage.tables import entries, holds
from tests.storage.samples import job as sample_job

NOW = dt.datetime(2026, 7, 31, 21, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
GUILD = Place(guild_id=1, channel_id=2)
DIRECT = Place(guild_id=None, channel_id=3)
PLENTY = Limits(guild_day=1000, guild_month=1000, person_day=1000)


def wanted(user_id: int = 5, limits: Limits = PLENTY, place: Place = GUILD) -> tuple[Counter, ...]:
    return counters(place, user_id, limits, NOW)


async def reserve(
    database: Database, job: str, of: tuple[Counter, ...], usd_micros: int = 0
) -> bool:
    async with database.transaction() as conn:
        return await ledger.reserve(conn, JobId(job), of, now=NOW, usd_micros=usd_micros)


async def used(database: Database, of: tuple[Counter, ...]) -> list[int]:
    async with database.reading() as conn:
        return [one.used for one in await ledger.usage(conn, of, NOW)]


async def money(database: Database) -> dict[tuple[str, str], int]:
    async with database.reading() as conn:
        assert await audit(conn) == []
        rows = await conn.execute(select(counters_table))
        return {(row.scope, row.period): row.usd_micros for row in rows}


async def test_a_reservation_counts_on_every_counter_once(database: Database) -> None:
    assert await reserve(database, "10", wanted(), usd_micros=40_000)
    assert not await reserve(database, "10", wanted(), usd_micros=40_000)
    assert await used(database, wanted()) == [1, 1, 1]
    assert await money(database) == {
        ("guild:1:user:5", "2026-07-31"): 40_000,
        ("guild:1", "2026-07-31"): 40_000,
        ("guild:1", "2026-07"): 40_000,
    }


async def test_a_settlement_books_the_true_cost_once(database: Database) -> None:
    await reserve(database, "10", wanted(), usd_micros=40_000)
    async with database.transaction() as conn:
        assert await ledger.settle(conn, JobId("10"), cost_usd_micros=38_700, now=NOW)
    async with database.transaction() as conn:
        assert not await ledger.settle(conn, JobId("10"), cost_usd_micros=38_700, now=NOW)
        assert not await ledger.refund(conn, JobId("10"), now=NOW)
    assert await used(database, wanted()) == [1, 1, 1]
    assert set((await money(database)).values()) == {38_700}


async def test_a_picture_may_cost_more_than_was_held(database: Database) -> None:
    await reserve(database, "10", wanted(), usd_micros=1)
    async with database.transaction() as conn:
        await ledger.settle(conn, JobId("10"), cost_usd_micros=5, now=NOW)
    assert set((await money(database)).values()) == {5}


async def test_a_call_that_is_no_picture_costs_money_alone(database: Database) -> None:
    for name, amount in (("10:words", 120_000), ("10:words:over", -117_000), ("11:words", 0)):
        async with database.transaction() as conn:
            assert await ledger.book(conn, name, wanted()[1:], usd_micros=amount, now=NOW)
            assert not await ledger.book(conn, name, wanted()[1:], usd_micros=amount, now=NOW)
    assert await used(database, wanted()) == [0, 0, 0]
    assert await money(database) == {
        ("guild:1", "2026-07-31"): 3_000,
        ("guild:1", "2026-07"): 3_000,
    }


async def test_calls_at_once_are_all_booked(database: Database) -> None:
    async def book(name: str) -> bool:
        async with database.transaction() as conn:
            return await ledger.book(conn, name, wanted(), usd_micros=7, now=NOW)

    done = await asyncio.gather(*(book(f"{number % 6}:words") for number in range(12)))
    assert sum(done) == 6
    assert set((await money(database)).values()) == {42}


async def test_a_refund_gives_everything_back_once(database: Database) -> None:
    await reserve(database, "10", wanted(), usd_micros=40_000)
    async with database.transaction() as conn:
        assert await ledger.refund(conn, JobId("10"), now=NOW)
        assert not await ledger.refund(conn, JobId("10"), now=NOW)
        assert not await ledger.settle(conn, JobId("10"), cost_usd_micros=1, now=NOW)
    assert await used(database, wanted()) == [0, 0, 0]
    assert set((await money(database)).values()) == {0}


async def test_a_refunded_request_is_not_reserved_again(database: Database) -> None:
    await reserve(database, "10", wanted())
    async with database.transaction() as conn:
        await ledger.refund(conn, JobId("10"), now=NOW)
    assert not await reserve(database, "10", wanted())
    assert await used(database, wanted()) == [0, 0, 0]


async def test_money_paid_for_nothing_is_the_guilds(database: Database) -> None:
    await reserve(database, "10", wanted(), usd_micros=40_000)
    async with database.transaction() as conn:
        await ledger.refund(conn, JobId("10"), now=NOW, cost_usd_micros=39_000)
    assert await used(database, wanted()) == [0, 0, 0]
    assert await money(database) == {
        ("guild:1:user:5", "2026-07-31"): 0,
        ("guild:1", "2026-07-31"): 39_000,
        ("guild:1", "2026-07"): 39_000,
    }
    async with database.reading() as conn:
        total = (await conn.execute(select(entries.c.usd_micros))).scalars()
        assert sum(total) == 39_000


async def test_in_direct_messages_such_money_is_only_written_down(database: Database) -> None:
    await reserve(database, "10", wanted(place=DIRECT), usd_micros=40_000)
    async with database.transaction() as conn:
        await ledger.refund(conn, JobId("10"), now=NOW, cost_usd_micros=39_000)
    assert await money(database) == {("user:5", "2026-07-31"): 0}
    async with database.reading() as conn:
        kinds = await conn.execute(select(entries.c.kind, entries.c.usd_micros).order_by("id"))
        assert [tuple(row) for row in kinds] == [
            ("reserve", 40_000),
            ("refund", -40_000),
            ("adjust", 39_000),
        ]


async def doubt(database: Database, job: str, at: dt.datetime = NOW) -> bool:
    async with database.transaction() as conn:
        return await ledger.doubt(conn, JobId(job), now=at)


async def resolve(database: Database, job: str, cost_usd_micros: int | None = None) -> bool:
    async with database.transaction() as conn:
        return await ledger.resolve(conn, JobId(job), cost_usd_micros, now=LATER)


async def entered(database: Database) -> list[tuple[str, int, int]]:
    async with database.reading() as conn:
        columns = (entries.c.kind, entries.c.pictures, entries.c.usd_micros)
        rows = await conn.execute(select(*columns).order_by(entries.c.id))
        return [(kind, pictures, usd_micros) for kind, pictures, usd_micros in rows]


async def test_a_doubt_gives_the_picture_back_and_holds_the_money(database: Database) -> None:
    limits = Limits(guild_day=1, guild_month=1, person_day=1)
    await reserve(database, "10", wanted(limits=limits), usd_micros=40_000)
    assert await doubt(database, "10")
    assert not await doubt(database, "10")
    async with database.transaction() as conn:
        assert not await ledger.refund(conn, JobId("10"), now=NOW)
        assert not await ledger.settle(conn, JobId("10"), cost_usd_micros=1, now=NOW)
        assert await ledger.held(conn, before=LATER) == ()
    assert await used(database, wanted()) == [0, 0, 0]
    assert set((await money(database)).values()) == {40_000}
    assert await reserve(database, "11", wanted(limits=limits), usd_micros=1)


@pytest.mark.parametrize(
    ("cost", "booked"),
    [(0, 0), (38_700, 38_700), (40_000, 40_000), (41_500, 41_500), (None, 40_000)],
)
async def test_a_doubt_ends_once_with_the_true_cost(
    database: Database, cost: int | None, booked: int
) -> None:
    await reserve(database, "10", wanted(), usd_micros=40_000)
    assert not await resolve(database, "10", cost)  # nothing is in doubt
    await doubt(database, "10")
    assert await resolve(database, "10", cost)
    assert not await resolve(database, "10", cost)
    assert not await doubt(database, "10")
    assert await used(database, wanted()) == [0, 0, 0]
    assert set((await money(database)).values()) == {booked}
    assert await entered(database) == [
        ("reserve", 1, 40_000),
        ("refund", -1, 0),
        ("adjust", 0, booked - 40_000),
    ]
    async with database.reading() as conn:
        hold = (await conn.execute(select(holds))).one()
    assert (hold.state, hold.booked_usd_micros, hold.ended_at) == ("refunded", booked, LATER)


async def test_a_doubt_without_money_can_still_turn_out_to_cost(database: Database) -> None:
    for job in ("10", "11"):
        await reserve(database, job, wanted())
        await doubt(database, job)
    await money(database)  # audits: of a hold without money, a refund looks the same
    assert await resolve(database, "10", 7)
    assert await resolve(database, "11")
    assert set((await money(database)).values()) == {7}


async def test_what_is_in_doubt_is_listed_with_what_to_ask_for(database: Database) -> None:
    rows = {
        "10": {"request_id": "r-10", "route": "chat"},
        "11": {"request_id": None, "route": "gemini-image"},
    }
    async with database.transaction() as conn:
        for job, changes in rows.items():
            await jobs.insert(conn, sample_job(int(job), **changes))
    for job in ("9", "11", "10", "12", "13"):
        await reserve(database, job, wanted())
    for job, minutes in (("11", 1), ("10", 2), ("9", 3), ("13", 4)):
        assert await doubt(database, job, NOW + dt.timedelta(minutes=minutes))
    await resolve(database, "13")
    async with database.reading() as conn:
        assert await ledger.doubted(conn) == (
            ledger.Doubt(JobId("11"), None, "gemini-image", NOW + dt.timedelta(minutes=1)),
            ledger.Doubt(JobId("10"), "r-10", "chat", NOW + dt.timedelta(minutes=2)),
            ledger.Doubt(JobId("9"), None, None, NOW + dt.timedelta(minutes=3)),  # its row is gone
        )


@pytest.mark.parametrize(
    ("limits", "key", "limit", "returns"),
    [
        (Limits(9, 9, 1), "quota_person_day", 1, dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
        (Limits(1, 9, 9), "quota_guild_day", 1, dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
        (Limits(9, 1, 9), "quota_guild_month", 1, dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
        (Limits(1, 1, 1), "quota_person_day", 1, dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
        (Limits(9, 9, 0), "quota_person_day", 0, dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
    ],
)
async def test_a_full_limit_says_when_it_returns(
    database: Database, limits: Limits, key: str, limit: int, returns: dt.datetime
) -> None:
    if limit:
        await reserve(database, "10", wanted(limits=limits))
    with pytest.raises(QuotaExceeded) as full:
        await reserve(database, "11", wanted(limits=limits))
    assert full.value.key == key
    assert full.value.values == {
        "limit": limit,
        "used": limit,
        "returns_at": int(returns.timestamp()),
    }
    assert await used(database, wanted()) == [limit, limit, limit]
    await money(database)
    async with database.reading() as conn:
        assert len((await conn.execute(select(holds))).all()) == limit


async def test_a_lowered_limit_holds_for_the_next(database: Database) -> None:
    await reserve(database, "10", wanted())
    await reserve(database, "11", wanted())
    with pytest.raises(QuotaExceeded) as full:
        await reserve(database, "12", wanted(limits=Limits(1000, 1000, 1)))
    assert full.value.values["used"] == 2


async def test_usage_tells_what_is_left_in_the_order_asked(database: Database) -> None:
    limits = Limits(guild_day=3, guild_month=50, person_day=1)
    await reserve(database, "10", wanted(5, limits))
    await reserve(database, "11", wanted(6, limits))
    async with database.reading() as conn:
        person, day, month = await ledger.usage(conn, wanted(5, limits), NOW)
        assert await ledger.usage(conn, (), NOW) == ()
    assert (person.used, person.left, day.used, day.left) == (1, 0, 2, 1)
    assert (month.used, month.left) == (2, 48)
    assert month.returns_at == dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


async def test_old_open_holds_are_found(database: Database) -> None:
    for minute, job in enumerate(("10", "11", "12", "13")):
        async with database.transaction() as conn:
            now = NOW + dt.timedelta(minutes=minute)
            await ledger.reserve(conn, JobId(job), wanted(), now=now)
    async with database.transaction() as conn:
        await ledger.settle(conn, JobId("10"), cost_usd_micros=0, now=NOW)
        assert await ledger.held(conn, before=NOW + dt.timedelta(minutes=3)) == ("11", "12")


async def test_parallel_requests_never_pass_a_limit(database: Database) -> None:
    limits = Limits(guild_day=100, guild_month=1000, person_day=1000)
    results = await asyncio.gather(
        *(reserve(database, str(job), wanted(job % 7, limits), 39_000) for job in range(200)),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, QuotaExceeded)]
    assert results.count(True) == 100
    assert len(refused) == 100
    assert {error.key for error in refused} == {"quota_guild_day"}
    assert (await used(database, wanted(0, limits)))[1:] == [100, 100]
    assert (await money(database))["guild:1", "2026-07"] == 3_900_000


async def test_the_same_request_in_parallel_counts_once(database: Database) -> None:
    results = await asyncio.gather(*(reserve(database, "10", wanted()) for _ in range(20)))
    assert sorted(results) == [False] * 19 + [True]
    assert await used(database, wanted()) == [1, 1, 1]


async def test_a_hold_is_left_once_however_many_want_to(database: Database) -> None:
    async def leave(number: int) -> bool:
        async with database.transaction() as conn:
            match number % 3:
                case 0:
                    return await ledger.refund(conn, JobId("10"), now=NOW)
                case 1:
                    return await ledger.doubt(conn, JobId("10"), now=NOW)
                case _:
                    return await ledger.settle(conn, JobId("10"), cost_usd_micros=7, now=NOW)

    await reserve(database, "10", wanted(), usd_micros=9)
    results = await asyncio.gather(*(leave(number) for number in range(21)))
    assert sorted(results) == [False] * 20 + [True]
    await money(database)


async def test_a_doubt_is_resolved_once_however_many_ask(database: Database) -> None:
    await reserve(database, "10", wanted(), usd_micros=9)
    await doubt(database, "10")
    costs = [None, 5] * 10
    results = await asyncio.gather(*(resolve(database, "10", cost) for cost in costs))
    assert sorted(results) == [False] * 19 + [True]
    booked = {
        9 if cost is None else cost for cost, done in zip(costs, results, strict=True) if done
    }
    assert set((await money(database)).values()) == booked

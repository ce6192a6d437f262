"""Gifts in the ledger: spent after the day's own, never overspent, given once."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import JobId
from bot.domain.quotas import Limits, gifts, pot
from bot.domain.quotas import counters as counters_of
from bot.errors import QuotaExceeded
from bot.storage import ledger
from bot.storage.audit import audit
from bot.storage.database import Database
from tests.storage.test_ledger import GUILD, NOW, money, reserve, used, wanted

assert GUILD.guild_id is not None
SCOPE = gifts(GUILD.guild_id, 5)
ONE_A_DAY = wanted(limits=Limits(guild_day=100, guild_month=100, person_day=1))


async def give(database: Database, name: str, pictures: int) -> bool:
    async with database.transaction() as conn:
        return await ledger.grant(conn, name, SCOPE, pictures, now=NOW)


async def given(database: Database) -> tuple[int, int]:
    """How much is spent and granted, after the books were found to add up."""
    async with database.reading() as conn:
        assert await audit(conn) == []
        found = await ledger.gifts(conn, SCOPE)
    return found.used, found.allowed


async def test_a_gift_is_given_once(database: Database) -> None:
    assert await given(database) == (0, 0)
    assert await give(database, "7:gift", 3)
    assert not await give(database, "7:gift", 3)
    assert await give(database, "8:gift", 2)
    assert await given(database) == (0, 5)


async def test_a_gift_is_given_once_however_many_replay_it(database: Database) -> None:
    done = await asyncio.gather(*(give(database, f"{n % 3}:gift", 2) for n in range(12)))
    assert sum(done) == 3
    assert await given(database) == (0, 6)


async def test_the_days_own_are_used_first(database: Database) -> None:
    await give(database, "7:gift", 1)
    assert await reserve(database, "10", ONE_A_DAY, 40_000)
    assert await given(database) == (0, 1)
    assert await reserve(database, "11", ONE_A_DAY, 40_000)
    assert not await reserve(database, "11", ONE_A_DAY, 40_000)
    assert await given(database) == (1, 1)
    with pytest.raises(QuotaExceeded) as full:
        await reserve(database, "12", ONE_A_DAY, 40_000)
    assert full.value.key == "quota_person_day"
    assert await used(database, ONE_A_DAY) == [1, 2, 2]
    assert (await money(database))[SCOPE, "spent"] == 40_000


async def test_a_refund_gives_the_gift_back_and_no_picture_of_the_day(database: Database) -> None:
    await give(database, "7:gift", 1)
    await reserve(database, "10", ONE_A_DAY, 40_000)
    await reserve(database, "11", ONE_A_DAY, 40_000)
    async with database.transaction() as conn:
        assert await ledger.refund(conn, JobId("11"), now=NOW, cost_usd_micros=39_000)
    assert await given(database) == (0, 1)
    assert await used(database, ONE_A_DAY) == [1, 1, 1]
    booked = await money(database)
    assert booked[SCOPE, "spent"] == 0  # what was paid for nothing is the guild's
    assert booked["guild:1", "2026-07"] == 79_000
    assert await reserve(database, "12", ONE_A_DAY, 40_000)


async def test_a_settlement_and_a_doubt_stay_with_the_gift(database: Database) -> None:
    none = wanted(limits=Limits(guild_day=100, guild_month=100, person_day=0))
    await give(database, "7:gift", 2)
    for job in ("10", "11"):
        assert await reserve(database, job, none, 40_000)
    async with database.transaction() as conn:
        await ledger.settle(conn, JobId("10"), cost_usd_micros=38_700, now=NOW)
        await ledger.doubt(conn, JobId("11"), now=NOW)
    assert await given(database) == (1, 2)
    async with database.transaction() as conn:
        await ledger.resolve(conn, JobId("11"), 38_700, now=NOW)
    assert await given(database) == (1, 2)
    assert (await money(database))[SCOPE, "spent"] == 77_400


async def test_the_guilds_limits_hold_for_gifts(database: Database) -> None:
    few = wanted(limits=Limits(guild_day=2, guild_month=100, person_day=1))
    await give(database, "7:gift", 5)
    for job in ("10", "11"):
        assert await reserve(database, job, few)
    with pytest.raises(QuotaExceeded) as full:
        await reserve(database, "12", few)
    assert full.value.key == "quota_guild_day"
    assert await given(database) == (1, 5)


async def test_presses_at_once_never_overspend(database: Database) -> None:
    async def ask(number: int) -> bool:
        return await reserve(database, str(number), ONE_A_DAY, 1_000)

    async def more(number: int) -> bool:
        await asyncio.sleep(0.002 * number)
        return await give(database, f"{number}:gift", 2)

    await give(database, "0:gift", 3)
    asking = [ask(number) for number in range(100, 140)]
    results = await asyncio.gather(*asking, *map(more, (1, 2)), return_exceptions=True)
    refused = [one for one in results if isinstance(one, QuotaExceeded)]
    others = [one for one in results if isinstance(one, BaseException) and one not in refused]
    assert others == []
    spent, granted = await given(database)
    assert granted == 7
    assert 3 <= spent <= 7
    assert await used(database, ONE_A_DAY) == [1, 1 + spent, 1 + spent]
    assert len(refused) == 40 - 1 - spent


async def test_a_pot_pays_in_the_persons_place(database: Database) -> None:
    limits = Limits(guild_day=100, guild_month=100, person_day=0)
    of = counters_of(GUILD, 5, limits, NOW, pot=pot("9", 2))
    results = await asyncio.gather(
        *(reserve(database, str(number), of, 500) for number in range(10, 18)),
        return_exceptions=True,
    )
    refused = [one for one in results if isinstance(one, QuotaExceeded)]
    assert results.count(True) == 2
    assert {(one.key, one.values["limit"]) for one in refused} == {("quota_pot", 2)}
    assert "returns_at" not in refused[0].values
    assert await used(database, of) == [2, 2, 2]
    assert (await money(database))["challenge:9", "pot"] == 1_000

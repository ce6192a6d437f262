"""Challenges as rows; entries and votes at once."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.challenges import (
    ENTRIES_EACH,
    Challenge,
    ChallengeState,
    Entry,
    check_entry,
    tally,
)
from bot.domain.ids import JobId, Place
from bot.domain.invalid import Invalid
from bot.domain.quotas import pot
from bot.storage import challenges, jobs, turns
from bot.storage.database import Database
from tests.storage.samples import NOW, job, turn

ANN, BEN = 5, 9_100_000_000_000_000_001
THREAD = Place(1, 900)
HOUR = dt.timedelta(hours=1)


def challenge(number: int = 1, **changes: Any) -> Challenge:
    values: dict[str, Any] = {
        "id": str(number),
        "guild_id": 1,
        "thread_id": 899 + number,
        "made_by": ANN,
        "theme": "harbours 🌃",
        "pot": 40,
        "state": ChallengeState.OPEN,
        "created_at": NOW,
        "ends_at": NOW + HOUR,
    }
    return Challenge(**values | changes)


async def put(database: Database, *all_of_them: Challenge) -> None:
    async with database.transaction() as conn:
        for one in all_of_them:
            assert await challenges.add(conn, one)


async def draw(database: Database, *numbers: int, user_id: int = ANN, **changes: Any) -> None:
    async with database.transaction() as conn:
        for number in numbers:
            await jobs.insert(conn, job(number, user_id=user_id))
            await turns.add(conn, turn(number, user_id=user_id, place=THREAD, **changes))


def entry(number: int, user_id: int = ANN, minute: int = 0) -> Entry:
    return Entry(JobId(str(number)), user_id, NOW + dt.timedelta(minutes=minute))


async def test_a_challenge_comes_back_as_it_was_written(database: Database) -> None:
    one, two = challenge(1), challenge(2, pot=None, ends_at=None)
    await put(database, one, two)
    async with database.transaction() as conn:
        assert not await challenges.add(conn, replace(one, theme="another"))
        assert await challenges.get(conn, "1") == one
        assert await challenges.get(conn, "2", lock=True) == two
        assert await challenges.in_thread(conn, 901) == two
        assert await challenges.get(conn, "3") is None
        assert await challenges.in_thread(conn, 1) is None


async def test_a_thread_has_one_challenge(database: Database) -> None:
    await put(database, challenge(1))
    with pytest.raises(IntegrityError):
        await put(database, challenge(2, thread_id=900))


async def test_the_pot_pays_while_it_runs(database: Database) -> None:
    await put(
        database, challenge(1), challenge(2, pot=None), challenge(3, state=ChallengeState.ENDED)
    )
    async with database.reading() as conn:
        assert await challenges.pot_of(conn, 900, NOW) == pot("1", 40)
        assert await challenges.pot_of(conn, 900, NOW + HOUR) is None
        assert await challenges.pot_of(conn, 901, NOW) is None
        assert await challenges.pot_of(conn, 902, NOW) is None
        assert await challenges.pot_of(conn, 903, NOW) is None


async def test_an_end_is_written_once_and_told_once(database: Database) -> None:
    await put(database, challenge(1), challenge(2, ends_at=None), challenge(3, ends_at=NOW))
    async with database.transaction() as conn:
        assert await challenges.due(conn, NOW) == ["3"]
        assert await challenges.due(conn, NOW + HOUR) == ["3", "1"]

    async def end() -> bool:
        async with database.transaction() as conn:
            return await challenges.end(conn, "1")

    assert sorted(await asyncio.gather(*(end() for _ in range(8)))) == [False] * 7 + [True]
    async with database.transaction() as conn:
        assert await challenges.due(conn, NOW + HOUR) == ["3"]
        assert await challenges.untold(conn) == ["1"]
        await challenges.told(conn, "1", 77)
        assert await challenges.untold(conn) == []


async def test_entries_in_order_and_what_may_be_entered(database: Database) -> None:
    one = challenge(1)
    await put(database, one)
    await draw(database, 10, 11, 12)
    await draw(database, 20, user_id=BEN)
    await draw(database, 13, private=True)
    async with database.transaction() as conn:
        assert await challenges.enter(conn, "1", entry(11, minute=2))
        assert await challenges.enter(conn, "1", entry(20, BEN, minute=1))
        assert not await challenges.enter(conn, "1", entry(11, minute=3))
        assert [kept.id for _, kept in await challenges.unshown(conn)] == ["20", "11"]
        await challenges.shown(conn, "1", JobId("11"), 99)
        assert [(of, kept.id) for of, kept in await challenges.unshown(conn)] == [(one, "20")]
        found = await challenges.entries(conn, "1")
        assert [kept for kept, _ in found] == [entry(20, BEN, 1), entry(11, minute=2)]
        assert [picture.id for _, picture in found] == ["20", "11"]
        assert [one.id for one in await challenges.may_enter(conn, one, ANN, 25)] == ["12", "10"]
        assert [one.id for one in await challenges.may_enter(conn, one, ANN, 1)] == ["12"]
        assert await challenges.may_enter(conn, one, 6, 25) == []
        await turns.forget(conn, JobId("20"))
        assert [kept for kept, _ in await challenges.entries(conn, "1")] == [entry(11, minute=2)]


async def test_no_more_entries_than_allowed_however_many_at_once(database: Database) -> None:
    await put(database, challenge(1))
    numbers = range(10, 20)
    await draw(database, *numbers)

    async def enter(number: int) -> bool:
        async with database.transaction() as conn:
            assert await challenges.get(conn, "1", lock=True) is not None
            found = [one for one, _ in await challenges.entries(conn, "1")]
            check_entry(JobId(str(number)), ANN, ANN, found)
            return await challenges.enter(conn, "1", entry(number))

    done = await asyncio.gather(*map(enter, numbers), return_exceptions=True)
    assert done.count(True) == ENTRIES_EACH
    assert {one.key for one in done if isinstance(one, Invalid)} == {"entries_full"}


async def test_one_vote_a_person_whatever_they_press_at_once(database: Database) -> None:
    await put(database, challenge(1))
    await draw(database, 10, 11)
    async with database.transaction() as conn:
        for number in (10, 11):
            await challenges.enter(conn, "1", entry(number))

    async def vote(user_id: int, number: int) -> None:
        async with database.transaction() as conn:
            await challenges.vote(conn, "1", user_id, JobId(str(number)))

    await asyncio.gather(*(vote(100 + n % 7, 10 + n % 2) for n in range(42)))
    await vote(100, 11)
    async with database.reading() as conn:
        kept = await challenges.votes_of(conn, "1")
        found = [one for one, _ in await challenges.entries(conn, "1")]
    assert len(kept) == 7
    assert kept[100] == "11"
    assert sum(one.votes for one in tally(found, kept)) == 7


async def test_a_person_is_forgotten(database: Database) -> None:
    await put(database, challenge(1))
    await draw(database, 10)
    await draw(database, 20, user_id=BEN)
    async with database.transaction() as conn:
        await challenges.enter(conn, "1", entry(10))
        await challenges.enter(conn, "1", entry(20, BEN))
        await challenges.vote(conn, "1", ANN, JobId("20"))
        await challenges.vote(conn, "1", BEN, JobId("10"))
        await challenges.forget_person(conn, ANN)
        assert [one.user_id for one, _ in await challenges.entries(conn, "1")] == [BEN]
        assert set(await challenges.votes_of(conn, "1")) == {BEN}

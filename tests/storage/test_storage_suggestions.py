from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.ids import JobId
from bot.domain.suggestions import Suggestion
from bot.storage import suggestions
from bot.storage.database import Database
from tests.storage.samples import DIRECT, GUILD, NOW, full_job


def suggestion(number: int = 10) -> Suggestion:
    return Suggestion(JobId(f"{number}-1"), GUILD, 5, full_job().wish, 4, NOW)


async def test_a_suggestion_comes_back_as_it_was_written(database: Database) -> None:
    first = suggestion()
    second = replace(first, id=JobId("11"), place=DIRECT, wish=replace(first.wish, sources=()))
    async with database.transaction() as conn:
        assert await suggestions.add(conn, first)
        assert await suggestions.add(conn, second)
        assert not await suggestions.add(conn, replace(first, count=1))
    async with database.reading() as conn:
        assert await suggestions.get(conn, first.id) == first
        assert await suggestions.get(conn, second.id) == second
        assert await suggestions.get(conn, JobId("12")) is None


async def test_any_words_can_be_suggested(database: Database) -> None:
    odd = suggestion()
    odd = replace(odd, wish=replace(odd.wish, words="nul \0 half \ud83d of a pair, and 🌃"))
    async with database.transaction() as conn:
        await suggestions.add(conn, odd)
    async with database.reading() as conn:
        assert await suggestions.get(conn, odd.id) == odd


async def test_old_suggestions_go(database: Database) -> None:
    async with database.transaction() as conn:
        for number in range(4):
            at = NOW + dt.timedelta(days=number)
            await suggestions.add(conn, replace(suggestion(number), created_at=at))
        assert await suggestions.purge(conn, NOW + dt.timedelta(days=2)) == 2
        assert await suggestions.get(conn, suggestion(1).id) is None
        assert await suggestions.get(conn, suggestion(2).id) is not None

from __future__ import annotations

from bot.domain.ids import JobId
from bot.storage import jobs, people
from bot.storage.database import Database
from tests.storage.samples import job

ANN, BEN, EVE = 1, 2, 3


async def test_settings_are_kept_by_name(database: Database) -> None:
    async with database.transaction() as conn:
        assert await people.get(conn, ANN) == {}
        await people.change(conn, ANN, remix="me")
        await people.change(conn, ANN, other=[1])
        await people.change(conn, ANN, other=None)
        await people.change(conn, BEN, remix="everyone")
    async with database.reading() as conn:
        assert await people.get(conn, ANN) == {"remix": "me", "other": None}
        assert await people.get(conn, BEN) == {"remix": "everyone"}


async def test_the_settings_of_those_who_asked_for_others_jobs(database: Database) -> None:
    async with database.transaction() as conn:
        for number, user_id in ((10, ANN), (11, BEN), (12, EVE)):
            await jobs.insert(conn, job(number, user_id=user_id))
        await people.change(conn, ANN, remix="me")
        await people.change(conn, BEN, remix="everyone")
    async with database.reading() as conn:
        three = [JobId("10"), JobId("11"), JobId("12")]
        assert await people.of_others(conn, ANN, three) == [{"remix": "everyone"}]
        assert {one["remix"] for one in await people.of_others(conn, EVE, three)} == {
            "me",
            "everyone",
        }
        assert await people.of_others(conn, EVE, [JobId("12"), JobId("99")]) == []
        assert await people.of_others(conn, EVE, []) == []

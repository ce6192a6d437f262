from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.jobs import State
from bot.storage import jobs, lately
from bot.storage.database import Database
from bot.storage.lately import Lately, by_route
from tests.storage.samples import NOW, job, stored


async def test_the_last_requests_of_each_route(database: Database) -> None:
    states = {
        "chat": [State.SETTLED] * 6 + [State.UNKNOWN],  # the newest at the end
        "per-call-image": [State.FAILED, State.DELIVERED, State.REFUSED, State.DRAWING],
        "google": [State.FAILED],
    }
    async with database.transaction() as conn:
        await jobs.insert(conn, job(1, state=State.FAILED))  # before a route was chosen
        number = 1
        for name, ends in states.items():
            for state in ends:
                number += 1
                await jobs.insert(
                    conn,
                    job(
                        number,
                        route=name,
                        state=state,
                        created_at=NOW + dt.timedelta(seconds=number),
                        took_s=float(number),
                        picture=stored(),
                        error_key="outcome_unknown" if state is State.UNKNOWN else None,
                    ),
                )
    async with database.reading() as conn:
        found = await by_route(conn, last=4)
    assert found == {
        "chat": Lately(4, 3, 6.0, "outcome_unknown"),
        "per-call-image": Lately(2, 1, 10.0, ""),
        "google": Lately(1, 0, None, "failed"),
    }


async def test_a_new_database_has_none(database: Database) -> None:
    async with database.reading() as conn:
        assert await by_route(conn) == {}


async def test_old_requests_are_not_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "NEWEST", 3)
    async with database.transaction() as conn:
        for number, name in ((11, "google"), (12, "chat"), (13, "chat"), (14, "chat")):
            await jobs.insert(conn, job(number, route=name, state=State.FAILED))
    async with database.reading() as conn:
        assert (await by_route(conn)).keys() == {"chat"}

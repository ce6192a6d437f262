from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Table, delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.jobs import TRANSITIONS, State
from bot.storage.database import Database
from bot.storage.tables import counters, entries, guild_limits, holds, jobs, turns
from tests.storage.samples import NOW, job_row, turn_row

ENTRY: dict[str, Any] = {
    "job_id": "1",
    "kind": "grant",
    "counters": [],
    "pictures": 0,
    "usd_micros": 0,
    "at": NOW,
}
HOLD: dict[str, Any] = {
    "job_id": "1",
    "state": "held",
    "counters": [],
    "held_usd_micros": 0,
    "booked_usd_micros": 0,
    "at": NOW,
}
COUNTER: dict[str, Any] = {"scope": "a", "period": "b", "used": 0, "usd_micros": 0}


async def write(database: Database, table: Table, *rows: dict[str, Any]) -> None:
    async with database.transaction() as conn:
        for row in rows:
            await conn.execute(insert(table).values(row))


async def run(database: Database, statement: Any) -> None:
    async with database.transaction() as conn:
        await conn.execute(statement)


def within_a_savepoint(connection: SyncConnection, statement: Any) -> None:
    with connection.begin_nested():
        connection.execute(statement)


async def test_a_jobs_steps_are_the_domains_table(database: Database) -> None:
    pairs = list(product(State, State))
    rows = [job_row(id=f"{a}-{b}", state=a) for a, b in pairs]
    await write(database, jobs, *rows)
    allowed: set[tuple[State, State]] = set()
    refusals: set[str] = set()
    async with database.transaction() as conn:
        for start, end in pairs:
            step = update(jobs).where(jobs.c.id == f"{start}-{end}").values(state=end)
            try:
                await conn.run_sync(within_a_savepoint, step)
                allowed.add((start, end))
            except IntegrityError as error:
                refusals.add(str(error.orig))
    assert all("a job may not take this step" in words for words in refusals)
    stays = {(state, state) for state in State}
    assert allowed == stays | {(a, b) for a, ends in TRANSITIONS.items() for b in ends}


async def test_entries_are_never_changed(database: Database) -> None:
    await write(database, entries, ENTRY)
    for statement in (update(entries).values(usd_micros=1), delete(entries)):
        with pytest.raises(IntegrityError, match="append-only"):
            await run(database, statement)


async def test_a_hold_ends_once(database: Database) -> None:
    await write(database, holds, HOLD)
    await run(database, update(holds).values(state="settled", ended_at=NOW))
    for values in (
        {"state": "refunded"},
        {"booked_usd_micros": 1},
        {"state": "held", "ended_at": None},
        {"state": "doubted", "ended_at": None},
    ):
        with pytest.raises(IntegrityError, match="a hold ends once"):
            await run(database, update(holds).values(values))


async def test_a_hold_in_doubt_ends_refunded(database: Database) -> None:
    await write(database, holds, HOLD)
    await run(database, update(holds).values(state="doubted"))
    for values in (
        {"state": "held"},
        {"state": "settled", "ended_at": NOW},
        {"held_usd_micros": 1},
    ):
        with pytest.raises(IntegrityError, match="a hold ends once"):
            await run(database, update(holds).values(values))
    ended = {"state": "refunded", "ended_at": NOW, "booked_usd_micros": 1}
    await run(database, update(holds).values(ended))
    with pytest.raises(IntegrityError, match="a hold ends once"):
        await run(database, update(holds).values(ended))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (jobs, job_row(state="nonsense")),
        (jobs, job_row(cost_usd_micros=-1)),
        (jobs, job_row(took_s=-0.5)),
        (jobs, job_row(state="drawn", picture=None)),
        (jobs, job_row(words=None)),
        (turns, turn_row(parent="nobody")),
        (turns, turn_row(id="1", parent="1")),
        (turns, turn_row(picture=None)),
        (turns, turn_row(picture=None, picture_key=None)),  # its words are still there
        (turns, turn_row(cost_usd_micros=-1)),
        (turns, turn_row(took_s=-1)),
        (holds, HOLD | {"state": "nonsense"}),
        (holds, HOLD | {"held_usd_micros": -1}),
        (holds, HOLD | {"booked_usd_micros": -1}),
        (holds, HOLD | {"booked_usd_micros": 1}),  # still open
        (holds, HOLD | {"ended_at": NOW}),
        (holds, HOLD | {"state": "doubted", "booked_usd_micros": 1}),
        (holds, HOLD | {"state": "doubted", "ended_at": NOW}),
        (holds, HOLD | {"state": "settled"}),
        (entries, ENTRY | {"kind": "nonsense"}),
        (entries, ENTRY | {"kind": "reserve", "pictures": 0}),
        (entries, ENTRY | {"kind": "reserve", "pictures": 1, "usd_micros": -1}),
        (entries, ENTRY | {"kind": "settle", "pictures": 1}),
        (entries, ENTRY | {"kind": "refund", "pictures": 0}),
        (entries, ENTRY | {"kind": "refund", "pictures": -1, "usd_micros": 1}),
        (entries, ENTRY | {"kind": "adjust", "pictures": 1}),
        (counters, COUNTER | {"used": -1}),
        (counters, COUNTER | {"usd_micros": -1}),
        (guild_limits, {"guild_id": 1, "guild_day": -1}),
        (guild_limits, {"guild_id": 1, "guild_month": -1}),
        (guild_limits, {"guild_id": 1, "person_day": -1}),
    ],
)
async def test_the_database_refuses(database: Database, table: Table, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await write(database, table, row)


@pytest.mark.parametrize(
    ("table", "row"),
    [(jobs, job_row()), (turns, turn_row()), (holds, HOLD), (counters, COUNTER), (entries, ENTRY)],
)
async def test_the_rows_above_are_refused_for_that_alone(
    database: Database, table: Table, row: dict[str, Any]
) -> None:
    await write(database, table, row)
    if "used" not in row and "kind" not in row:
        return
    with pytest.raises(IntegrityError):  # a second one of the same name or kind
        await write(database, table, row)


async def test_ids_of_entries_grow(database: Database) -> None:
    await write(database, entries, ENTRY, ENTRY | {"kind": "adjust"})
    async with database.reading() as conn:
        ids = await conn.execute(text("SELECT id FROM entries ORDER BY id"))
        assert list(ids.scalars()) == [1, 2]

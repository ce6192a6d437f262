from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import JobId
from bot.domain.images import Stored
from bot.domain.jobs import State
from bot.storage import jobs, turns
from bot.storage.database import Connection, Database
from tests.storage.samples import DIRECT, full_job, stored, turn


async def words(conn: Connection, number: int) -> list[str]:
    return [one.words for one in await turns.branch(conn, JobId(str(number)))]


async def test_a_turn_comes_back_as_it_was_written(database: Database) -> None:
    first = turn(10, place=DIRECT, private=True)
    second = turn(11, parent=10, text="Done.", aspect="1:1", inputs=(first.picture, stored(9)))
    async with database.transaction() as conn:
        assert await turns.add(conn, first)
        assert await turns.add(conn, second)
        assert not await turns.add(conn, turn(11, parent=10, words="again"))
    async with database.reading() as conn:
        assert await turns.get(conn, JobId("10")) == first
        assert await turns.get(conn, JobId("11")) == second
        assert await turns.get(conn, JobId("12")) is None
        assert await turns.by_message(conn, second.message_id) == second
        assert await turns.by_message(conn, 1) is None


async def test_a_turn_needs_its_parent(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as conn:
            await turns.add(conn, turn(11, parent=10))


async def test_of_several_turns_in_a_message_the_first_is_meant(database: Database) -> None:
    async with database.transaction() as conn:
        await turns.add(conn, turn(11, message_id=7))
        await turns.add(conn, turn(10, message_id=7))
        found = await turns.by_message(conn, 7)
    assert found == turn(10, message_id=7)


async def test_a_branch_runs_from_the_root_to_the_turn(database: Database) -> None:
    async with database.transaction() as conn:
        for number, parent in ((1, None), (2, 1), (3, 1), (4, 3), (5, None)):
            await turns.add(conn, turn(number, parent))
        assert await words(conn, 4) == ["wish 1", "wish 3", "wish 4"]
        assert await words(conn, 2) == ["wish 1", "wish 2"]
        assert await words(conn, 5) == ["wish 5"]
        assert await words(conn, 6) == []


async def test_a_long_branch_keeps_its_newest_part(database: Database) -> None:
    length = turns.MAX_DEPTH + 20
    async with database.transaction() as conn:
        for number in range(length):
            await turns.add(conn, turn(number, number - 1 if number else None))
        found = await words(conn, length - 1)
    assert found == [f"wish {number}" for number in range(20, length)]


async def test_a_forgotten_turn_keeps_its_place_and_nothing_else(database: Database) -> None:
    async with database.transaction() as conn:
        for number, parent in ((1, None), (2, 1), (3, 2)):
            await turns.add(conn, turn(number, parent, text="secret", inputs=(stored(50),)))
        assert await turns.forget(conn, JobId("2")) == stored(2).key
        assert await turns.forget(conn, JobId("2")) is None
        assert await turns.get(conn, JobId("2")) is None
        assert await turns.by_message(conn, 1002) is None
        assert await words(conn, 3) == ["wish 1", "wish 3"]
        assert await words(conn, 2) == []
        row = (await conn.execute(text("SELECT * FROM turns WHERE id = '2'"))).one()
    assert not {"wish 2", "secret", stored(2).key, stored(50).key} & set(map(str, row))
    assert row.parent == "1"


async def test_what_a_person_said_is_forgotten_in_the_job_too(database: Database) -> None:
    job = full_job()
    async with database.transaction() as conn:
        await jobs.insert(conn, job)
        await turns.add(conn, turn(3))
        await turns.add(conn, turn(10, parent=3))
        await jobs.advance(conn, job.id, State.DELIVERED)
        await turns.forget(conn, job.id)
        row = await jobs.get(conn, job.id)
        assert await jobs.advance(conn, job.id, State.SETTLED)  # the books go on
    assert row is not None
    assert (row.wish.words, row.wish.sources, row.inputs, row.text) == ("", (), (), "")
    assert (row.picture, row.reply.token) == (None, None)
    assert row.cost_usd_micros == job.cost_usd_micros


async def test_a_file_that_another_turn_has_too_must_stay(database: Database) -> None:
    same: Stored = stored(7)
    async with database.transaction() as conn:
        await turns.add(conn, turn(1, picture=same))
        await turns.add(conn, turn(2, picture=same))
        assert await turns.forget(conn, JobId("1")) is None
        assert await turns.forget(conn, JobId("2")) == same.key

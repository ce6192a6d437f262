from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import JobId
from bot.domain.jobs import ENDED, TRANSITIONS, Reply, State, Wish
from bot.storage import jobs
from bot.storage.database import Database
from tests.storage.samples import NOW, full_job, job, stored


async def test_a_job_comes_back_as_it_was_written(database: Database) -> None:
    for original in (job(11), full_job()):
        async with database.transaction() as conn:
            assert await jobs.insert(conn, original)
        async with database.reading() as conn:
            assert await jobs.get(conn, original.id) == original
    async with database.reading() as conn:
        assert await jobs.get(conn, JobId("nobody")) is None


async def test_the_same_event_makes_one_job(database: Database) -> None:
    async def insert(words: str) -> bool:
        async with database.transaction() as conn:
            return await jobs.insert(conn, job(wish=Wish(words)))

    assert sorted(await asyncio.gather(*(insert(str(n)) for n in range(8)))) == [False] * 7 + [True]


async def test_a_job_advances_only_along_the_table(database: Database) -> None:
    async with database.transaction() as conn:
        for number, (start, end) in enumerate(product(State, State)):
            await jobs.insert(conn, job(number, state=start, picture=stored()))
            done = await jobs.advance(conn, JobId(str(number)), end, text="moved")
            assert done is (end in TRANSITIONS[start])
            row = await jobs.get(conn, JobId(str(number)))
            assert row is not None
            assert (row.state, row.text) == ((end, "moved") if done else (start, ""))
        assert not await jobs.advance(conn, JobId("nobody"), State.DRAWING)


async def test_what_is_learnt_is_written_with_the_step(database: Database) -> None:
    new = full_job()
    async with database.transaction() as conn:
        await jobs.insert(conn, job())
        assert await jobs.advance(conn, new.id, State.DRAWING, route="chat", inputs=new.inputs)
        assert await jobs.update(conn, new.id, request_id="r-1", answer_id=22)
        assert not await jobs.update(conn, JobId("nobody"), answer_id=22)
        assert await jobs.advance(
            conn,
            new.id,
            State.DRAWN,
            picture=new.picture,
            text=new.text,
            model=new.model,
            cost_usd_micros=new.cost_usd_micros,
            took_s=new.took_s,
        )
    async with database.reading() as conn:
        row = await jobs.get(conn, new.id)
    assert row is not None
    assert (row.route, row.inputs, row.request_id) == ("chat", new.inputs, "r-1")
    assert row.reply == Reply("token", None, 22)
    assert (row.picture, row.text, row.model) == (new.picture, new.text, new.model)
    assert (row.cost_usd_micros, row.took_s) == (new.cost_usd_micros, new.took_s)
    assert row.wish == job().wish


async def test_what_must_be_there_when_drawn_is_a_rule(database: Database) -> None:
    async with database.transaction() as conn:
        await jobs.insert(conn, job(state=State.DRAWING))
    with pytest.raises(IntegrityError):
        async with database.transaction() as conn:
            await jobs.advance(conn, JobId("10"), State.DRAWN)


async def test_two_runs_of_a_job_cannot_both_take_a_step(database: Database) -> None:
    async with database.transaction() as conn:
        await jobs.insert(conn, job())

    async def step(to: State) -> bool:
        async with database.transaction() as conn:
            return await jobs.advance(conn, JobId("10"), to)

    steps = [State.DRAWING, State.CANCELLED] * 4
    results = await asyncio.gather(*(step(to) for to in steps))
    won = [to for to, done in zip(steps, results, strict=True) if done]
    # Drawing may still be cancelled, but nothing leads back and no step is taken twice.
    assert sorted(won) in ([State.CANCELLED, State.DRAWING], [State.CANCELLED])


async def test_any_words_can_be_kept(database: Database) -> None:
    odd = "nul \0 half \ud83d of a pair, and 🌃"
    errors = {"words": odd, "names": ("a", "b"), "when": NOW, "set": {1}, "map": {1: None}}
    async with database.transaction() as conn:
        await jobs.insert(conn, job(state=State.DRAWING))
        await jobs.advance(
            conn, JobId("10"), State.REFUSED, text=odd, error_key="refused", error_values=errors
        )
    async with database.reading() as conn:
        row = await jobs.get(conn, JobId("10"))
    assert row is not None
    assert row.text == "nul \ufffd half ? of a pair, and 🌃"
    assert row.error_values is not None
    assert row.error_values["names"] == ["a", "b"]
    assert row.error_values["when"] == str(NOW)
    assert (row.error_values["set"], row.error_values["map"]) == ([1], {"1": None})


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"):
        async with database.transaction() as conn:
            await jobs.insert(conn, job(created_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001 -- meant


async def test_a_time_in_another_zone_is_the_same_instant(database: Database) -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    async with database.transaction() as conn:
        await jobs.insert(conn, job(created_at=NOW.astimezone(zone)))
        row = await jobs.get(conn, JobId("10"))
    assert row is not None
    assert row.created_at == NOW
    assert row.created_at.tzinfo is dt.UTC


async def test_who_was_not_told_is_found_oldest_first(database: Database) -> None:
    def ago(hours: int) -> dt.datetime:
        return NOW - dt.timedelta(hours=hours)

    async with database.transaction() as conn:
        for number in (30, 20, 10):
            await jobs.insert(conn, job(number, state=State.FAILED, untold_since=ago(number)))
        await jobs.insert(conn, job(5, state=State.FAILED, error_key="error"))  # was told
        assert await jobs.untold(conn, ago(30)) == ["20", "10"]
        await jobs.update(conn, JobId("20"), untold_since=None)
        assert await jobs.untold(conn, ago(31)) == ["30", "10"]


async def test_wiped_it_says_nothing_of_the_wish(database: Database) -> None:
    said = replace(full_job(), state=State.SETTLED)
    async with database.transaction() as conn:
        await jobs.insert(conn, said)
        await jobs.wipe(conn, said.id)
        row = await jobs.get(conn, said.id)
    assert row is not None
    assert (row.wish.words, row.wish.told, row.wish.sources, row.reply.token) == (
        "",
        None,
        (),
        None,
    )
    assert (row.links, row.inputs, row.picture, row.further, row.text) == ((), (), None, (), "")
    assert row.cost_usd_micros == said.cost_usd_micros


async def test_unfinished_jobs_are_found_oldest_first(database: Database) -> None:
    async with database.transaction() as conn:
        for number, state in enumerate(State):
            at = NOW - dt.timedelta(seconds=number)
            await jobs.insert(conn, job(number, state=state, created_at=at, picture=stored()))
    async with database.reading() as conn:
        found = await jobs.unfinished(conn)
    assert [one.state for one in found] == [
        state for state in reversed(State) if state not in ENDED
    ]

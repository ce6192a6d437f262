from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.images import BlobSource
from bot.services.housekeeping import Chore, _pictures, regularly
from tests.storage.samples import full_job, job, stored


def names() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


async def test_chores_are_done_at_once_and_again_until_the_end() -> None:
    done: list[str] = []

    async def sweep() -> None:
        done.append("sweep")

    async def slow() -> None:
        done.append("slow")
        await asyncio.Event().wait()

    async with regularly(Chore("sweep", 0.01, sweep), Chore("slow", 0.01, slow)):
        assert {"sweep", "slow"} <= names()
        await asyncio.sleep(0.2)
        assert done.count("sweep") >= 3
        assert done.count("slow") == 1  # and it holds nobody up
    assert not {"sweep", "slow"} & names()
    before = len(done)
    await asyncio.sleep(0.05)
    assert len(done) == before


async def test_a_chore_that_fails_is_logged_and_done_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def fails_once() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise RuntimeError("the first time")

    async with regularly(Chore("fails", 0.01, fails_once)):
        await asyncio.sleep(0.1)
    assert len(done) >= 2
    [record] = caplog.records
    assert record.getMessage() == "fails failed"
    assert "the first time" in caplog.text


async def test_the_end_comes_while_a_chore_is_at_work() -> None:
    begun, ended = asyncio.Event(), False

    async def long() -> None:
        nonlocal ended
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            ended = True

    async with regularly(Chore("long", 1, long)):
        await begun.wait()
    assert ended, "it was waited for"


def test_a_job_needs_what_it_was_given_and_what_it_has_drawn() -> None:
    assert _pictures(job()) == set()
    assert _pictures(job(inputs=(stored(1), stored(2)))) == {stored(1).key, stored(2).key}
    full = replace(full_job(), further=(stored(7),))
    asked = [source.picture for source in full.wish.sources if isinstance(source, BlobSource)]
    assert full.picture is not None
    assert asked
    needed = [*asked, *full.inputs, full.picture, *full.further]
    assert _pictures(full) == {picture.key for picture in needed}
    assert len(_pictures(full)) == len(needed)

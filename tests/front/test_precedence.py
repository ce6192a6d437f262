from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import JobId
from bot.front import precedence
from bot.front.precedence import Precedence

JOB, OTHER = JobId("1"), JobId("2")


@pytest.fixture
def written() -> list[str]:
    return []


async def test_an_answer_waits_for_an_edit_that_is_being_sent(written: list[str]) -> None:
    places = Precedence()

    async def edit() -> None:
        await asyncio.sleep(0.05)
        written.append("progress")

    places.edit(JOB, edit())
    assert not places.is_free(JOB)
    assert places.is_free(OTHER)
    await places.take(JOB)
    written.append("answer")
    assert written == ["progress", "answer"]
    assert places.is_taken(JOB)
    assert not places.is_free(JOB)


async def test_an_edit_that_waits_for_a_limit_is_cancelled(
    written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "PATIENCE_S", 0.05)
    places = Precedence()

    async def edit() -> None:
        await asyncio.sleep(30)
        written.append("progress")

    places.edit(JOB, edit())
    async with asyncio.timeout(1):
        await places.take(JOB)
    assert written == []


async def test_what_is_under_way_at_the_end_is_waited_for_or_cancelled(written: list[str]) -> None:
    places = Precedence()

    async def edit(seconds: float) -> None:
        await asyncio.sleep(seconds)
        written.append("progress")

    places.edit(JOB, edit(0.02))
    places.edit(OTHER, edit(30))
    async with asyncio.timeout(2):
        await places.quiet(0.2)
    assert written == ["progress"]
    assert places.is_free(JOB)
    assert places.is_free(OTHER)


async def test_only_the_last_answers_are_remembered() -> None:
    places = Precedence()
    for number in range(precedence.REMEMBERED + 1):
        await places.take(JobId(str(number)))
    assert not places.is_taken(JobId("0"))
    assert places.is_taken(JobId("1"))

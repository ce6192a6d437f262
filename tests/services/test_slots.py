"""Slots: handed out in order, given back whatever happens, and never idle while somebody waits."""

from __future__ import annotations

import asyncio
import datetime as dt
import random

import pytest

from bot.domain.ids import JobId, Place
from bot.domain.jobs import Job, Reply, State, Wish
from bot.services.line import Line

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def job(name: str, second: float = 0.0) -> Job:
    """A job as "guild/person/number" names it."""
    guild, person, _ = name.split("/")
    at = NOON + dt.timedelta(seconds=second)
    return Job(
        JobId(name), Place(int(guild), 1), int(person), Wish("a"), Reply(), State.ACCEPTED, at
    )


class Studio:
    """Draws in slots of a line; a drawing ends when it is told to."""

    def __init__(self, slots: int) -> None:
        self.line = Line(slots)
        self.began: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def ask(self, *names: str) -> None:
        """Let these come to the line, one after the other."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._draw(job(name, len(self.tasks))))
            await asyncio.sleep(0)
        await settle()

    async def end(self, name: str) -> None:
        """Let this drawing end."""
        self._ends[name].set()
        await settle()

    async def cancel(self, name: str) -> None:
        """Cancel this one's task."""
        self.tasks[name].cancel()
        await settle()

    async def _draw(self, one: Job) -> None:
        async with self.line.slot(one):
            self.began.append(one.id)
            assert len(self.line.drawing()) <= self.line.slots
            await self._ends[one.id].wait()


async def settle() -> None:
    """Let every task come to where it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_slots_are_handed_out_at_once_and_in_order() -> None:
    studio = Studio(2)
    await studio.ask("1/1/a", "1/1/b", "1/1/c", "1/2/d", "2/1/e")
    line = studio.line
    assert studio.began == ["1/1/a", "1/1/b"]
    assert line.drawing() == {"1/1/a", "1/1/b"}
    assert line.waiting() == ("2/1/e", "1/2/d", "1/1/c")
    assert [line.place(JobId(name)) for name in ("2/1/e", "1/1/c", "1/1/a", "?")] == [
        0,
        2,
        None,
        None,
    ]
    await studio.end("1/1/b")
    assert studio.began[2:] == ["2/1/e"]
    assert line.waiting() == ("1/2/d", "1/1/c")
    await studio.end("2/1/e")
    await studio.end("1/1/a")
    assert studio.began[3:] == ["1/2/d", "1/1/c"]
    assert line.waiting() == ()


async def test_who_comes_back_is_behind_those_who_waited() -> None:
    studio = Studio(1)
    await studio.ask("1/1/a", "2/1/b", "2/1/c")
    await studio.end("1/1/a")
    await studio.ask("1/1/d")
    await studio.end("2/1/b")
    await studio.end("1/1/d")
    assert studio.began == ["1/1/a", "2/1/b", "1/1/d", "2/1/c"]


async def test_those_who_come_again_and_again_starve_nobody() -> None:
    studio = Studio(1)
    await studio.ask("1/1/0", "1/1/1", "1/1/2", "1/1/3")
    for number in range(9):
        await studio.ask(*(f"{guild}/1/{number}" for guild in (2, 3, 4)))
        await studio.end(studio.began[-1])
    assert [place for place, name in enumerate(studio.began) if name[0] == "1"] == [0, 4, 8]


@pytest.mark.parametrize("begun", [False, True])
async def test_cancelled_ones_leave_the_line(*, begun: bool) -> None:
    studio = Studio(1)
    await studio.ask("1/1/a", "1/1/b", "1/1/c")
    await studio.cancel("1/1/a" if begun else "1/1/b")
    assert studio.line.waiting() == ("1/1/c",)
    assert studio.line.drawing() == ({"1/1/b"} if begun else {"1/1/a"})


async def test_cancelled_at_the_moment_of_the_turn() -> None:
    studio = Studio(1)
    await studio.ask("1/1/a", "1/1/b", "1/1/c")
    studio.tasks["1/1/a"].cancel()
    await asyncio.sleep(0)  # «b» has its turn and does not know yet
    assert studio.line.drawing() == {"1/1/b"}
    await studio.cancel("1/1/b")
    assert studio.began == ["1/1/a", "1/1/c"]
    assert studio.line.drawing() == {"1/1/c"}


async def test_a_drawing_that_fails_gives_its_slot_back() -> None:
    line = Line(1)
    with pytest.raises(ValueError, match="paint"):
        async with line.slot(job("1/1/a")):
            raise ValueError("paint")
    async with asyncio.timeout(1), line.slot(job("1/1/b")):
        assert line.drawing() == {"1/1/b"}


async def test_closed_lets_those_go_who_wait() -> None:
    studio = Studio(1)
    await studio.ask("1/1/a", "1/1/b", "2/1/c")
    studio.line.close()
    await studio.ask("3/1/d")
    assert [name for name, task in studio.tasks.items() if task.cancelled()] == [
        "1/1/b",
        "2/1/c",
        "3/1/d",
    ]
    assert studio.line.drawing() == {"1/1/a"}
    await studio.end("1/1/a")
    assert studio.tasks["1/1/a"].done()
    assert not studio.tasks["1/1/a"].cancelled()
    assert studio.line.drawing() == frozenset()


async def test_no_slot_is_idle_while_somebody_waits() -> None:
    chance = random.Random(7)
    studio = Studio(3)
    for number in range(300):
        await studio.ask(f"{chance.randint(1, 4)}/{chance.randint(1, 3)}/{number}")
        running = sorted(studio.line.drawing())
        if chance.random() < 0.2:
            alive = [name for name, task in studio.tasks.items() if not task.done()]
            await studio.cancel(chance.choice(alive))
        elif chance.random() < 0.8:
            await studio.end(chance.choice(running))
        left = sum(not task.done() for task in studio.tasks.values())
        assert len(studio.line.drawing()) == min(3, left)
        assert len(studio.line.waiting()) == left - len(studio.line.drawing())
    while running := studio.line.drawing():
        await studio.end(min(running))
    assert studio.line.waiting() == ()
    assert all(task.done() for task in studio.tasks.values())

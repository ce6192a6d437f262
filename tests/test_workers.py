from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest
from blockbuster import BlockBuster

from bot.workers import Workers

field: contextvars.ContextVar[str] = contextvars.ContextVar("field")


async def test_runs_in_a_named_thread_with_arguments_and_result():
    def work(number: int, *, times: int) -> tuple[str, int]:
        return threading.current_thread().name, number * times

    async with Workers(2) as workers:
        name, product = await workers.run(work, 6, times=7)
    assert name.startswith("easel-worker")
    assert product == 42


async def test_errors_come_through():
    async with Workers(1) as workers:
        with pytest.raises(ZeroDivisionError):
            await workers.run(divmod, 1, 0)


async def test_context_variables_go_along():
    field.set("job 7")
    async with Workers(1) as workers:
        assert await workers.run(field.get) == "job 7"


async def test_no_more_threads_than_asked_for():
    seen: set[str] = set()

    def work() -> None:
        time.sleep(0.002)
        seen.add(threading.current_thread().name)

    async with Workers(2) as workers:
        await asyncio.gather(*(workers.run(work) for _ in range(10)))
    assert 1 <= len(seen) <= 2


async def test_does_not_need_the_default_executor():
    loop = asyncio.get_running_loop()
    await loop.shutdown_default_executor()
    async with Workers(1) as workers:
        assert await workers.run(len, "abc") == 3


async def test_cancelled_before_it_begins_it_never_runs():
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    go, ran = threading.Event(), list[int]()

    def hold() -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go.wait(5)

    async with Workers(1) as workers:
        first = asyncio.create_task(workers.run(hold))
        second = asyncio.create_task(workers.run(ran.append, 1))
        await begun.wait()
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        await first
    assert ran == []


async def test_close_waits_for_what_runs_without_blocking_the_loop():
    ended = list[int]()
    ticks = 0

    def work() -> None:
        time.sleep(0.05)
        ended.append(1)

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with Workers(1) as workers:
        workers.submit(work)
    assert ended == [1]
    assert ticks >= 2
    ticking.cancel()


async def test_nothing_after_close():
    workers = Workers(1)
    workers.close()
    workers.close()
    with pytest.raises(RuntimeError):
        await workers.run(len, "")


async def test_no_call_blocks_the_loop():
    detector = BlockBuster()
    detector.activate()
    try:
        async with Workers(1) as workers:
            await workers.run(time.sleep, 0.01)
    finally:
        detector.deactivate()

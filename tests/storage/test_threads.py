from __future__ import annotations

import asyncio
import threading
import time
import weakref

import pytest

from bot.storage.threads import Threads


def alive() -> int:
    return sum(thread.name == "easel-database" for thread in threading.enumerate())


async def test_a_call_gives_its_result_or_its_error_from_another_thread() -> None:
    threads = Threads()
    assert await threads.run(divmod, 17, 5) == (3, 2)
    assert await threads.run(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await threads.run(divmod, 1, 0)
    with pytest.raises(RuntimeError, match="StopIteration"):  # no coroutine may raise that one
        await threads.run(next, iter(()))
    assert await threads.run(divmod, 17, 5) == (3, 2)
    await threads.close()


async def test_a_cancelled_call_runs_to_its_end_and_is_cancelled_then() -> None:
    threads = Threads()
    leave, left = threading.Event(), threading.Event()

    def work() -> None:
        leave.wait(5)
        left.set()

    task = asyncio.create_task(threads.run(work))
    for _ in range(3):  # impatient
        await asyncio.sleep(0.01)
        task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()
    leave.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left.is_set()
    await threads.close()


async def test_a_cancellation_that_comes_with_the_end_is_raised() -> None:
    threads = Threads()
    task: asyncio.Task[int]
    loop = asyncio.get_running_loop()

    def work() -> int:
        loop.call_soon_threadsafe(lambda: loop.call_soon(task.cancel))
        return 1

    for _ in range(50):
        task = asyncio.create_task(threads.run(work))
        await asyncio.wait({task}, timeout=5)
        assert task.done()
        assert task.cancelled() or task.result() == 1
    await threads.close()


async def test_there_are_as_many_threads_as_calls_at_a_time_and_none_in_the_end() -> None:
    before = alive()
    threads = Threads()
    for _ in range(5):
        await threads.run(time.sleep, 0)
    assert alive() == before + 1
    barrier = threading.Barrier(3)
    await asyncio.gather(*(threads.run(barrier.wait, 5) for _ in range(3)))
    assert alive() == before + 3
    await threads.close()
    for _ in range(100):
        if alive() == before:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("threads are left")


async def test_an_idle_thread_holds_nothing() -> None:
    class Result:
        pass

    threads = Threads()
    result = await threads.run(Result)
    gone = weakref.ref(result)
    del result
    await threads.run(int)
    assert gone() is None
    await threads.close()

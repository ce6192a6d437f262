"""Threads in which the drivers work, so that they never hold up the event loop.

A call goes to a thread and its end comes back by `call_soon_threadsafe`: no executor, no task and
no future of another kind between, as a picture needs some forty of these hops.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Step:
    """One call: what it does, and how it ended."""

    __slots__ = ("_loop", "_waiter", "_work", "error", "over", "result")

    def __init__(self, work: Callable[[], object] | None) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._waiter = self._loop.create_future()
        self.over = False
        self.result: object = None
        self.error: BaseException | None = None

    def run(self) -> bool:
        """In the thread: do it, and wake who waits. False: there was nothing to do."""
        work, self._work = self._work, None
        try:
            if work is not None:
                self.result = work()
        except BaseException as error:  # noqa: BLE001 -- the caller gets it
            self.error = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._end)
        return work is not None

    def _end(self) -> None:
        self.over = True
        if not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> None:
        """Wait for the end even if the caller is cancelled; the cancellation is raised after it."""
        cancelled: asyncio.CancelledError | None = None
        while not self.over:
            try:
                await self._waiter
            except asyncio.CancelledError as error:
                cancelled = error
                self._waiter = self._loop.create_future()
        if cancelled is not None:
            raise cancelled


class Threads:
    """As many threads as there are calls at a time, which their caller limits."""

    def __init__(self) -> None:
        self._steps: queue.SimpleQueue[_Step] = queue.SimpleQueue()
        self._started = 0
        self._busy = 0

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Call `function` in a thread. Once begun it runs to its end, cancelled or not."""
        step = _Step(lambda: function(*args))
        self._busy += 1
        if self._busy > self._started:
            self._started += 1
            # A daemon: a database that nobody closed does not keep Python from ending.
            threading.Thread(
                target=_serve, args=(self._steps,), name="easel-database", daemon=True
            ).start()
        self._steps.put(step)
        try:
            await step.wait()
            if step.error is not None:
                raise step.error
            return cast("T", step.result)
        finally:
            self._busy -= 1
            del step  # an error's traceback would hold it, and it the error

    async def close(self) -> None:
        """End the threads, after what they were given."""
        last = [_Step(None) for _ in range(self._started)]
        self._started = 0
        for step in last:
            self._steps.put(step)
        for step in last:
            await step.wait()


def _serve(steps: queue.SimpleQueue[_Step]) -> None:
    # The step is nobody's when the thread waits: what it held can go.
    while steps.get().run():
        pass

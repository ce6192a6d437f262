"""The stages at work, so that a stop can wait for them and leaves all else as rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager

logger = logging.getLogger(__name__)

BETWEEN_S = 0.3  # the engine's own writing between two stages of a job takes less


class Running:
    """Knows which stages run. Each is one task of the engine's."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()
        self._stopping = False
        self._over = False

    @contextmanager
    def stage(self, *, begins: bool) -> Generator[None]:
        """Around a stage; `begins` says that it is a job's first.

        Raises CancelledError when it comes too late. The engine then keeps the job, and goes on
        with it at the next start.
        """
        if self._over or (begins and self._stopping):
            raise asyncio.CancelledError("Easel is stopping")
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def stop(self, grace_s: float) -> None:
        """Begin no more jobs, give those at work some time, then cancel what is left of them."""
        self._stopping = True
        clock = asyncio.get_running_loop().time
        ends_s = clock() + grace_s
        while self._tasks and (left_s := ends_s - clock()) > 0:
            await asyncio.wait(self._tasks, timeout=left_s)
            await asyncio.sleep(min(BETWEEN_S, grace_s))  # a job's next stage may follow
        self._over = True
        cut = set(self._tasks)
        if cut:
            logger.warning("%d pictures were not finished; they go on at the next start", len(cut))
        for task in cut:
            task.cancel()
        if cut:
            await asyncio.wait(cut)

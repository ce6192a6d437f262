"""Threads of our own for work that would hold up the event loop.

`asyncio.to_thread` uses the loop's default executor. The durable engine (dbos) replaces that
one by its own pool at launch and shuts it down at its end, so processor work would compete
with the engine's steps, and fail while the bot stops. Threads are enough for pictures: Pillow
frees the interpreter's lock while it decodes, resizes and encodes (`bench/media.py` measures
what is left of it).
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """A pool of named threads. Use as an async context manager, or call `close()` at the end."""

    def __init__(self, threads: int) -> None:
        """Prepare at most `threads` threads; each starts when there is work for it."""
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="easel-worker")

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call, with the caller's context variables (log fields), for a thread.

        Raises RuntimeError after `close()`.
        """
        context = contextvars.copy_context()
        return self._executor.submit(context.run, functools.partial(function, *args, **kwargs))

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` in a thread and wait for what it returns or raises.

        Cancelled while it waits for a thread, the call never happens. A call that has begun
        goes on to its end, because a thread cannot be stopped, and its result is dropped.
        """
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    def close(self) -> None:
        """Drop what has not begun and wait, blocking, for what has. May be called twice."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        # `close` blocks, and a pool cannot wait for itself: a thread made for this waits.
        closer = ThreadPoolExecutor(1, thread_name_prefix="easel-worker-close")
        await asyncio.get_running_loop().run_in_executor(closer, self.close)
        closer.shutdown(wait=False)

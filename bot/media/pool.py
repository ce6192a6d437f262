"""Pictures off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bot.media import fit, sanitize
from bot.media.sanitize import Cleaned
from bot.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

DECODES = 2
"""Pictures worked on at a time; of large ones `bot.media.decode` lets in only one."""


class Media:
    """`clean`, `probe` and `fit` in the workers' threads, at most two at a time."""

    def __init__(self, workers: Workers) -> None:
        """Work in these threads, which stay the caller's to close."""
        self._workers = workers
        self._free = asyncio.Semaphore(DECODES)

    async def clean(self, data: bytes, *, max_side_px: int, max_bytes: int) -> Cleaned:
        """See `bot.media.sanitize.clean`."""
        return await self._run(sanitize.clean, data, max_side_px=max_side_px, max_bytes=max_bytes)

    async def probe(self, data: bytes) -> tuple[str, int, int]:
        """See `bot.media.fit.probe`."""
        return await self._run(fit.probe, data)

    async def fit(self, data: bytes, media_type: str, limit_bytes: int) -> tuple[bytes, str]:
        """See `bot.media.fit.fit`."""
        if len(data) <= limit_bytes:
            return data, media_type  # nothing to decode: no reason to queue
        return await self._run(fit.fit, data, media_type, limit_bytes)

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        try:
            future = self._workers.submit(function, *args, **kwargs)
        except BaseException:
            self._free.release()
            raise
        # Given back when the thread is done, not when the caller is: a cancelled caller leaves
        # its thread decoding, and memory taken.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._free.release))
        return await asyncio.wrap_future(future)

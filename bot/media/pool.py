"""Pictures off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.domain.regions import Cell, Grid
from bot.domain.sheets import Drawn, Read, Tile
from bot.domain.trees import Layout
from bot.media import compare, fit, lapse, phash, regions, sanitize, sheets, trees
from bot.media.lapse import Form
from bot.media.sanitize import Cleaned
from bot.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

DECODES = 2
"""Pictures worked on at a time; of large ones `bot.media.decode` lets in only one."""

DRAWINGS = 1
"""Sheets, trees and animations drawn at a time. They take seconds, so they have a place of their
own: results that are to be posted never wait behind them."""


class Media:
    """The functions of this package in the workers' threads, a few at a time."""

    def __init__(self, workers: Workers) -> None:
        """Work in these threads, which stay the caller's to close."""
        self._workers = workers
        self._free = asyncio.Semaphore(DECODES)
        self._drawing = asyncio.Semaphore(DRAWINGS)

    async def clean(self, data: bytes, *, max_side_px: int, max_bytes: int) -> Cleaned:
        """See `bot.media.sanitize.clean`."""
        return await self._run(
            self._free, sanitize.clean, data, max_side_px=max_side_px, max_bytes=max_bytes
        )

    async def probe(self, source: bytes | Path) -> tuple[str, int, int]:
        """See `bot.media.fit.probe`."""
        return await self._run(self._free, fit.probe, source)

    async def fit(self, data: bytes, media_type: str, limit_bytes: int) -> tuple[bytes, str]:
        """See `bot.media.fit.fit`."""
        if len(data) <= limit_bytes:
            return data, media_type  # nothing to decode: no reason to queue
        return await self._run(self._free, fit.fit, data, media_type, limit_bytes)

    async def phash(self, data: bytes) -> int:
        """See `bot.media.phash.phash`."""
        return await self._run(self._free, phash.phash, data)

    async def with_grid(
        self, data: bytes, grid: Grid, *, max_bytes: int, chosen: Collection[Cell] = ()
    ) -> Drawn:
        """See `bot.media.regions.with_grid`."""
        return await self._run(
            self._free, regions.with_grid, data, grid, max_bytes=max_bytes, chosen=chosen
        )

    async def paste_back(
        self, original: bytes, edited: bytes, grid: Grid, cells: Collection[Cell]
    ) -> Drawn:
        """See `bot.media.regions.paste_back`."""
        return await self._run(self._free, regions.paste_back, original, edited, grid, cells)

    async def contact_sheet(
        self, tiles: Sequence[Tile], *, max_bytes: int, title: str = "", first: int = 1
    ) -> Drawn:
        """See `bot.media.sheets.contact_sheet`."""
        return await self._run(
            self._drawing,
            sheets.contact_sheet,
            tiles,
            max_bytes=max_bytes,
            title=title,
            first=first,
        )

    async def compare(self, before: Tile, after: Tile, *, max_bytes: int) -> Drawn:
        """See `bot.media.compare.compare`."""
        return await self._run(self._drawing, compare.compare, before, after, max_bytes=max_bytes)

    async def tree(self, layout: Layout, pictures: Mapping[str, Read], *, max_bytes: int) -> Drawn:
        """See `bot.media.trees.draw_tree`."""
        return await self._run(
            self._drawing, trees.draw_tree, layout, pictures, max_bytes=max_bytes
        )

    async def time_lapse(
        self,
        reads: Sequence[Read],
        *,
        max_bytes: int,
        seconds: float = lapse.HOLD_S,
        form: Form = "webp",
    ) -> Drawn:
        """See `bot.media.lapse.time_lapse`."""
        return await self._run(
            self._drawing,
            lapse.time_lapse,
            reads,
            max_bytes=max_bytes,
            seconds=seconds,
            form=form,
        )

    async def _run(
        self, free: asyncio.Semaphore, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        await free.acquire()
        loop = asyncio.get_running_loop()
        try:
            future = self._workers.submit(function, *args, **kwargs)
        except BaseException:
            free.release()
            raise
        # Given back when the thread is done, not when the caller is: a cancelled caller leaves
        # its thread decoding, and memory taken.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(free.release))
        return await asyncio.wrap_future(future)

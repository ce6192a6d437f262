from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from bot.errors import BadAnswer, PictureError
from bot.media import fit, pool
from bot.media.pool import Media
from bot.workers import Workers
from tests.media.pictures import opened, photo, written

DATA = written(photo(), "PNG")


class Gate:
    """Stands for slow work: counts who is inside and holds them until it opens."""

    def __init__(self) -> None:
        self.inside = self.most = self.entered = 0
        self.open = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, data: bytes) -> tuple[str, int, int]:
        with self._lock:
            self.inside += 1
            self.entered += 1
            self.most = max(self.most, self.inside)
        assert self.open.wait(5)
        with self._lock:
            self.inside -= 1
        return "image/png", len(data), 1

    async def has_seen(self, calls: int) -> None:
        async with asyncio.timeout(5):
            while self.entered < calls:  # noqa: ASYNC110 (threads count, not tasks)
                await asyncio.sleep(0.001)


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(4) as workers:
        yield workers


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(fit, "probe", gate)
    return gate


async def test_does_what_the_functions_do(workers: Workers):
    media = Media(workers)
    cleaned = await media.clean(DATA, max_side_px=100, max_bytes=50_000)
    assert (cleaned.width_px, cleaned.height_px) == (100, 75)
    assert await media.probe(DATA) == ("image/png", 320, 240)
    smaller, media_type = await media.fit(DATA, "image/png", len(DATA) - 1)
    assert len(smaller) < len(DATA)
    assert media_type == "image/jpeg"
    assert opened(smaller).width <= 320
    assert (await media.fit(DATA, "image/png", len(DATA)))[0] is DATA


async def test_errors_come_through(workers: Workers):
    media = Media(workers)
    with pytest.raises(PictureError):
        await media.clean(b"words", max_side_px=100, max_bytes=50_000)
    with pytest.raises(BadAnswer):
        await media.probe(b"words")


async def test_two_at_a_time(workers: Workers, gate: Gate):
    media = Media(workers)
    asked = [asyncio.create_task(media.probe(b"x" * n)) for n in range(6)]
    await gate.has_seen(pool.DECODES)
    await asyncio.sleep(0.02)
    assert gate.inside == pool.DECODES
    gate.open.set()
    assert [width for _, width, _ in await asyncio.gather(*asked)] == list(range(6))
    assert gate.most == pool.DECODES


async def test_a_cancelled_caller_holds_its_place_until_the_thread_is_done(
    workers: Workers, gate: Gate
):
    media = Media(workers)
    first = [asyncio.create_task(media.probe(b"")) for _ in range(pool.DECODES)]
    await gate.has_seen(pool.DECODES)
    for task in first:
        task.cancel()
    ended = await asyncio.gather(*first, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ended)
    later = asyncio.create_task(media.probe(b""))
    await asyncio.sleep(0.02)
    assert gate.entered == pool.DECODES
    gate.open.set()
    await later
    assert gate.most == pool.DECODES


async def test_waiting_callers_can_be_cancelled(workers: Workers, gate: Gate):
    media = Media(workers)
    asked = [asyncio.create_task(media.probe(b"")) for _ in range(pool.DECODES + 3)]
    await gate.has_seen(pool.DECODES)
    for task in asked[pool.DECODES :]:
        task.cancel()
    gate.open.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert gate.entered == pool.DECODES
    assert await media.probe(b"xyz") == ("image/png", 3, 1)


async def test_a_closed_pool_leaves_no_place_taken():
    async with Workers(1) as workers:
        media = Media(workers)
    for _ in range(pool.DECODES + 1):
        async with asyncio.timeout(1):
            with pytest.raises(RuntimeError):
                await media.probe(DATA)

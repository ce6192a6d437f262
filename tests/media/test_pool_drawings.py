"""The drawings in the workers' threads, beside the results that are to be posted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from bot.domain.regions import Grid
from bot.domain.sheets import Node, Tile
from bot.domain.trees import lay_out
from bot.media.pool import Media
from bot.workers import Workers
from tests.media.drawings import check, read_of
from tests.media.pictures import photo, written

DATA = written(photo(), "PNG")
READ = read_of(DATA)
MB = 1_000_000


@pytest.fixture
async def media() -> AsyncIterator[Media]:
    async with Workers(4) as workers:
        yield Media(workers)


async def test_draws_what_the_functions_draw(media: Media):
    layout = lay_out([Node("a", None), Node("b", "a", current=True)])
    drawn = [
        await media.contact_sheet([Tile(READ, "one")], max_bytes=MB, title="All", first=3),
        await media.compare(Tile(READ, "Before"), Tile(READ, "After"), max_bytes=MB),
        await media.tree(layout, {"a": READ}, max_bytes=MB),
        await media.time_lapse([READ, READ], max_bytes=MB, seconds=0.5, form="gif"),
        await media.with_grid(DATA, Grid(5, 4), max_bytes=MB, chosen={(1, 1)}),
        await media.paste_back(DATA, DATA, Grid(5, 4), {(1, 1)}),
    ]
    for one in drawn:
        check(one, MB)
    assert await media.phash(DATA) == await media.phash(drawn[-1].data)


async def test_a_long_drawing_holds_up_no_result(media: Media):
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        assert go_on.wait(5)
        return DATA

    drawings = [
        asyncio.create_task(media.contact_sheet([Tile(slow)], max_bytes=MB)) for _ in range(6)
    ]
    try:
        async with asyncio.timeout(5):
            while not begun.is_set():  # noqa: ASYNC110 (a thread sets it)
                await asyncio.sleep(0.001)
            assert await media.probe(DATA) == ("image/png", 320, 240)
            assert not any(task.done() for task in drawings)
    finally:
        go_on.set()
        await asyncio.gather(*drawings)

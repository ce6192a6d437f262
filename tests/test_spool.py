from __future__ import annotations

import asyncio
import hashlib
import resource
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.routes import DrawRequest
from bot.errors import OutcomeUnknown, StorageError
from bot.providers.draw import Result
from bot.spool import CHUNK_BYTES, Received, Spool
from bot.storage.blobs import Blobs
from bot.workers import Workers
from tests.providers.serving import (
    PNG,
    always,
    b64,
    big_picture,
    catalogue,
    completion,
    cut_inside,
    painting,
    serving,
)

BIG = big_picture(3 * CHUNK_BYTES + 12_345)
OTHER = big_picture(2 * CHUNK_BYTES + 2)  # whole triples: base64 without =
CHAT = catalogue().route("chat")
KITE = DrawRequest("a red kite")


@pytest.fixture
async def workers() -> AsyncGenerator[Workers]:
    async with Workers(2) as made:
        yield made


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def files(blobs: Blobs) -> list[str]:
    return sorted(path.name for path in blobs.incoming.parent.rglob("*") if path.is_file())


@contextmanager
def room_for(size_bytes: int) -> Generator[None]:
    """No file may grow beyond this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def received(spool: Spool, data: bytes, piece: int = 50_000) -> Received:
    picture = spool.picture()
    for at in range(0, len(data), piece):
        picture.add(data[at : at + piece])
        await spool.flush()
        assert picture.unwritten_bytes < CHUNK_BYTES
    await spool.finish()
    assert picture.size_bytes == len(data)
    assert picture.head == data[:16]
    return picture


async def test_a_large_picture_becomes_a_file_and_is_kept_by_its_name(
    blobs: Blobs, workers: Workers
) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        picture = await received(spool, BIG)
        assert picture.path is not None
        inode, mode = picture.path.stat().st_ino, picture.path.stat().st_mode
        assert mode & 0o777 == 0o600
        key = blobs.keep(picture)
        assert key == hashlib.sha256(BIG).hexdigest()
        assert blobs.path(key).stat().st_ino == inode
        assert blobs.keep(picture) == key, "again, after the database was locked"
    assert files(blobs) == [key]
    assert blobs.get(key) == BIG
    async with Spool(blobs.incoming, workers) as spool:
        assert blobs.keep(await received(spool, BIG)) == key
    assert files(blobs) == [key]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
async def test_what_is_smaller_than_a_chunk_stays_in_memory(
    blobs: Blobs, workers: Workers, size: int
) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        picture = await received(spool, BIG[:size])
        assert (picture.path is None) is (size < CHUNK_BYTES)
        assert picture.read() == BIG[:size]
        assert blobs.get(blobs.keep(picture)) == BIG[:size]


async def test_without_a_folder_everything_stays_in_memory() -> None:
    async with Spool() as spool:
        picture = spool.picture()
        picture.add(BIG)
        await spool.flush()
        await spool.finish()
        assert picture.path is None
        assert picture.source == BIG


async def test_what_was_not_kept_is_gone_at_the_end(blobs: Blobs, workers: Workers) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        await received(spool, BIG)
        await received(spool, OTHER)
        assert len(files(blobs)) == 2
    assert files(blobs) == []


@pytest.mark.parametrize("room", [0, 1000, CHUNK_BYTES, 3 * CHUNK_BYTES])
async def test_a_disk_that_fills_up_costs_no_picture(
    blobs: Blobs, workers: Workers, room: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        with room_for(room):
            picture = await received(spool, BIG)
            assert picture.path is None
            assert picture.read() == BIG
            assert "a picture stays in memory: File too large" in caplog.text
            assert files(blobs) == []
            with pytest.raises(StorageError):
                blobs.keep(picture)
        key = blobs.keep(picture)
        assert blobs.get(key) == BIG
    assert files(blobs) == [key]


async def test_a_disk_that_fails_when_a_picture_is_kept(
    blobs: Blobs, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        picture = await received(spool, BIG)

        def broken(path: Path, target: Path) -> Path:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", broken)
            with pytest.raises(StorageError, match="Input/output error"):
                blobs.keep(picture)
        assert picture.source == BIG, "in memory again"
        assert files(blobs) == []
        assert blobs.get(blobs.keep(picture)) == BIG


async def test_a_thread_that_is_late_leaves_no_file(blobs: Blobs, workers: Workers) -> None:
    hold = threading.Event()
    busy = [asyncio.create_task(workers.run(hold.wait, 5)) for _ in range(2)]
    await asyncio.sleep(0.01)
    picture = Received(blobs.incoming / "late.part")
    picture.add(BIG)
    late = workers.submit(picture.write)
    picture.discard()
    hold.set()
    await asyncio.wrap_future(late)
    await asyncio.gather(*busy)
    assert files(blobs) == []


async def test_what_a_killed_process_left_is_cleared(blobs: Blobs) -> None:
    blobs.clear_incoming()
    blobs.incoming.mkdir(parents=True)
    (blobs.incoming / "0123.part").write_bytes(b"half")
    key = blobs.put(b"picture")
    blobs.clear_incoming()
    assert files(blobs) == [key]


Answer = Callable[[web.Request, int], Awaitable[web.StreamResponse]]


async def drawn(spool: Spool, answer: Answer) -> Result:
    async with serving(answer) as server, painting(server) as painter:
        return await painter.draw(CHAT, KITE, timeout_s=5, spool=spool)


async def test_pictures_in_an_answer_and_behind_links_go_into_files(
    blobs: Blobs, workers: Workers
) -> None:
    async def linked(request: web.Request, number: int) -> web.StreamResponse:
        if request.path.startswith("/files/"):
            return web.Response(body=BIG if "a" in request.path else PNG)
        base = f"http://{request.host}/files"
        return web.json_response(completion(f"![]({base}/a.png) ![]({base}/b.png)"))

    inside = completion(f"Look {b64(OTHER)} ![image](data:image/png;base64,{b64(BIG)})")
    for answer, left in ((linked, 1), (always(inside), 2)):
        async with Spool(blobs.incoming, workers) as spool:
            result = await drawn(spool, answer)
            assert result.picture.path is not None
            assert result.picture.read() == BIG
            assert [one.picture.path for one in result.extra] == [None] * (2 - left)
            assert len(files(blobs)) == left
            assert result.words == ("" if answer is linked else "Look …")
        assert files(blobs) == []


async def test_a_call_that_is_cut_or_cancelled_leaves_nothing(
    blobs: Blobs, workers: Workers
) -> None:
    half = completion(f"![image](data:image/png;base64,{b64(BIG)})")
    sent = asyncio.Event()

    async def stuck(request: web.Request, number: int) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(str(half).replace("'", '"').encode()[: 2 * CHUNK_BYTES])
        sent.set()
        await asyncio.sleep(30)
        return response

    async def drawing(answer: Answer) -> None:
        async with Spool(blobs.incoming, workers) as spool:
            await drawn(spool, answer)

    with pytest.raises(OutcomeUnknown):
        await drawing(cut_inside)
    task = asyncio.create_task(drawing(stuck))
    await sent.wait()
    async with asyncio.timeout(5):
        while not files(blobs):  # noqa: ASYNC110 -- a thread writes, no task
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(blobs) == []


async def test_a_file_that_cannot_be_deleted_takes_no_picture_with_it(
    blobs: Blobs, workers: Workers
) -> None:
    async with Spool(blobs.incoming, workers) as spool:
        picture = spool.picture()
        picture.add(BIG)
        await spool.finish()
        key = blobs.keep(picture)
        further = spool.picture()
        further.add(OTHER)
        await spool.finish()
        blobs.incoming.rename(blobs.incoming.with_name("moved"))
        blobs.incoming.touch()  # an error that is not «it is not there»
    assert blobs.get(key) == BIG

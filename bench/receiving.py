"""Receiving many pictures at once: memory and processor time beside the floor's way.

    python bench/receiving.py [--pictures 200] [--json FILE]

Each way runs in a process of its own, against a stand-in provider in another. «easel»: answers
decoded into the spool, checked, kept in the blob store. «floor»: the answer's JSON, its base64
and the decoded picture, as in `bench/floor.py`, which then holds it until it is posted. Posting
is no part of this, so the floor takes less memory here than in `bench/side_by_side.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil

from bot.domain.routes import DrawRequest
from bot.media.pool import Media
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.registry import load_catalogue
from bot.providers.transport import Transport
from bot.spool import Spool
from bot.storage.blobs import Blobs
from bot.workers import Workers

ROOT = Path(__file__).resolve().parent.parent
PICTURE_BYTES = 1_500_000
DELAY_S = 3.0  # so that all are asked for before the first one comes
MEMORY_BUDGET_MIB, TIME_BUDGET = 0.5, 2.0  # a picture in flight; times the floor's
DATA = re.compile(r"data:image/\w+;base64,([A-Za-z0-9+/=]+)")

Draw = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def easel(base: str) -> AsyncGenerator[Draw]:
    catalogue = load_catalogue("gemini-2.5-flash-image")
    with tempfile.TemporaryDirectory() as folder:
        async with Workers(4) as workers, Transport() as transport, Fetcher() as fetcher:
            provider = catalogue.provider("302ai", key="bench", address=base)
            painter = Painter(transport, fetcher, {"302ai": provider})
            media, blobs, route = Media(workers), Blobs(Path(folder)), catalogue.route("chat")

            async def draw(number: int) -> None:
                async with Spool(blobs.incoming, workers) as spool:
                    result = await painter.draw(
                        route, DrawRequest(f"kite {number}"), timeout_s=300, spool=spool
                    )
                    await media.probe(result.picture.source)
                    await workers.run(blobs.keep, result.picture)

            yield draw


@asynccontextmanager
async def floor(base: str) -> AsyncGenerator[Draw]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def draw(number: int) -> None:
            body = {
                "model": "gemini-2.5-flash-image",
                "messages": [{"role": "user", "content": f"kite {number}"}],
            }
            url, key = f"{base}/v1/chat/completions", {"Authorization": "Bearer bench"}
            async with session.post(url, json=body, headers=key) as answer:
                said = (await answer.json())["choices"][0]["message"]["content"]
            found = DATA.search(said)
            assert found is not None
            assert len(base64.b64decode(found[1])) == PICTURE_BYTES

        yield draw


async def measure(way: str, base: str, pictures: int) -> dict[str, float]:
    """Peak memory above idle, and processor time a picture, of this process."""
    process = psutil.Process()
    async with {"easel": easel, "floor": floor}[way](base) as draw:
        await draw(-1)  # what is loaded and allocated once is no picture's
        idle = peak = process.memory_info().rss
        before, began = process.cpu_times(), time.monotonic()
        crowd = asyncio.gather(*(draw(number) for number in range(pictures)))
        while not crowd.done():
            peak = max(peak, process.memory_info().rss)
            await asyncio.sleep(0.02)
        await crowd
        after = process.cpu_times()
    spent_s = after.user + after.system - before.user - before.system
    return {
        "peak_mib": round((peak - idle) / 2**20, 1),
        "cpu_a_picture_ms": round(spent_s * 1000 / pictures, 1),
        "took_s": round(time.monotonic() - began, 1),
    }


def one(way: str, pictures: int) -> dict[str, float]:
    provider = subprocess.Popen(  # noqa: S603 -- the stand-in
        [
            *(sys.executable, "-m", "bot.standins.provider", "--delay", str(DELAY_S)),
            *("--key", "bench", "--shape", "markdown_data"),
            *("--picture-bytes", str(PICTURE_BYTES)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert provider.stdout is not None
        base = provider.stdout.readline().strip()
        done = subprocess.run(  # noqa: S603 -- this file, with a way
            [sys.executable, __file__, "--way", way, base, "--pictures", str(pictures)],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
    finally:
        provider.terminate()
        provider.wait()
    return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--way", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(asyncio.run(measure(*options.way, options.pictures))))
        return 0
    found = {way: one(way, options.pictures) for way in ("floor", "easel")}
    print(f"{'':20}{'floor':>10}{'easel':>10}{'ratio':>8}")
    for name, beside in found["floor"].items():
        ours = found["easel"][name]
        print(f"{name:20}{beside:10.1f}{ours:10.1f}{ours / max(beside, 0.001):8.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    memory_mib = found["easel"]["peak_mib"] / options.pictures
    spent = found["easel"]["cpu_a_picture_ms"] / found["floor"]["cpu_a_picture_ms"]
    print(f"budget: {MEMORY_BUDGET_MIB} MiB a picture, {TIME_BUDGET}x the processor time")
    return 0 if memory_mib <= MEMORY_BUDGET_MIB and spent <= TIME_BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())

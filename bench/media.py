"""How long the event loop waits while pictures are cleaned in threads.

Twenty JPEG files of 20 megapixels go through `Media` at once, while a task asks to be woken
every millisecond and notes how late it is. Prints one line of JSON; delays in milliseconds.

    python bench/media.py
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import time

from PIL import Image

from bot.media.pool import Media
from bot.workers import Workers

PICTURES = 20
SIZE_PX = (5472, 3648)
MAX_SIDE_PX = 2048
MAX_BYTES = 7 * 1024 * 1024
TICK_S = 0.001
BUDGET_P99_MS = 25


def photo(seed: int) -> bytes:
    """A JPEG with the detail of a photograph: about 6 MB."""
    chance = random.Random(seed)  # noqa: S311 (a picture, not a secret)
    bands: list[Image.Image] = []
    for _ in range(3):
        small = Image.frombytes("L", (684, 456), chance.randbytes(684 * 456))
        bands.append(small.resize(SIZE_PX, Image.Resampling.BICUBIC))
    buffer = io.BytesIO()
    Image.merge("RGB", bands).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


async def watch(delays_ms: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(TICK_S)
        delays_ms.append((time.perf_counter() - started - TICK_S) * 1000)


async def main() -> None:
    pictures = [photo(seed) for seed in range(PICTURES)]
    delays_ms: list[float] = []
    async with Workers(4) as workers:
        media = Media(workers)
        watching = asyncio.create_task(watch(delays_ms))
        started = time.perf_counter()
        await asyncio.gather(
            *(media.clean(data, max_side_px=MAX_SIDE_PX, max_bytes=MAX_BYTES) for data in pictures)
        )
        took_s = time.perf_counter() - started
        watching.cancel()
    delays_ms.sort()
    p99 = delays_ms[int(len(delays_ms) * 0.99)]
    print(
        json.dumps(
            {
                "pictures": PICTURES,
                "megapixels": round(SIZE_PX[0] * SIZE_PX[1] / 1_000_000),
                "bytes_each": sum(map(len, pictures)) // PICTURES,
                "took_s": round(took_s, 2),
                "wakings": len(delays_ms),
                "delay_p50_ms": round(delays_ms[len(delays_ms) // 2], 2),
                "delay_p99_ms": round(p99, 2),
                "delay_max_ms": round(delays_ms[-1], 2),
                "budget_p99_ms": BUDGET_P99_MS,
                "within_budget": p99 <= BUDGET_P99_MS,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main())

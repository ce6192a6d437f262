"""The highest rate that a bot holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from bench.running import Bench, Stamp, cpu_s
from bench.scale import PROVIDER_S, Numbers, Scale, added_s
from bench.stage import running

MOST_ADDED_S = 1.0  # for 99 of 100


async def highest(holds: Callable[[int], Awaitable[bool]], low: int, high: int, step: int) -> int:
    """The highest rate that is held, to within `step`; `low` is taken to be held."""
    while high - low > step:
        middle = (low + high) // 2
        if await holds(middle):
            low = middle
        else:
            high = middle
    return low


async def rate(bot: str, scale: Scale) -> Numbers:
    """The highest rate at which 99 % are posted within a second beyond the provider's time."""
    found: Numbers = {}

    async def holds(per_s: int) -> bool:
        async with running(bot) as made:
            await made.warm(PROVIDER_S)
            processes = (made.process, *made.standins)
            before = [cpu_s(one) for one in processes]
            wanted = set(await made.steadily(per_s, scale.probe_s))
            if not await _in_time(made, wanted):
                return False
            cores = [
                (cpu_s(one) - was) / scale.probe_s
                for one, was in zip(processes, before, strict=True)
            ]
        found.update(rate_cores=cores[0], rate_standins_cores=sum(cores[1:]))
        return True

    low, high = scale.rates
    return {"rate_per_s": await highest(holds, low, high, scale.step), **found}


async def _in_time(made: Bench, wanted: set[str]) -> bool:
    """Wait until all are posted, or until more than one in a hundred is late."""
    while True:
        stamps = await made.stamps(wanted)
        now = time.monotonic()
        late = sum(one > MOST_ADDED_S for one in added_s(_as_if_posted(stamps, now)))
        if late > len(wanted) // 100:
            return False
        if all(stamp.posted_s for stamp in stamps):
            return True
        await asyncio.sleep(0.3)


def _as_if_posted(stamps: Sequence[Stamp], now_s: float) -> list[Stamp]:
    return [Stamp(one.sent_s, one.acked_s, one.posted_s or now_s) for one in stamps]

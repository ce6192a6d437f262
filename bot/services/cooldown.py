"""A rest for who asks too often."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Hashable

from bot.errors import RequestError

REMEMBERED = 10_000  # of them; then those who have rested are forgotten


class Cooldown:
    """Lets each do something `times` in any `per_s` seconds. Held in memory alone.

    `who` is a person's id, or whatever else is counted by itself.
    """

    def __init__(
        self,
        times: int,
        per_s: float,
        now_s: Callable[[], float] = time.monotonic,
        *,
        key: str = "cooldown",
    ) -> None:
        self._key = key
        self._times = times
        self._per_s = per_s
        self._now_s = now_s
        self._taken: dict[Hashable, deque[float]] = {}

    def check(self, who: Hashable) -> None:
        """Raises RequestError with the seconds to wait when it is too often."""
        now = self._now_s()
        taken = self._taken.get(who, deque[float]())
        while taken and taken[0] <= now - self._per_s:
            taken.popleft()
        if len(taken) >= self._times:
            wait_s = taken[0] + self._per_s - now
            raise RequestError(self._key, seconds=max(1, math.ceil(wait_s)))

    def take(self, who: Hashable) -> None:
        """Do it once. Raises as `check` does."""
        self.check(who)
        now = self._now_s()
        if len(self._taken) >= REMEMBERED:
            rested = now - self._per_s
            self._taken = {one: at for one, at in self._taken.items() if at and at[-1] > rested}
        self._taken.setdefault(who, deque()).append(now)

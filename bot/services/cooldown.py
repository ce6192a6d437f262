"""A rest for who asks too often."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from bot.errors import RequestError

REMEMBERED = 10_000  # people; then those who have rested are forgotten


class Cooldown:
    """Lets each person do something `times` in any `per_s` seconds. Held in memory alone."""

    def __init__(
        self, times: int, per_s: float, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._times = times
        self._per_s = per_s
        self._now_s = now_s
        self._taken: dict[int, deque[float]] = {}

    def check(self, user_id: int) -> None:
        """Raises RequestError `cooldown`, with the seconds to wait, when it is too often."""
        now = self._now_s()
        taken = self._taken.get(user_id, deque[float]())
        while taken and taken[0] <= now - self._per_s:
            taken.popleft()
        if len(taken) >= self._times:
            wait_s = taken[0] + self._per_s - now
            raise RequestError("cooldown", seconds=max(1, math.ceil(wait_s)))

    def take(self, user_id: int) -> None:
        """Do it once. Raises as `check` does."""
        self.check(user_id)
        now = self._now_s()
        if len(self._taken) >= REMEMBERED:
            rested = now - self._per_s
            self._taken = {who: at for who, at in self._taken.items() if at and at[-1] > rested}
        self._taken.setdefault(user_id, deque()).append(now)

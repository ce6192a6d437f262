"""Which interactions come too late to be answered."""

from __future__ import annotations

import datetime as dt
from collections import deque

LATE = dt.timedelta(seconds=2.8)
"""Discord gives up on an interaction after 3 s; one this old can only fail."""

ASTRAY = dt.timedelta(seconds=1)
"""A network is faster than this: what remains is a clock that is wrong."""


RECENT = 20
"""Interactions out of which the clock's error is told."""

LONG = dt.timedelta(minutes=1)
"""They must be spread over this: a crowd that comes late together is late, whatever the clock."""


class Lateness:
    """Tells late interactions, on a machine whose clock may be wrong.

    Discord's clock is in an interaction's id. The least that one was behind ours of late is what
    the clocks differ by; without that, a clock three seconds ahead would make every one late.
    """

    def __init__(self) -> None:
        self._recent: deque[tuple[dt.datetime, dt.timedelta]] = deque(maxlen=RECENT)

    def is_late(self, created_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether Discord will refuse any answer to an interaction by now."""
        behind = now - created_at
        self._recent.append((now, behind))
        return behind - self._astray() > LATE

    def _astray(self) -> dt.timedelta:
        least = min(behind for _, behind in self._recent)
        first, last = self._recent[0][0], self._recent[-1][0]
        return least if abs(least) > ASTRAY and last - first > LONG else dt.timedelta()

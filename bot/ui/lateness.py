"""Which interactions come too late to be answered."""

from __future__ import annotations

import datetime as dt
import logging
from collections import deque

log = logging.getLogger(__name__)

LATE = dt.timedelta(seconds=2.8)
"""Discord gives up on an interaction after 3 s; one this old can only fail."""

ASTRAY = dt.timedelta(seconds=1)
"""A network is faster than this: what remains is a clock that is wrong."""


RECENT = 20
"""Interactions after which a clock that was set anew is noticed."""


class Lateness:
    """Tells late interactions, on a machine whose clock may be wrong.

    Discord's clock is in an interaction's id. The least that one was behind ours of late is what
    the clocks differ by; without that, a clock three seconds ahead would make every one late.
    """

    def __init__(self) -> None:
        self._behind: deque[dt.timedelta] = deque(maxlen=RECENT)

    def is_late(self, created_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether Discord will refuse any answer to an interaction by now."""
        behind = now - created_at
        self._behind.append(behind)
        least = min(self._behind)
        astray = least if abs(least) > ASTRAY else dt.timedelta()
        if behind - astray <= LATE:
            return False
        log.warning("an interaction came %.1f s late", (behind - astray).total_seconds())
        return True

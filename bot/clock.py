"""Time, as a value that can be handed in.

`Clock` has two real implementations: the system's, and the simulated Discord's in tests.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the wall time. Durations are measured with `time.monotonic`, not with this."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

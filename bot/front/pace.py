"""How many messages of a channel are edited in a while: what waits must not slow down pictures.

Bots see a limit of about five edits in five seconds for each channel. discord.py waits when it is
reached, and then a picture would wait behind edits that only say how long others wait. Edits of an
interaction's answer have a limit of their own, for each interaction.
"""

from __future__ import annotations

import time
from collections import deque

PERIOD_S = 5.0
FOR_PROGRESS = 2
"""Edits that a channel may have had in a period when one more says how a request gets on. The
rest is kept for answers."""

MANY = 1000  # channels that are remembered before the quiet ones are dropped


class Pace:
    """The edits of each channel in the last seconds. Note all of them."""

    def __init__(self) -> None:
        self._edits: dict[int, deque[float]] = {}

    def note(self, channel_id: int) -> None:
        """One of the channel's messages is edited now."""
        self._recent(channel_id).append(time.monotonic())
        if len(self._edits) > MANY:
            for one in [*self._edits]:
                if not self._recent(one):
                    del self._edits[one]

    def has_room(self, channel_id: int) -> bool:
        """Whether a message may be edited that is no answer."""
        return len(self._recent(channel_id)) < FOR_PROGRESS

    def _recent(self, channel_id: int) -> deque[float]:
        edits = self._edits.setdefault(channel_id, deque())
        while edits and time.monotonic() - edits[0] >= PERIOD_S:
            edits.popleft()
        return edits

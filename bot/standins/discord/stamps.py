"""When each interaction was sent, acknowledged and answered with a file: for measurements."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.standins.discord.world import World


@dataclass(slots=True)
class Stamp:
    """Monotonic seconds, 0.0 for what has not happened."""

    sent_s: float
    acked_s: float = 0.0
    posted_s: float = 0.0


class Stamps:
    """The stamps by the interactions' ids."""

    def __init__(self, world: World) -> None:
        self.by_id: dict[int, Stamp] = {}
        self._tokens = world.backend.interaction_tokens
        world.backend.subscribers.append(self._hear)

    def note(self, path: str, *, files: bool) -> None:
        """Note a REST call that has taken effect."""
        parts = path.split("/")
        if parts[1] == "interactions":
            self.by_id[int(parts[2])].acked_s = time.monotonic()
        elif parts[1] == "webhooks" and files and len(parts) > 3:
            stamp = self.by_id.get(self._tokens.get(parts[3], 0))
            if stamp is not None and not stamp.posted_s:
                stamp.posted_s = time.monotonic()

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            self.by_id[int(payload["id"])] = Stamp(time.monotonic())

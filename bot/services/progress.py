"""Telling others of this process how far a job is."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.domain.ids import JobId
from bot.domain.jobs import State

logger = logging.getLogger(__name__)


class Progress:
    """Those who listen, called after a state is committed and what belongs to it was shown."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[JobId, State], None]] = []

    def committed(self, job_id: JobId, state: State) -> None:
        """Tell all of them."""
        logger.info("%s", state)
        for listener in self.listeners:
            listener(job_id, state)

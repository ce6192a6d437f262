"""Answers before progress: who writes into the place of a job's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.domain.ids import JobId

PATIENCE_S = 2.0
"""How long an answer waits for an edit that is under way. One that takes longer waits for a limit
of Discord's, so it was not sent yet and can be cancelled."""

REMEMBERED = 1000  # of the last answers; progress looks at the job's row as well


class Precedence:
    """Says until when a job's message may tell how it gets on: until its answer comes."""

    def __init__(self) -> None:
        self._answered: dict[JobId, None] = {}
        self._edits: dict[JobId, asyncio.Task[None]] = {}

    async def take(self, job_id: JobId) -> None:
        """Let the answer have the place; when this returns, nothing else is written there."""
        self._answered[job_id] = None
        if len(self._answered) > REMEMBERED:
            del self._answered[next(iter(self._answered))]
        edit = self._edits.get(job_id)
        if edit is not None:
            await asyncio.wait({edit}, timeout=PATIENCE_S)
            edit.cancel()
            await asyncio.wait({edit})

    def is_taken(self, job_id: JobId) -> bool:
        """Whether the answer has come."""
        return job_id in self._answered

    def is_free(self, job_id: JobId) -> bool:
        """Whether the answer has not come, and nothing is being written."""
        return job_id not in self._answered and job_id not in self._edits

    def edit(self, job_id: JobId, edit: Coroutine[Any, Any, None]) -> None:
        """Run an edit that tells how a job gets on. It must see to its own errors."""
        task = asyncio.create_task(edit, name=f"progress {job_id}")
        self._edits[job_id] = task
        task.add_done_callback(lambda _: self._edits.pop(job_id, None))

    async def quiet(self, wait_s: float) -> None:
        """Wait until nothing is being written; what takes longer is cancelled."""
        edits = {*self._edits.values()}
        if edits:
            _, late = await asyncio.wait(edits, timeout=wait_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

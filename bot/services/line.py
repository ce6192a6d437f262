"""Slots for drawing: shared out in this process, in the order of `bot/domain/line.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from bot.domain.ids import JobId
from bot.domain.jobs import Job
from bot.domain.line import Share, Waiting, order

REMEMBERED = 10_000  # guilds and people whose last turns are known


class Line:
    """So many pictures are drawn at a time; the others wait here for their turn.

    What stands here is of this process alone: after a restart every job comes again.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._waiting: dict[JobId, tuple[Waiting, asyncio.Future[None]]] = {}
        self._running: dict[JobId, Waiting] = {}  # in the order they began
        self._served: dict[Share, int] = {}  # the last turns, the longest ago first
        self._turns = 0
        self._places: dict[JobId, int] | None = None  # until something changes
        self._closed = False

    @asynccontextmanager
    async def slot(self, job: Job) -> AsyncGenerator[None]:
        """Wait for a slot, and hold it while this is open.

        Raises CancelledError when the line closes meanwhile: the job begins at the next start.
        """
        one = Waiting.of(job)
        turn = asyncio.get_running_loop().create_future()
        if self._closed:
            raise asyncio.CancelledError
        self._waiting[job.id] = (one, turn)
        self._places = None
        try:
            self._hand_out()
            await turn
            yield
        finally:
            self._waiting.pop(job.id, None)
            self._running.pop(job.id, None)
            self._places = None
            self._hand_out()

    def waiting(self, coming: Sequence[Job] = ()) -> tuple[JobId, ...]:
        """Those who wait, in the order in which they may expect their turn.

        `coming` are accepted and on their way here: they stand where they will stand.
        """
        if not coming:
            return tuple(self._order())
        everybody = [*self._all(), *map(Waiting.of, coming)]
        expected = order(everybody, self._at_work(), self._served, self.slots)
        return tuple(one.job_id for one in expected)

    def place(self, job_id: JobId) -> int | None:
        """How many are expected to have their turn before this one: 0 is the next.

        None for a job that does not wait here.
        """
        return self._order().get(job_id)

    def drawing(self) -> frozenset[JobId]:
        """Those who have a slot."""
        return frozenset(self._running)

    def close(self) -> None:
        """Hand out no more slots, and let go of those who wait; who has a slot goes on."""
        self._closed = True
        for _, turn in self._waiting.values():
            turn.cancel()

    def _order(self) -> dict[JobId, int]:
        if self._places is None:
            expected = order(self._all(), self._at_work(), self._served, self.slots)
            self._places = {one.job_id: place for place, one in enumerate(expected)}
        return self._places

    def _all(self) -> list[Waiting]:
        # Who was cancelled is on the way out.
        return [one for one, turn in self._waiting.values() if not turn.done()]

    def _at_work(self) -> list[Waiting]:
        return list(self._running.values())

    def _hand_out(self) -> None:
        """Give every free slot to the one whose turn it is."""
        while not self._closed and len(self._running) < self.slots:
            chosen = order(self._all(), self._at_work(), self._served, self.slots, most=1)
            if not chosen:
                return
            [one] = chosen
            _, turn = self._waiting.pop(one.job_id)
            self._running[one.job_id] = one
            self._serve(one.guild, (one.guild, one.user_id))
            self._places = None
            turn.set_result(None)

    def _serve(self, *shares: Share) -> None:
        self._turns += 1
        for share in shares:
            self._served.pop(share, None)
            self._served[share] = self._turns
        while len(self._served) > REMEMBERED:
            del self._served[next(iter(self._served))]

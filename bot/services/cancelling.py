"""Cancelling a request that waits or is being drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.domain.jobs import Job, State
from bot.errors import NotAllowed, RequestError
from bot.logs import working_on
from bot.providers.sending import Sending
from bot.services.progress import Progress
from bot.storage import jobs, ledger
from bot.storage.database import Database


class Engine(Protocol):
    """The engine, as far as cancelling needs it."""

    def cancel(self, job_id: JobId) -> None:
        """Stop a job at once, whether it waits or draws; its workflow ends."""
        ...


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What was cancelled. `job` is as it was before.

    `at_work`: the model had been asked, or may have been. Then the request counts, unless it
    turns out to have cost nothing (`bot/services/costs.py`). Else nothing was spent.
    """

    job: Job
    at_work: bool


class Cancelling:
    """Cancels requests for those who may."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        progress: Progress,
        sending: Mapping[JobId, Sending],
    ) -> None:
        """`sending` has the jobs of which it is known what was sent. Of others it may be all."""
        self._sending = sending
        self._database = database
        self._clock = clock
        self._progress = progress
        self._engine: Engine | None = None

    def open(self, engine: Engine | None) -> None:
        """Stop drawings in this engine; None: there is none now, and the row is enough."""
        self._engine = engine

    async def cancel(self, job_id: JobId, *, user_id: int, moderator: bool) -> Cancelled:
        """Cancel a request that is not drawn yet, for who asked or a moderator of the place.

        Nothing is posted for it any more: whoever calls this shows what happened, then calls
        `told`. Without that the sweep shows it, after a crash say.
        Raises NotAllowed (`not_your_picture`) for others, RequestError (`cancel_too_late`) when
        it is drawn or over or was never there, StorageError.
        """
        async with self._database.transaction() as conn:
            job = await jobs.get(conn, job_id, locked=True)  # it may begin to draw just now
            if job is None:
                raise RequestError("cancel_too_late")
            if user_id != job.user_id and not moderator:
                raise NotAllowed("not_your_picture")
            at_work = job.state is State.DRAWING
            if (sending := self._sending.get(job_id)) is not None:
                # For good, whatever becomes of the commit: what it gives back must not be spent.
                at_work = sending.close(RequestError("cancelled", user=user_id))
            now = self._clock.now()
            if not await jobs.advance(
                conn,
                job_id,
                State.CANCELLED,
                error_key="cancelled_at_work" if at_work else "cancelled",
                error_values={"user": user_id},
                untold_since=now,
            ):
                raise RequestError("cancel_too_late")
            if not at_work:
                await ledger.refund(conn, job_id, now=now)
            else:
                await ledger.cancelled(conn, job_id, now=now)
                if job.links:  # its answer was read: what it cost is known
                    await ledger.resolve(conn, job_id, job.cost_usd_micros, now=now)
        if self._engine is not None:
            self._engine.cancel(job_id)
        with working_on(job_id):
            self._progress.committed(job_id, State.CANCELLED)
        return Cancelled(job, at_work)

    async def told(self, job_id: JobId) -> None:
        """Note that it was shown what became of a request."""
        await self._database.run(lambda conn: jobs.told(conn, job_id))

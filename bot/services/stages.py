"""The stages of a job: draw, deliver, settle.

The job's row says how far it is, and every stage begins with it, so a job may be run again after
a crash and goes on from there.
"""

from __future__ import annotations

import datetime as dt

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.domain.jobs import Job, State
from bot.errors import DiscordUnavailable, UserError
from bot.logs import working_on
from bot.services.drawing import Drawing
from bot.services.giving_up import GivingUp
from bot.services.line import Line
from bot.services.posting import Posting
from bot.services.progress import Progress
from bot.storage import jobs
from bot.storage.database import Database

GIVE_UP_AFTER = dt.timedelta(days=1)  # a drawn picture that Discord has not taken until then


class Stages:
    """What the engine calls for every job."""

    def __init__(
        self,
        database: Database,
        line: Line,
        drawing: Drawing,
        posting: Posting,
        giving_up: GivingUp,
        progress: Progress,
        clock: Clock,
    ) -> None:
        self._database = database
        self._line = line
        self.drawing = drawing
        self._posting = posting
        self._giving_up = giving_up
        self._clock = clock
        self.listeners = progress.listeners

    async def run(self, job_id: JobId) -> None:
        """Take a job from where its row says it is to its end.

        Raises DiscordUnavailable and StorageError: then call it again later.
        """
        with working_on(job_id):
            job = await self._get(job_id)
            if job.state in (State.ACCEPTED, State.DRAWING):
                await self.drawing.draw(job)
                job = await self._get(job_id)
            await self._deliver(job)

    async def finish(self, job_id: JobId) -> None:
        """Bring a job to its end that the engine has given up: deliver it, or say that it failed.

        Raises as `run` does.
        """
        with working_on(job_id):
            job = await self._get(job_id)
            if job.state is State.ACCEPTED:
                await self._giving_up.give_up(job, UserError("error", reference=job.id))
            elif job.state is State.DRAWN and self._clock.now() - job.created_at > GIVE_UP_AFTER:
                await self._giving_up.give_up(job, DiscordUnavailable())
        await self.run(job_id)  # a call that was under way is asked for, or unknown

    def stop(self) -> None:
        """Begin no more drawings, and let go of those who wait for one."""
        self._line.close()

    async def _deliver(self, job: Job) -> None:
        """Post the picture, or the sentence that takes its place, and book what it cost."""
        if job.state is State.DRAWN and not await self._posting.post(job):
            job = await self._get(job.id)
        if job.state is State.DELIVERED:
            await self._posting.settle(job)
        if job.untold_since is not None:
            await self._posting.tell(job)

    async def _get(self, job_id: JobId) -> Job:
        job = await self._database.look(lambda conn: jobs.get(conn, job_id))
        if job is None:
            raise LookupError(f"no row for job {job_id}")  # accept wrote both, or neither
        return job

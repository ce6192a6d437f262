"""Who waits how long: the line, and the times that were measured lately."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.domain.jobs import ENDED, Job, State
from bot.domain.patience import Expected, Wait, waits
from bot.errors import RequestError
from bot.services.generate import outline
from bot.services.routing import Routing
from bot.storage import jobs, lately
from bot.storage.database import Database

MEASURED_FOR_S = 15.0  # how long the routes' times are taken for new
COMING_S = 5.0  # an accepted request that is not in the line by then has gone another way

ON_THE_WAY = frozenset({State.ACCEPTED, State.DRAWING, State.DRAWN})


class Line(Protocol):
    """The line, as far as waiting in it goes."""

    @property
    def slots(self) -> int:
        """How many are drawn at a time."""
        ...

    def waiting(self, coming: Sequence[Job] = ()) -> tuple[JobId, ...]:
        """Those who wait or are on their way here, in the order of their expected turns."""
        ...

    def drawing(self) -> frozenset[JobId]:
        """Those who have a slot."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A request on its way, and its wait; None when it is being drawn."""

    job: Job
    wait: Wait | None


class Patience:
    """Tells places and times. What it knows is of this process alone."""

    def __init__(self, database: Database, line: Line, routing: Routing, clock: Clock) -> None:
        self._database = database
        self._line = line
        self._routing = routing
        self._clock = clock
        self._jobs: dict[JobId, Job] = {}
        self._routes: dict[JobId, str | None] = {}
        self._began_s: dict[JobId, float] = {}
        self._coming_s: dict[JobId, float] = {}
        self._took_s: Mapping[str, float | None] = {}
        self._measured_s: float | None = None
        self._measuring = asyncio.Lock()

    def committed(self, job_id: JobId, state: State) -> None:
        """Note when a drawing begins; call it after each state."""
        self._coming_s.pop(job_id, None)
        if state is State.DRAWING:
            self._began_s[job_id] = self._now_s()
        elif state in ENDED:
            self._began_s.pop(job_id, None)

    async def first(self, job: Job) -> Wait | None:
        """How long a request waits that was accepted just now; None when it is drawn at once.

        Raises StorageError.
        """
        self._jobs[job.id] = job
        self._coming_s[job.id] = self._now_s()
        if self._measured_s is None:
            await self._measure()
        return self._waits().get(job.id)

    def answered(self, job_id: JobId, answer_id: int | None) -> None:
        """Note which message of ours is about a request."""
        job = self._jobs.get(job_id)
        if job is not None:
            self._jobs[job_id] = replace(job, reply=replace(job.reply, answer_id=answer_id))

    async def standings(self) -> dict[JobId, Wait | None]:
        """The requests of the line, those being drawn (None) first, then in order.

        Raises StorageError.
        """
        here = {*self._line.waiting(), *self._line.drawing()}
        old = self._measured_s is None or self._now_s() - self._measured_s > MEASURED_FOR_S
        if here and old:
            await self._measure()
        if not here <= self._jobs.keys():  # after a restart
            async with self._database.reading() as conn:
                for job in await jobs.unfinished(conn):
                    self._jobs.setdefault(job.id, job)
        found = self._waits()
        for gone in self._jobs.keys() - found.keys():
            del self._jobs[gone]
            self._routes.pop(gone, None)
        return found

    def known(self, job_id: JobId) -> Job | None:
        """A request of the line as it was when it was accepted, or after the restart."""
        return self._jobs.get(job_id)

    async def job(self, job_id: JobId) -> Job | None:
        """A request as its row is now. Raises StorageError."""
        async with self._database.reading() as conn:
            return await jobs.get(conn, job_id)

    async def requests(
        self, *, user_id: int | None = None, guild_id: int | None = None
    ) -> list[Standing]:
        """A person's or a guild's requests that are on their way, in the order of the line.

        Raises StorageError.
        """
        found = await self.standings()
        async with self._database.reading() as conn:
            rows = await jobs.unfinished(conn, user_id=user_id, guild_id=guild_id)
        behind = Wait(1 + sum(wait is not None for wait in found.values()), None)
        standing = [
            # One that was accepted and is not in the line comes back to it: it is tried again.
            Standing(job, found.get(job.id, behind if job.state is State.ACCEPTED else None))
            for job in rows
            if job.state in ON_THE_WAY
        ]
        standing.sort(key=lambda one: one.wait.place if one.wait else 0)
        return standing

    def _waits(self) -> dict[JobId, Wait | None]:
        waiting, drawing = dict.fromkeys(self._line.waiting()), self._line.drawing()
        now_s = self._now_s()
        for job_id, since_s in list(self._coming_s.items()):
            if job_id in drawing or job_id in waiting or now_s - since_s > COMING_S:
                del self._coming_s[job_id]
        coming = [job for one in self._coming_s if (job := self._jobs.get(one)) is not None]
        line = self._line.waiting(coming) if coming else [*waiting]
        found: dict[JobId, Wait | None] = dict.fromkeys(drawing)
        at_work = [self._expected(one, now_s) for one in drawing]
        behind = [self._expected(one, now_s) for one in line]
        found.update(zip(line, waits(at_work, behind, slots=self._line.slots), strict=True))
        return found

    def _expected(self, job_id: JobId, now_s: float) -> Expected:
        drawn_for_s = now_s - self._began_s.get(job_id, now_s)
        route = self._route(job_id)
        return Expected(None if route is None else self._took_s.get(route), drawn_for_s)

    def _route(self, job_id: JobId) -> str | None:
        """The route that a request will be drawn by, if nothing happens to it."""
        job = self._jobs.get(job_id)
        if job is None:
            return None
        if job_id not in self._routes:
            try:
                self._routes[job_id] = self._routing.plan(outline(job.wish))[0].name
            except RequestError:
                self._routes[job_id] = None
        return self._routes[job_id]

    def _now_s(self) -> float:
        return self._clock.now().timestamp()

    async def _measure(self) -> None:
        before = self._measured_s
        async with self._measuring:
            if self._measured_s != before:
                return  # somebody else did it meanwhile
            async with self._database.reading() as conn:
                routes = await lately.by_route(conn)
            self._took_s = {name: one.took_s for name, one in routes.items()}
            self._measured_s = self._now_s()

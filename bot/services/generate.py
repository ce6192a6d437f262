"""Accepting a request: one transaction that checks, reserves, writes and enqueues."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from bot.clock import Clock
from bot.domain.ids import BlobKey, JobId, Place
from bot.domain.images import BlobSource, Stored
from bot.domain.jobs import Job, Reply, State, Wish
from bot.domain.routes import DrawRequest
from bot.errors import PictureError, RequestError
from bot.logs import working_on
from bot.services.quotas import Quotas
from bot.services.routing import Routing
from bot.services.writing import insist
from bot.storage import jobs, ledger, turns
from bot.storage.database import Connection, Database

logger = logging.getLogger(__name__)

MAX_WORDS = 2000  # characters: what a Discord message may hold


class Queue(Protocol):
    """The engine's door, as far as accepting needs it."""

    async def enqueue(
        self, conn: Connection, job_id: JobId, *, partition: str, priority: int
    ) -> None:
        """Enqueue within the caller's transaction."""
        ...


class Generate:
    """Takes requests. What happens to them then is in `bot/services/stages.py`."""

    def __init__(self, database: Database, quotas: Quotas, clock: Clock, routing: Routing) -> None:
        self._database = database
        self._quotas = quotas
        self._clock = clock
        self._routing = routing
        self._queue: Queue | None = None

    def open(self, queue: Queue | None) -> None:
        """Let accepted requests go to this queue; None closes the door."""
        self._queue = queue

    async def submit(
        self, job_id: JobId, place: Place, user_id: int, wish: Wish, reply: Reply
    ) -> Job | None:
        """Accept a request, or raise why not: then nothing is reserved or written.

        Returns None for a `job_id` that was accepted before: an event that Discord delivers
        twice makes one picture.
        Raises RequestError, PictureError, QuotaExceeded, StorageError.
        """
        queue = self._queue
        if queue is None:
            raise RequestError("restarting")
        wish = replace(wish, words=wish.words.strip())
        self.check(wish)
        job = Job(job_id, place, user_id, wish, reply, State.ACCEPTED, self._clock.now())
        counters = await self._quotas.counters(place, user_id)
        held = self._routing.ceiling_usd_micros(_outline(wish))
        async with self._database.transaction() as conn:
            if wish.parent is not None and await turns.get(conn, wish.parent) is None:
                raise RequestError("parent_gone")
            if not await jobs.insert(conn, job):
                return None
            await ledger.reserve(conn, job_id, counters, now=job.created_at, usd_micros=held)
            await queue.enqueue(
                conn,
                job_id,
                partition=str(place.guild_id or user_id),
                priority=await jobs.waiting(conn, place, user_id),
            )
        with working_on(job_id):
            logger.info("accepted")
        return job

    async def answered(self, job_id: JobId, message_id: int | None) -> None:
        """Write down which message of ours says «drawing», for the time after a restart."""

        async def write() -> None:
            async with self._database.transaction() as conn:
                await jobs.update(conn, job_id, answer_id=message_id)

        await insist(write)

    async def wish_of(self, job_id: JobId) -> Wish:
        """The wish of an earlier request, ready to be asked again. Raises RequestError."""
        async with self._database.reading() as conn:
            old = await jobs.get(conn, job_id)
        if old is None or not old.wish.words:
            raise RequestError("parent_gone")
        if not old.inputs:
            return old.wish
        # The cleaned pictures are kept for longer than Discord's links stay valid.
        return replace(old.wish, sources=tuple(BlobSource(picture) for picture in old.inputs))

    async def refusal_of(self, job_id: JobId) -> str:
        """Why the model declined an earlier request, as ProviderRefused has it; "" if unknown."""
        async with self._database.reading() as conn:
            old = await jobs.get(conn, job_id)
        values = (old.error_values if old else None) or {}
        return str(values.get("reason", ""))

    def check(self, wish: Wish) -> None:
        """Raises RequestError or PictureError for a wish that would not be accepted."""
        if not wish.words.strip():
            raise RequestError("prompt_empty")
        if len(wish.words) > MAX_WORDS:
            raise RequestError("prompt_too_long", limit=MAX_WORDS)
        allowed = self._routing.profile.max_inputs
        if len(wish.sources) > allowed:
            raise PictureError("too_many_pictures", limit=allowed)


def _outline(wish: Wish) -> DrawRequest:
    """The request as far as choosing a route needs it, before its pictures are fetched."""
    unknown = Stored(BlobKey(""), "", 0, 0, 0)
    pictures = (unknown,) * len(wish.sources)
    return DrawRequest(wish.words, pictures, aspect=wish.aspect, size=wish.size)

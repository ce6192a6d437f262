"""Accepting a request: one transaction that checks, reserves, writes and enqueues."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.branch import copies, origins, rooted, shown_for
from bot.domain.ids import BlobKey, JobId, Place
from bot.domain.images import Stored, TurnSource
from bot.domain.jobs import Job, Reply, State, Wish
from bot.domain.quotes import quote_usd_micros
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
VARIATION = (
    "Make a variation of the first given picture: the same subject, mood and style, but another "
    "composition and other details. It was asked for like this: "
)


class Queue(Protocol):
    """The engine's door, as far as accepting needs it."""

    async def enqueue(self, conn: Connection, job_id: JobId) -> None:
        """Enqueue within the caller's transaction."""
        ...

    def begin(self, job_id: JobId) -> None:
        """Run at once what was enqueued, now that the transaction is committed."""
        ...


Enrich: TypeAlias = Callable[[Wish, Place, int], Awaitable[Wish]]
"""Adds to a wish what holds where and for whom it is said: a channel's style, a character.

It looks at every wish, whatever door it came through, and raises a UserError or Invalid for one
that may not be. A wish whose `told` is set was enriched before.
"""


class Generate:
    """Takes requests. What happens to them then is in `bot/services/stages.py`."""

    def __init__(
        self,
        database: Database,
        quotas: Quotas,
        clock: Clock,
        routing: Routing,
        enrich: Sequence[Enrich] = (),
    ) -> None:
        self._enrich = enrich
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
        wish = await self._put_together(wish, place, user_id)
        job = Job(job_id, place, user_id, wish, reply, State.ACCEPTED, self._clock.now())
        held = self._routing.ceiling_usd_micros(await self.outlined(wish))
        counting = await self._quotas.counting(place, user_id, private=wish.private)

        async def accept(conn: Connection) -> bool:
            if wish.parent is not None and await turns.get(conn, wish.parent) is None:
                raise RequestError("parent_gone")
            if not await jobs.insert(conn, job):
                return False
            wanted = await counting(conn)
            await ledger.reserve(conn, job_id, wanted, now=job.created_at, usd_micros=held)
            await queue.enqueue(conn, job_id)
            return True

        if not await self._database.run(accept):
            return None
        with working_on(job_id):
            logger.info("accepted")
        queue.begin(job_id)
        return job

    async def likely_usd_micros(self, wish: Wish, place: Place, user_id: int) -> int:
        """What a wish is likely to cost, on the route that would draw it now.

        Raises as `submit` does for the wish itself; limits are not looked at.
        """
        request = await self.outlined(await self._put_together(wish, place, user_id))
        return quote_usd_micros(self._routing.plan(request)[0], request)

    async def _put_together(self, wish: Wish, place: Place, user_id: int) -> Wish:
        """The wish with all that goes with it where and for whom it is said."""
        wish = rooted(replace(wish, words=wish.words.strip()))
        for enrich in self._enrich:
            wish = await enrich(wish, place, user_id)
        self.check(wish)
        return wish

    async def answered(self, job_id: JobId, message_id: int | None) -> None:
        """Write down which message of ours says «drawing», for the time after a restart."""
        if message_id is None:
            return

        async def write(conn: Connection) -> None:
            await jobs.update(conn, job_id, answer_id=message_id)

        await insist(lambda: self._database.run(write))

    async def wish_of(self, job_id: JobId) -> Wish:
        """The wish of an earlier request, ready to be asked again. Raises RequestError."""
        async with self._database.reading() as conn:
            old = await jobs.get(conn, job_id)
            if old is None or not old.wish.words:
                raise RequestError("parent_gone")
            above = old.wish.parent
            branch = await turns.branch(conn, above) if above is not None and old.inputs else []
        if not old.inputs:
            return old.wish
        # The cleaned pictures are kept for longer than Discord's links are valid, not for ever.
        return replace(old.wish, sources=copies(old.inputs, origins(old.wish, branch)))

    async def variation_of(self, job_id: JobId) -> Wish:
        """A wish for another picture like an earlier one, made from it. Raises RequestError."""
        old = await self.wish_of(job_id)
        # What was told of a region would keep all but that region as it is.
        words = old.words if old.region else old.told or old.words
        return replace(
            old,
            sources=(TurnSource(job_id),),
            parent=job_id,
            told=VARIATION + words.removeprefix(VARIATION),  # of a variation, too
            region=None,
        )

    async def refusal_of(self, job_id: JobId) -> str:
        """Why the model declined an earlier request, as ProviderRefused has it; "" if unknown."""
        async with self._database.reading() as conn:
            old = await jobs.get(conn, job_id)
        values = (old.error_values if old else None) or {}
        return str(values.get("reason", ""))

    async def outlined(self, wish: Wish) -> DrawRequest:
        """What a wish will ask of a model, the pictures of its branch among it.

        Raises RequestError when its parent was deleted, Invalid when it is too much.
        """
        if wish.parent is None:
            return outline(wish)
        async with self._database.reading() as conn:
            branch = await turns.branch(conn, wish.parent)
        if not branch:
            raise RequestError("parent_gone")
        shown = shown_for(wish, branch, self._routing.profile)
        return outline(wish, pictures=len(shown.pictures) + (shown.first is not None))

    def check(self, wish: Wish) -> None:
        """Raises RequestError or PictureError for a wish that would not be accepted."""
        if not wish.words.strip():
            raise RequestError("prompt_empty")
        if len(wish.words) > MAX_WORDS:
            raise RequestError("prompt_too_long", limit=MAX_WORDS)
        allowed = self._routing.profile.max_inputs
        if len(wish.sources) > allowed:
            raise PictureError("too_many_pictures", limit=allowed)


def outline(wish: Wish, *, pictures: int | None = None) -> DrawRequest:
    """The request as far as choosing a route needs it, before its pictures are fetched.

    `pictures` is how many there will be, where the wish's own are not all.
    """
    unknown = Stored(BlobKey(""), "", 0, 0, 0)
    shown = (unknown,) * (len(wish.sources) if pictures is None else pictures)
    return DrawRequest(wish.told or wish.words, shown, aspect=wish.aspect, size=wish.size)

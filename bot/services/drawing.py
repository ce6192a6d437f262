"""Drawing: from a wish to a picture in the blob store, in a slot of the line.

A paid call is made once: a row that says «drawing» when this begins belongs to a call whose end
nobody saw. By the links of its answer, or the id of an asynchronous call, the picture is fetched;
without either its end is not known.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Unpack

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.domain.images import Stored
from bot.domain.jobs import Job, State, Wish
from bot.domain.routes import DrawRequest, Profile, Route
from bot.errors import (
    BadAnswer,
    Billed,
    DeliveryError,
    OutcomeUnknown,
    PictureError,
    RequestError,
    StorageError,
)
from bot.media.pool import Media
from bot.providers.attempts import Attempts
from bot.providers.draw import Linked, Painter, Result
from bot.providers.inputs import Inputs as Pictures
from bot.providers.sending import Sending
from bot.services.conversations import Conversations
from bot.services.delivery import Delivery
from bot.services.giving_up import GivingUp
from bot.services.inputs import Inputs
from bot.services.line import Line
from bot.services.progress import Progress
from bot.services.regions import Regions
from bot.services.routing import Routing
from bot.services.writing import insist
from bot.spool import Received, Spool
from bot.storage import jobs, ledger
from bot.storage.blobs import Blobs
from bot.storage.database import Connection, Database
from bot.workers import Workers

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that is ready to be kept. `seen` is its media type, width and height in pixels."""

    picture: Received
    seen: tuple[str, int, int]
    further: tuple[Stored, ...]
    words: str


class Drawing:
    """Draws jobs, so many at a time."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        conversations: Conversations,
        inputs: Inputs,
        routing: Routing,
        attempts: Attempts,
        painter: Painter,
        media: Media,
        workers: Workers,
        delivery: Delivery,
        clock: Clock,
        line: Line,
        giving_up: GivingUp,
        progress: Progress,
        regions: Regions,
        *,
        timeout_s: float,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._conversations = conversations
        self._inputs = inputs
        self._routing = routing
        self._attempts = attempts
        self._painter = painter
        self._media = media
        self._workers = workers
        self._delivery = delivery
        self._clock = clock
        self._line = line
        self._giving_up = giving_up
        self._progress = progress
        self._regions = regions
        self._timeout_s = timeout_s
        self._sending: dict[JobId, Sending] = {}

    @property
    def sending(self) -> Mapping[JobId, Sending]:
        """What was sent of the jobs that are drawn from their beginning."""
        return self._sending

    async def draw(self, job: Job) -> None:
        """Bring the picture into the blob store, or write down why there is none."""
        async with self._giving_up.instead(job, billed=Billed.MAYBE):
            if job.state is State.DRAWING:
                await self._resume(job)
            else:
                await self._first_answer(job)  # no slot is held for that
                async with self._line.slot(job):
                    with self._sends(job.id) as sending:
                        await self._draw(job, sending)

    @contextmanager
    def _sends(self, job_id: JobId) -> Generator[Sending]:
        self._sending[job_id] = sending = Sending()
        try:
            yield sending
        finally:
            del self._sending[job_id]

    async def _draw(self, job: Job, sending: Sending) -> None:
        profile = self._routing.profile
        inputs = await self._prepared(job.wish, profile)
        request = await self._request(job, inputs)
        routes = self._routing.plan(request)
        loaded = Pictures(await self._inputs.load(inputs))
        await self._regions.ready(job.wish)

        async def begin(conn: Connection) -> bool:
            return await jobs.advance(
                conn, job.id, State.DRAWING, route=routes[0].name, inputs=inputs
            )

        if not await self._database.run(begin):
            return  # cancelled meanwhile
        self._progress.committed(job.id, State.DRAWING)

        began_s = time.monotonic()

        async def on_route(route: Route) -> None:
            nonlocal began_s
            began_s = time.monotonic()
            if route is not routes[0]:
                # Id and links of an earlier route's call are not this one's.
                await self._note(job.id, route=route.name, request_id=None, links=())

        async def on_request_id(request_id: str) -> None:
            await self._note(job.id, request_id=request_id)

        async def on_linked(linked: Linked) -> None:
            await self._note_links(job.id, linked, time.monotonic() - began_s)

        async with Spool(self._blobs.incoming, self._workers) as spool:
            drawing = await self._attempts.draw(
                routes,
                request,
                loaded,
                timeout_s=self._timeout_s,
                on_route=on_route,
                on_request_id=on_request_id,
                on_linked=on_linked,
                sending=sending,
                spool=spool,
            )
            await self._drawn(job, drawing.result, drawing.took_s)

    async def _resume(self, job: Job) -> None:
        """Go on with a call that was under way when the process died, where that is possible."""
        route, request_id = self._routing.named(job.route), job.request_id or ""
        if route is None or not (job.links or (route.poll and request_id)):
            raise OutcomeUnknown
        async with self._line.slot(job), Spool(self._blobs.incoming, self._workers) as spool:
            began_s = time.monotonic() - job.took_s

            async def on_linked(linked: Linked) -> None:
                await self._note_links(job.id, linked, time.monotonic() - began_s)

            if job.links:
                linked = Linked(job.links, job.text, job.cost_usd_micros, job.model, request_id)
                result = await self._painter.fetch(route, linked, spool=spool)
            else:
                result = await self._painter.resume(
                    route,
                    await self._request(job, job.inputs),
                    request_id,
                    timeout_s=self._timeout_s,
                    on_linked=on_linked,
                    spool=spool,
                )
            await self._drawn(job, result, time.monotonic() - began_s)

    async def _prepared(self, wish: Wish, profile: Profile) -> tuple[Stored, ...]:
        """The pictures of a wish and its branch, the one to work on in front."""
        shown = await self._conversations.shown(wish, profile)
        inputs = await self._inputs.prepare(shown.pictures, profile, self._delivery)
        if shown.first is not None:
            try:
                (first,) = await self._inputs.prepare([shown.first], profile, self._delivery)
            except (RequestError, PictureError, DeliveryError) as error:
                logger.info("drawing without the first picture of the branch: %s", error)
            else:
                return inputs if first in inputs else (*inputs, first)
        return inputs

    async def _request(self, job: Job, inputs: tuple[Stored, ...]) -> DrawRequest:
        wish, profile = job.wish, self._routing.profile
        history = await self._conversations.words_so_far(wish, profile, pictures=len(inputs))
        return DrawRequest(wish.told or wish.words, inputs, history, wish.aspect, wish.size)

    async def _note(self, job_id: JobId, **known: Unpack[jobs.Changes]) -> None:
        """Write down at once what a crash must not take with it."""

        async def write(conn: Connection) -> None:
            await jobs.update(conn, job_id, **known)

        await insist(lambda: self._database.run(write))

    async def _note_links(self, job_id: JobId, linked: Linked, took_s: float) -> None:
        """Write down where a paid picture is, and what else its answer said.

        Tried once: where nothing can be written now, the picture itself is worth more.
        """

        async def write(conn: Connection) -> None:
            await jobs.update(
                conn,
                job_id,
                links=linked.links,
                text=linked.words,
                model=linked.model,
                cost_usd_micros=linked.cost_usd_micros,
                took_s=round(took_s, 3),
                request_id=linked.request_id or None,
            )

        try:
            await self._database.run(write)
        except StorageError as error:
            logger.warning("a crash would lose this picture: %s", error)

    async def _drawn(self, job: Job, result: Result, took_s: float) -> None:
        made: Made | None = None

        async def keep() -> bool:
            nonlocal made
            if made is None:
                made = await self._made(job, result)
            ready = made
            key = await self._workers.run(self._blobs.keep, ready.picture)

            async def write(conn: Connection) -> bool:
                drawn = await jobs.advance(
                    conn,
                    job.id,
                    State.DRAWN,
                    picture=Stored(key, *ready.seen, ready.picture.size_bytes),
                    further=ready.further,
                    text=ready.words,
                    model=result.model,
                    cost_usd_micros=result.cost_usd_micros,
                    took_s=round(took_s, 3),
                    request_id=result.request_id or None,
                    links=(),
                )
                if not drawn:  # cancelled meanwhile: there is no picture, but now a known price
                    cost, now = result.cost_usd_micros, self._clock.now()
                    await ledger.resolve(conn, job.id, cost, now=now)
                return drawn

            return await self._database.run(write)

        # The picture is paid for: from here on it must not be lost, by a stop neither.
        if await insist(keep):
            self._progress.committed(job.id, State.DRAWN)

    async def _made(self, job: Job, result: Result) -> Made:
        """What is kept of a result. Raises BadAnswer when it is no picture."""
        result = await self._regions.pasted(job, result)
        try:
            seen = await self._media.probe(result.picture.source)
        except BadAnswer as error:
            error.request_id = result.request_id  # what it cost is asked for by this
            raise
        return Made(result.picture, seen, await self._further(result), result.words)

    async def _further(self, result: Result) -> tuple[Stored, ...]:
        """Keep the further pictures of an answer; those that are none are left out."""
        kept: list[Stored] = []
        for one in result.extra:
            try:
                media_type, width_px, height_px = await self._media.probe(one.picture.source)
                key = await self._workers.run(self._blobs.keep, one.picture)
            except (BadAnswer, StorageError) as error:
                logger.warning("a further picture was left out: %s", error)
                continue
            kept.append(Stored(key, media_type, width_px, height_px, one.picture.size_bytes))
        return tuple(kept)

    async def _first_answer(self, job: Job) -> None:
        try:
            await self._delivery.drawing(job)
        except DeliveryError as error:  # only a courtesy: the picture itself finds its way
            logger.info("the first answer is not there: %s", error)

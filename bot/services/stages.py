"""The three stages of a job: draw, deliver, settle.

The job's row says how far it is. Every stage may be called again after a crash: it looks at the
row and goes on from there. A paid call is made once: a row that says «drawing» when a stage
begins belongs to a call whose end nobody saw.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Unpack

from bot.clock import Clock
from bot.domain.conversations import Turn
from bot.domain.ids import JobId, Place
from bot.domain.images import Stored
from bot.domain.jobs import Job, State
from bot.domain.routes import DrawRequest, Route
from bot.errors import (
    BadAnswer,
    Billed,
    DeliveryError,
    DiscordUnavailable,
    OutcomeUnknown,
    PictureError,
    ProviderError,
    ProviderRefused,
    StorageError,
    UserError,
)
from bot.logs import working_on
from bot.media.pool import Media
from bot.providers.attempts import Attempts
from bot.providers.draw import Painter, Result
from bot.providers.inputs import Inputs as Pictures
from bot.services.conversations import Conversations
from bot.services.delivery import Delivery, Posted
from bot.services.inputs import Inputs
from bot.services.routing import Routing
from bot.services.writing import insist
from bot.storage import jobs, ledger, turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

logger = logging.getLogger(__name__)

SMALLEST_BYTES = 64 * 1024  # a picture is not made smaller than this to fit
GIVE_UP_AFTER = dt.timedelta(days=1)  # a drawn picture that Discord has not taken until then


class Stages:
    """What the engine calls for every job."""

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
        self._timeout_s = timeout_s
        self.listeners: list[Callable[[JobId, State], None]] = []
        """Called after a state is committed and what belongs to it was shown."""

    async def draw(self, job_id: JobId) -> None:
        """Bring the picture into the blob store, or write down why there is none."""
        with working_on(job_id):
            job = await self._get(job_id)
            async with self._or_given_up(job, billed=Billed.MAYBE):
                if job.state is State.DRAWING:
                    await self._resume(job)
                if job.state is State.ACCEPTED:
                    await self._draw(job)

    async def deliver(self, job_id: JobId) -> None:
        """Post the picture, or the sentence that takes its place."""
        with working_on(job_id):
            job = await self._get(job_id)
            if job.state is State.DRAWN:
                async with self._or_given_up(job):
                    await self._post(job)
                job = await self._get(job_id)
            if job.error_key is not None:
                values: dict[str, Any] = job.error_values or {}
                await self._tell(job, UserError(job.error_key, **values))

    async def settle(self, job_id: JobId) -> None:
        """Book what a delivered picture cost."""
        with working_on(job_id):
            async with self._database.transaction() as conn:
                job = await jobs.get(conn, job_id)
                if job is None or not await jobs.advance(conn, job_id, State.SETTLED):
                    return
                await ledger.settle(
                    conn, job_id, cost_usd_micros=job.cost_usd_micros, now=self._clock.now()
                )
            self._committed(job_id, State.SETTLED)

    async def finish(self, job_id: JobId) -> None:
        """Bring a job to its end that the engine has given up: deliver it, or say that it failed.

        Raises DiscordUnavailable and StorageError: then call it again later.
        """
        with working_on(job_id):
            job = await self._get(job_id)
            match job.state:
                case State.ACCEPTED:
                    await self._give_up(job, UserError("error", reference=job.id))
                case State.DRAWN if self._clock.now() - job.created_at > GIVE_UP_AFTER:
                    await self._give_up(job, DiscordUnavailable())
                case _:
                    await self.draw(job_id)  # a call that was under way is asked for, or unknown
        await self.deliver(job_id)
        await self.settle(job_id)

    async def _get(self, job_id: JobId) -> Job:
        async with self._database.reading() as conn:
            job = await jobs.get(conn, job_id)
        if job is None:
            raise LookupError(f"no row for job {job_id}")  # accept wrote both, or neither
        return job

    async def _draw(self, job: Job) -> None:
        await self._show_drawing(job)
        profile = self._routing.profile
        inputs = await self._inputs.prepare(job.wish.sources, profile, self._delivery)
        request = await self._request(job, inputs)
        routes = self._routing.plan(request)
        loaded = Pictures(await self._inputs.load(inputs))
        async with self._database.transaction() as conn:
            begun = await jobs.advance(
                conn, job.id, State.DRAWING, route=routes[0].name, inputs=inputs
            )
        if not begun:
            return  # cancelled meanwhile
        self._committed(job.id, State.DRAWING)

        async def on_route(route: Route) -> None:
            if route is not routes[0]:
                # An id of an earlier route's call is not this one's.
                await self._note(job.id, route=route.name, request_id=None)

        async def on_request_id(request_id: str) -> None:
            await self._note(job.id, request_id=request_id)

        drawing = await self._attempts.draw(
            routes,
            request,
            loaded,
            timeout_s=self._timeout_s,
            on_route=on_route,
            on_request_id=on_request_id,
        )
        await self._drawn(job, drawing.result, drawing.took_s)

    async def _resume(self, job: Job) -> None:
        """Go on with a call that was under way when the process died, where that is possible."""
        route = self._routing.named(job.route)
        if route is None or not route.poll or job.request_id is None:
            raise OutcomeUnknown
        request = await self._request(job, job.inputs)
        began_s = time.monotonic()
        result = await self._painter.resume(
            route, request, job.request_id, timeout_s=self._timeout_s
        )
        await self._drawn(job, result, time.monotonic() - began_s)

    async def _request(self, job: Job, inputs: tuple[Stored, ...]) -> DrawRequest:
        wish = job.wish
        history = await self._conversations.words_so_far(wish, pictures=len(inputs))
        return DrawRequest(wish.words, inputs, history, wish.aspect, wish.size)

    async def _note(self, job_id: JobId, **known: Unpack[jobs.Changes]) -> None:
        """Write down at once what a crash must not take with it."""

        async def write() -> None:
            async with self._database.transaction() as conn:
                await jobs.update(conn, job_id, **known)

        await insist(write)

    async def _drawn(self, job: Job, result: Result, took_s: float) -> None:
        try:
            media_type, width_px, height_px = await self._media.probe(result.data)
        except BadAnswer as error:
            error.request_id = result.request_id  # what it cost is asked for by this
            raise
        further = await self._further(result)

        async def keep() -> None:
            key = await self._workers.run(self._blobs.put, result.data)
            async with self._database.transaction() as conn:
                await jobs.advance(
                    conn,
                    job.id,
                    State.DRAWN,
                    picture=Stored(key, media_type, width_px, height_px, len(result.data)),
                    further=further,
                    text=result.words,
                    model=result.model,
                    cost_usd_micros=result.cost_usd_micros,
                    took_s=round(took_s, 3),
                    request_id=result.request_id or None,
                )

        # The picture is paid for: from here on it must not be lost.
        await insist(keep)
        self._committed(job.id, State.DRAWN)

    async def _further(self, result: Result) -> tuple[Stored, ...]:
        """Keep the further pictures of an answer; those that are none are left out."""
        kept: list[Stored] = []
        for one in result.extra:
            try:
                media_type, width_px, height_px = await self._media.probe(one.data)
                key = await self._workers.run(self._blobs.put, one.data)
            except (BadAnswer, StorageError) as error:
                logger.warning("a further picture was left out: %s", error)
                continue
            kept.append(Stored(key, media_type, width_px, height_px, len(one.data)))
        return tuple(kept)

    async def _post(self, job: Job) -> None:
        assert job.picture is not None  # a CHECK of the table
        try:
            drawn = await self._inputs.load((job.picture, *job.further))
        except PictureError as lost:
            raise BadAnswer("result_gone") from lost
        limit_bytes = await self._delivery.upload_limit_bytes(job)
        while True:
            fitted = [await self._media.fit(data, kind, limit_bytes) for kind, data in drawn]
            try:
                posted = await self._delivery.post(job, fitted)
                break
            except DeliveryError as error:
                # A proxy or a lost boost may allow less.
                limit_bytes = max(len(data) for data, _ in fitted) // 2
                if error.key != "delivery_too_large" or limit_bytes < SMALLEST_BYTES:
                    raise
        turn = _turn(job, job.picture, posted)

        async def keep() -> None:
            async with self._database.transaction() as conn:
                if await jobs.advance(conn, job.id, State.DELIVERED):
                    await turns.add(conn, turn)

        await insist(keep)  # it stands on Discord: what is not written down is posted again
        self._committed(job.id, State.DELIVERED)

    @asynccontextmanager
    async def _or_given_up(self, job: Job, *, billed: Billed | None = None) -> AsyncGenerator[None]:
        """Give the job up for whatever is raised inside, except what the engine tries again.

        `billed` is what an error that nobody foresaw may have cost.
        """
        try:
            yield
        except (DiscordUnavailable, StorageError):
            raise  # the engine calls the stage again
        except UserError as error:
            await self._give_up(job, error)
        except Exception as error:  # noqa: BLE001 -- nobody is above to tell the person
            await self._give_up(job, _unforeseen(job, error), billed=billed)

    async def _give_up(self, job: Job, error: UserError, *, billed: Billed | None = None) -> None:
        """Write down why there is no picture, and give back what was reserved.

        The money of a call that may have been paid stays held until that is known.
        """
        match error:
            case OutcomeUnknown():
                state = State.UNKNOWN
            case ProviderRefused():
                state = State.REFUSED
            case _:
                state = State.FAILED
        request_id: str | None = None
        if isinstance(error, ProviderError):
            # What a provider says may repeat the prompt.
            logger.warning("no picture: %s, request-id %s", error.key, error.request_id or "none")
            logger.debug("%s", error)
            billed, request_id = error.billed, error.request_id or None
        else:
            logger.warning("no picture: %s", error)
        values = dict(error.values)
        if isinstance(error, ProviderRefused) and error.words:
            values["words"] = error.words

        async def write() -> None:
            async with self._database.transaction() as conn:
                before = await jobs.get(conn, job.id)
                if before is not None and await jobs.advance(
                    conn,
                    job.id,
                    state,
                    error_key=error.key,
                    error_values=values,
                    request_id=request_id or before.request_id,
                ):
                    now = self._clock.now()
                    if before.state is State.DRAWING and billed is Billed.MAYBE:
                        await ledger.doubt(conn, job.id, now=now)  # see bot/services/costs.py
                    else:
                        # What was paid all the same the guild's money counts, nobody's pictures.
                        await ledger.refund(
                            conn, job.id, now=now, cost_usd_micros=before.cost_usd_micros
                        )

        await insist(write)

    async def _show_drawing(self, job: Job) -> None:
        try:
            await self._delivery.drawing(job)
        except DeliveryError as error:  # only a courtesy: the picture itself finds its way
            logger.info("could not show «drawing»: %s", error)

    async def _tell(self, job: Job, error: UserError) -> None:
        try:
            await self._delivery.tell(job, error)
        except DiscordUnavailable:
            raise
        except DeliveryError as unreachable:
            logger.warning("nobody could be told: %s", unreachable)
        except Exception:
            logger.exception("nobody could be told")
        self._committed(job.id, job.state)

    def _committed(self, job_id: JobId, state: State) -> None:
        logger.info("%s", state)
        for listener in self.listeners:
            listener(job_id, state)


def _unforeseen(job: Job, error: Exception) -> UserError:
    """What a person is told about a fault of ours; the log has it under the job's id."""
    logger.error("unexpected error, reference %s", job.id, exc_info=error)
    return UserError("error", reference=job.id)


def _turn(job: Job, picture: Stored, posted: Posted) -> Turn:
    return Turn(
        id=job.id,
        parent=job.wish.parent,
        place=Place(job.place.guild_id, posted.channel_id),
        user_id=job.user_id,
        words=job.wish.words,
        text=job.text,
        picture=picture,
        inputs=job.inputs,
        aspect=job.wish.aspect,
        route=job.route or "",
        model=job.model,
        cost_usd_micros=job.cost_usd_micros,
        took_s=job.took_s,
        message_id=posted.message_id,
        attachment_id=posted.attachment_id,
        private=job.wish.private,
        created_at=job.created_at,
        size=job.wish.size,
    )

"""Posting: the picture, or the sentence that takes its place, to where it was asked for."""

from __future__ import annotations

import logging
from typing import Any

from bot.clock import Clock
from bot.domain.conversations import Turn
from bot.domain.ids import Place
from bot.domain.images import Stored
from bot.domain.jobs import Job, State
from bot.errors import (
    BadAnswer,
    DeliveryError,
    DiscordUnavailable,
    PictureError,
    UserError,
)
from bot.media.pool import Media
from bot.services.delivery import Delivery, Posted
from bot.services.giving_up import GivingUp
from bot.services.inputs import Inputs
from bot.services.line import Line
from bot.services.progress import Progress
from bot.services.writing import insist
from bot.storage import jobs, ledger, turns
from bot.storage.database import Connection, Database

logger = logging.getLogger(__name__)

AT_A_TIME = 16  # pictures that are held in memory to be posted
SMALLEST_BYTES = 64 * 1024  # a picture is not made smaller than this to fit


class Posting:
    """Posts what was drawn, and books what it cost."""

    def __init__(
        self,
        database: Database,
        inputs: Inputs,
        media: Media,
        delivery: Delivery,
        clock: Clock,
        giving_up: GivingUp,
        progress: Progress,
    ) -> None:
        self._database = database
        self._inputs = inputs
        self._media = media
        self._delivery = delivery
        self._clock = clock
        self._giving_up = giving_up
        self._progress = progress
        # Shared out as slots for drawing are: a channel that takes a picture a second keeps no
        # other waiting.
        self._line = Line(AT_A_TIME)

    async def post(self, job: Job) -> bool:
        """Post a drawn picture and book it. False: that cannot be, and why is written down."""
        async with self._giving_up.instead(job), self._line.slot(job):
            await self._post(job)
            return True
        return False

    async def tell(self, job: Job) -> None:
        """Say why there is no picture, and write down that it was said: to nobody, if need be.

        Raises DiscordUnavailable and StorageError: then it is to be said later.
        """
        assert job.error_key is not None
        values: dict[str, Any] = job.error_values or {}
        try:
            await self._delivery.tell(job, UserError(job.error_key, **values))
        except DiscordUnavailable:
            raise
        except DeliveryError as unreachable:
            logger.warning("nobody could be told: %s", unreachable)
        except Exception:
            logger.exception("nobody could be told")

        # It stands on Discord: what is not written down is said again.
        await insist(lambda: self._database.run(lambda conn: jobs.told(conn, job.id)))
        self._progress.committed(job.id, job.state)

    async def settle(self, job: Job) -> None:
        """Book what a picture cost of which no more than its posting was written down."""
        async with self._database.transaction() as conn:
            if not await self._settled(conn, job):
                return
        self._progress.committed(job.id, State.SETTLED)

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

        async def keep(conn: Connection) -> None:
            if await jobs.advance(conn, job.id, State.DELIVERED):
                await turns.add(conn, turn)
                await self._settled(conn, job)

        # It stands on Discord: what is not written down is posted again.
        await insist(lambda: self._database.run(keep))
        self._progress.committed(job.id, State.DELIVERED)
        self._progress.committed(job.id, State.SETTLED)

    async def _settled(self, conn: Connection, job: Job) -> bool:
        """Take a delivered job to its end, unless it is there."""
        if not await jobs.advance(conn, job.id, State.SETTLED):
            return False
        now = self._clock.now()
        return await ledger.settle(conn, job.id, cost_usd_micros=job.cost_usd_micros, now=now)


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

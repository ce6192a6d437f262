"""Telling those who wait how it gets on: their place and time, «drawing», and a restart.

One task looks at the line every few seconds. A message is edited when what it says has changed,
those in front first, and only within a budget, so that Discord's limits are never reached and no
picture waits behind these edits. Whoever is left out has their turn in a later look.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress

from bot.domain.ids import JobId
from bot.domain.jobs import Job, State
from bot.domain.patience import Wait, rounded
from bot.errors import DeliveryError, StorageError
from bot.front.delivery import DiscordDelivery
from bot.services.patience import Patience
from bot.ui.base import EaselLayout
from bot.ui.standing import Now, Said, standing

logger = logging.getLogger(__name__)

EVERY_S = 2.5
MOST_AT_A_LOOK = 20  # edits of any kind: 8 a second at the most, of the 50 that a bot may make
MOST_BY_TOKEN = 10  # edits of interactions' answers in one channel, at a look
MOST_OF_ONE = 2  # edits of one interaction's answers, at a look: five in two seconds are allowed

FAREWELL_S = 3.0  # how long a stop waits for the word that those who wait keep their place
FAREWELL_EVERY_S = 0.5
FAREWELL_AT_A_LOOK = 50  # nearly all are interactions' answers, which have limits of their own


class ProgressMessages:
    """Edits the messages of requests until their answers come."""

    def __init__(self, patience: Patience, delivery: DiscordDelivery) -> None:
        self._patience = patience
        self._delivery = delivery
        self._said: dict[JobId, Said] = {}
        self._busy: set[int] = set()  # channels in which one of our messages is being edited
        self._restarting: dict[JobId, Said] | None = None  # at a stop: what is said of each
        self._drawing: set[JobId] = set()
        self._told = asyncio.Event()
        self._wake = asyncio.Event()

    async def first(self, job: Job) -> EaselLayout:
        """The first answer to a request that was accepted just now."""
        try:
            wait = await self._patience.first(job)
        except StorageError as error:
            logger.info("not known how long it takes: %s", error)
            wait = None
        self._said[job.id] = _said(wait)
        return _view(job, _said(wait))

    def answered(self, job: Job, answer_id: int | None) -> None:
        """The first answer to a request is a message with this id; None: it could not be said."""
        self._patience.answered(job.id, answer_id)

    @asynccontextmanager
    async def telling(self) -> AsyncGenerator[None]:
        """Tell those who wait how it gets on while this is open."""
        task = asyncio.create_task(self._tell(), name="progress")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._delivery.precedence.quiet(FAREWELL_S)

    async def restarting(self) -> None:
        """Tell those who wait that they keep their place, while the engine finishes what it draws.

        Call it before the engine closes, and `farewell` after that.
        """
        try:
            line = await self._patience.standings()
        except StorageError as error:
            logger.info("cannot look who waits: %s", error)
            return
        self._drawing = {job_id for job_id, wait in line.items() if wait is None}
        self._restarting = dict.fromkeys(line.keys() - self._drawing, Now.KEPT)
        self._wake.set()

    async def farewell(self) -> None:
        """Tell those whose drawing was broken off, and wait until all know, but not for long."""
        if self._restarting is None:
            return
        self._restarting.update(dict.fromkeys(self._drawing, Now.BROKEN_OFF))
        self._told.clear()
        self._wake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._told.wait()
        await self._delivery.precedence.quiet(FAREWELL_S)

    async def _tell(self) -> None:
        while True:
            try:
                await self._look()
            except StorageError as error:
                logger.info("cannot look who waits: %s", error)
            except Exception:  # the next look may work, and nobody else would do it
                logger.exception("looking who waits failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._wake.wait()
            self._wake.clear()

    def _pause_s(self) -> float:
        return EVERY_S if self._restarting is None else FAREWELL_EVERY_S

    async def _look(self) -> None:
        if self._restarting is None:
            line = await self._patience.standings()
            said = {job_id: _said(wait) for job_id, wait in line.items()}
            self._say(said, MOST_AT_A_LOOK, MOST_BY_TOKEN)
            return
        self._say(self._restarting, FAREWELL_AT_A_LOOK, FAREWELL_AT_A_LOOK)
        left = self._restarting.items() - self._said.items()
        if all(self._delivery.precedence.is_taken(job_id) for job_id, _ in left):
            self._told.set()

    def _say(self, line: Mapping[JobId, Said], most: int, most_by_token: int) -> None:
        """Begin the edits of what has changed, from the front of the line on."""
        for gone in self._said.keys() - line.keys():
            del self._said[gone]
        by_token = Counter[int | str | None]()  # by channel, and by interaction
        for job_id, said in line.items():
            job = self._patience.known(job_id)
            if job is None or self._said.get(job_id) == said or not self._is_free(job_id):
                continue
            channel_id = job.place.channel_id
            if self._delivery.ways.has_token(job):
                token = job.reply.token
                if by_token[channel_id] == most_by_token or by_token[token] == MOST_OF_ONE:
                    continue
                by_token.update((channel_id, token))
            elif not job.is_hidden:
                if channel_id in self._busy or not self._delivery.ways.pace.has_room(channel_id):
                    continue
                self._busy.add(channel_id)
            self._said[job_id] = said
            self._delivery.precedence.edit(job_id, self._edit(job, said))
            most -= 1
            if not most:
                return

    def _is_free(self, job_id: JobId) -> bool:
        acknowledging = self._delivery.is_acknowledging(job_id)
        return self._delivery.precedence.is_free(job_id) and not acknowledging

    async def _edit(self, before: Job, said: Said) -> None:
        """Edit one message, unless its answer comes meanwhile."""
        ways, job_id = self._delivery.ways, before.id
        try:
            job = await self._patience.job(job_id)
            if job is None or job.state not in (State.ACCEPTED, State.DRAWING):
                return
            if ways.has_token(job):
                way = ways.by_token(job)
            elif job.is_hidden or job.reply.answer_id is None:
                return  # nothing of ours can be reached that says how it gets on
            else:
                way = ways.by_message(job)
            if self._delivery.precedence.is_taken(job_id):
                return
            await ways.call(lambda: way(_view(job, said), []))
            self._delivery.shown()
        except (DeliveryError, StorageError) as error:
            logger.info("could not say how job %s gets on: %s", job_id, error)
        except Exception:  # nobody waits for this task
            logger.exception("could not say how job %s gets on", job_id)
        finally:
            if not ways.has_token(before):
                self._busy.discard(before.place.channel_id)


def _said(wait: Wait | None) -> Said:
    return Now.DRAWING if wait is None else rounded(wait)


def _view(job: Job, said: Said) -> EaselLayout:
    return standing(job=job.id, words=job.wish.words, user_id=job.user_id, said=said)

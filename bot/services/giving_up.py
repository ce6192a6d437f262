"""Giving a job up: why there is no picture, and what becomes of its money."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.clock import Clock
from bot.domain.jobs import Job, State
from bot.errors import (
    Billed,
    DiscordUnavailable,
    OutcomeUnknown,
    ProviderError,
    ProviderRefused,
    StorageError,
    UserError,
)
from bot.services.writing import insist
from bot.storage import jobs, ledger
from bot.storage.database import Database

logger = logging.getLogger(__name__)


class GivingUp:
    """The one place where a job fails."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def instead(self, job: Job, *, billed: Billed | None = None) -> AsyncGenerator[None]:
        """Give the job up for whatever is raised inside, except what the engine tries again.

        `billed` is what an error that nobody foresaw may have cost.
        """
        try:
            yield
        except (DiscordUnavailable, StorageError):
            raise  # the engine calls the stage again
        except UserError as error:
            await self.give_up(job, error)
        except Exception as error:  # noqa: BLE001 -- nobody is above to tell the person
            await self.give_up(job, unforeseen(job, error), billed=billed)

    async def give_up(self, job: Job, error: UserError, *, billed: Billed | None = None) -> None:
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
            now = self._clock.now()
            async with self._database.transaction() as conn:
                before = await jobs.get(conn, job.id)
                if before is not None and await jobs.advance(
                    conn,
                    job.id,
                    state,
                    error_key=error.key,
                    error_values=values,
                    request_id=request_id or before.request_id,
                    untold_since=now,
                ):
                    if before.state is State.DRAWING and billed is Billed.MAYBE:
                        await ledger.doubt(conn, job.id, now=now)  # see bot/services/costs.py
                        if before.links:  # its answer was read: what it cost is known
                            await ledger.resolve(conn, job.id, before.cost_usd_micros, now=now)
                    else:
                        # What was paid all the same the guild's money counts, nobody's pictures.
                        await ledger.refund(
                            conn, job.id, now=now, cost_usd_micros=before.cost_usd_micros
                        )

        await insist(write)


def unforeseen(job: Job, error: Exception) -> UserError:
    """What a person is told about a fault of ours; the log has it under the job's id."""
    logger.error("unexpected error, reference %s", job.id, exc_info=error)
    return UserError("error", reference=job.id)

"""The sweep: jobs that the engine has given up are brought to an end, and told.

A workflow is over before its job when its retries are used up (Discord was away for half an hour,
the disk was full for longer), when it was cancelled, or when its row is gone.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Protocol

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.errors import DiscordUnavailable, StorageError
from bot.services.stages import Stages
from bot.storage import jobs
from bot.storage.database import Database

logger = logging.getLogger(__name__)

EVERY_S = 60.0

TELL_FOR = dt.timedelta(days=7)
"""How long somebody is to be told why there is no picture; after that nobody waits for it."""


class Engine(Protocol):
    """The engine, as far as the sweep asks it."""

    async def over(self, job_ids: Iterable[JobId]) -> set[JobId]:
        """Those of the jobs whose workflow has ended or is gone."""
        ...


async def sweep(database: Database, engine: Engine, stages: Stages, clock: Clock) -> int:
    """Finish every job that nobody works on any more; returns how many came to an end.

    A job that failed has not come to its end before its author was told why.

    A job that cannot be finished now, because Discord or the database is away, is left.
    """
    # The jobs first: what is accepted after this is not looked at.
    async with database.reading() as conn:
        unfinished = [job.id for job in await jobs.unfinished(conn)]
        unfinished += await jobs.untold(conn, clock.now() - TELL_FOR)
    finished = 0
    for job_id in sorted(await engine.over(unfinished)):
        logger.warning("job %s was left by the engine", job_id)
        try:
            await stages.finish(job_id)
            finished += 1
        except (DiscordUnavailable, StorageError) as error:
            logger.warning("job %s has to wait: %s", job_id, error)
        except Exception:  # one strange job must not keep the others
            logger.exception("job %s cannot be finished", job_id)
    return finished

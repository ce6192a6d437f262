"""The hashes by which pictures are found again: made aside, not while somebody waits for a picture.

A hash takes more of the processor than all the rest of a posting, and most are never asked for.
So they are made in quiet moments, and what is missing then when somebody asks.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

from bot.clock import Clock
from bot.domain.ids import JobId
from bot.media.pool import Media
from bot.services.line import Line
from bot.storage import history
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

logger = logging.getLogger(__name__)

EVERY_S = 600.0
BATCH = 10
PATIENCE_S = 5.0  # who asks waits so long for the hashes that are missing


class Fingerprints:
    """Makes the hashes of pictures that have none, the newest first."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        workers: Workers,
        media: Media,
        line: Line,
        clock: Clock,
        *,
        keep_days: int,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._workers = workers
        self._media = media
        self._line = line
        self._clock = clock
        self._kept = dt.timedelta(days=keep_days)
        self._without: set[JobId] = set()  # whose file is gone or cannot be read
        self._making = asyncio.Lock()

    async def when_quiet(self) -> None:
        """Make them all, as long as nobody's picture is being drawn."""
        while not self._line.drawing() and await self._some():
            pass

    async def now(self) -> None:
        """Make as many as a person may wait for."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while await self._some():
                    pass
        except TimeoutError:
            logger.info("some pictures have no hash yet")

    async def _some(self) -> bool:
        """Make a batch; False when none was missing."""
        async with self._making:
            async with self._database.reading() as conn:
                since = self._clock.now() - self._kept  # older files are gone
                missing = await history.without_fingerprint(conn, since, self._without, BATCH)
            for job_id, key in missing:
                try:
                    data = await self._workers.run(self._blobs.get, key)
                    phash = await self._media.phash(data)
                except Exception:  # one strange file must not hide the others
                    logger.exception("picture %s has no hash and will not be found by it", job_id)
                    self._without.add(job_id)
                    continue
                async with self._database.transaction() as conn:
                    await history.fingerprint(conn, job_id, phash)
            return bool(missing)

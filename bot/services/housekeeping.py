"""What is done again and again while the bot runs, and the purge of what is old."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.clock import Clock
from bot.domain.ids import BlobKey
from bot.domain.images import BlobSource
from bot.domain.jobs import Job
from bot.errors import DeliveryError, StorageError
from bot.storage import characters, jobs, suggestions
from bot.storage.blobs import Blobs
from bot.storage.database import Connection, Database
from bot.workers import Workers

logger = logging.getLogger(__name__)

T = TypeVar("T")

PURGE_EVERY_S = 3600.0

SPARED = dt.timedelta(hours=1)
"""A file this young may belong to a job that has yet to write down that it has it."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do at once and then every so many seconds."""

    name: str
    every_s: float
    do: Callable[[], Awaitable[object]]


@asynccontextmanager
async def regularly(*chores: Chore) -> AsyncGenerator[None]:
    """Do these again and again while this is open, each in a task of its own."""
    tasks = [asyncio.create_task(_again_and_again(one), name=one.name) for one in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(chore: Chore) -> None:
    while True:
        try:
            await chore.do()
        except Exception:  # the next time may work, and nobody else would do it
            logger.exception("%s failed", chore.name)
        await asyncio.sleep(chore.every_s)


async def one_by_one(items: Iterable[T], do: Callable[[T], Awaitable[object]], what: str) -> None:
    """Do it with each: what fails with one server's is logged, and keeps no other's waiting."""
    for item in items:
        try:
            await do(item)
        except (DeliveryError, StorageError) as error:
            logger.warning("%s: %s", what, error)
        except Exception:
            logger.exception("%s failed", what)


class Engine(Protocol):
    """The engine, as far as the purge asks it."""

    async def purge(self, before: dt.datetime) -> int:
        """Delete some ended workflows created before then; returns how many."""
        ...


async def purge(
    database: Database,
    blobs: Blobs,
    workers: Workers,
    engine: Engine,
    clock: Clock,
    *,
    keep_days: int,
) -> int:
    """Delete ended workflows, suggestions and copies of pictures older than so many days.

    Pictures of characters, and of jobs that have not come to an end, are kept. Returns how many
    files are gone.
    """
    now, kept = clock.now(), dt.timedelta(days=keep_days)
    while await engine.purge(now - kept):
        pass
    async with database.transaction() as conn:
        await suggestions.purge(conn, now - kept)
    async with database.reading() as conn:
        keep = await needed(conn)
    gone = await workers.run(blobs.purge, now - max(kept, SPARED), keep)
    if gone:
        logger.info("%d old copies of pictures are gone", gone)
    return gone


async def needed(conn: Connection) -> set[BlobKey]:
    """The files that somebody still needs, whatever else becomes of them."""
    return await unfinished_pictures(conn) | await characters.keys(conn)


async def unfinished_pictures(
    conn: Connection, *, withdrawn: Collection[BlobKey] = ()
) -> set[BlobKey]:
    """The files that jobs which have not come to an end still need.

    A `withdrawn` one is not needed where it was handed on: whose picture it is wants it gone.
    """
    unfinished = await jobs.unfinished(conn)
    return {key for job in unfinished for key in _pictures(job) - (_handed(job) & {*withdrawn})}


def _pictures(job: Job) -> set[BlobKey]:
    """The files that a job still needs, or may."""
    asked = [source.picture for source in job.wish.sources if isinstance(source, BlobSource)]
    drawn = [job.picture] if job.picture is not None else []
    return {picture.key for picture in (*asked, *job.inputs, *drawn, *job.further)}


def _handed(job: Job) -> set[BlobKey]:
    """The files that a job has from nowhere but here: those of characters."""
    return {
        source.picture.key
        for source in job.wish.sources
        if isinstance(source, BlobSource) and source.of is None
    }

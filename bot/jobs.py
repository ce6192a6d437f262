"""The durable engine, behind a few functions. The only module that imports dbos.

A workflow drives one job through three stages and holds nothing but the job's id: what is
true about a job stands in our own tables, so each stage may run again after a crash and looks
at the row first. dbos 3.4's names and defaults: its documentation and source.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import sqlite3
import time
from collections.abc import AsyncGenerator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import JobId
from bot.errors import DiscordUnavailable, StorageError

logger = logging.getLogger(__name__)

QUEUE = "pictures"
WORKFLOW = "picture"
VERSION = "1"  # fixed: dbos's default, a hash of the source, leaves old work pending for ever
EXECUTOR = "easel"
POLL_S = 0.2
OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


if sqlite3.sqlite_version_info < (3, 42):

    def _seconds(_modifier: str) -> float:
        return time.time()

    @event.listens_for(Engine, "connect")
    def _subsec(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] -- registered
        """Give every SQLite connection the `unixepoch('subsec')` that came with SQLite 3.42.

        dbos 3.4 takes it for granted on Python 3.12 and later and has it in its tables' defaults;
        an older SQLite (Debian 12's) gives NULL. Ours write to those tables when they enqueue.
        """
        if hasattr(connection, "create_function"):  # not PostgreSQL's
            connection.create_function("unixepoch", 1, _seconds)


class Stages(Protocol):
    """What a job goes through. Every stage looks at the job's row and may be called again."""

    async def draw(self, job_id: JobId) -> None:
        """Bring the picture into the blob store, or write down why there is none."""
        ...

    async def deliver(self, job_id: JobId) -> None:
        """Post the picture, or the sentence that takes its place."""
        ...

    async def settle(self, job_id: JobId) -> None:
        """Book what it cost, or give back what was reserved."""
        ...


_stages: Stages | None = None
_stopping = False
_at_work: set[asyncio.Task[object]] = set()
"""The workflows that run in this process; each is one task of dbos's."""


def _current() -> Stages:
    if _stages is None:
        raise RuntimeError("the job engine is not open")
    return _stages


def _passes(error: BaseException) -> bool:
    return isinstance(error, StorageError | DiscordUnavailable)


# A stage that could not write or post is tried again for half an hour: a full disk, a locked
# database or Discord's bad day is somebody's to mend, and the job is not lost meanwhile.
_PATIENT = {
    "retries_allowed": True,
    "max_attempts": 18,
    "interval_seconds": 1.0,
    "backoff_rate": 1.5,
    "should_retry": _passes,
}


@DBOS.step(name="draw", preemptible=True, **_PATIENT)  # pyright: ignore[reportArgumentType] -- one dict for three decorators
async def _draw(job_id: str) -> None:
    await _current().draw(JobId(job_id))


@DBOS.step(name="deliver", **_PATIENT)  # pyright: ignore[reportArgumentType] -- as above
async def _deliver(job_id: str) -> None:
    await _current().deliver(JobId(job_id))


@DBOS.step(name="settle", **_PATIENT)  # pyright: ignore[reportArgumentType] -- as above
async def _settle(job_id: str) -> None:
    await _current().settle(JobId(job_id))


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=1_000_000)
async def _picture(job_id: str) -> None:  # pyright: ignore[reportUnusedFunction] -- dbos runs it by name
    if _stopping:
        raise asyncio.CancelledError  # it stays pending, and begins at the next start
    task = asyncio.current_task()
    assert task is not None
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)
    await _draw(job_id)
    await _deliver(job_id)
    await _settle(job_id)


async def _stop(grace_s: float) -> None:
    """Begin nothing more, give what runs some time, then cancel what is left.

    dbos's own end waits for nothing: a stage would go on with what is closed behind it. What is
    cancelled stays pending and goes on at the next start.
    """
    global _stopping
    _stopping = True
    if _at_work and grace_s:
        logger.info("waiting for %d pictures", len(_at_work))
        await asyncio.wait(_at_work, timeout=grace_s)
    left = set(_at_work)
    if left:
        logger.warning("%d pictures are not finished; they go on at the next start", len(left))
        for task in left:
            task.cancel()
        await asyncio.wait(left)


def _speak_through_our_handlers() -> None:
    """Undo the console handler that dbos gives its logger."""
    theirs = logging.getLogger("dbos")
    theirs.propagate = True
    for handler in list(theirs.handlers):
        theirs.removeHandler(handler)


class Jobs:
    """An open engine. Use `Jobs.open`; there is one in a process, as dbos has it."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, url: str, stages: Stages, *, concurrency: int, grace_s: float = 0.0
    ) -> AsyncGenerator[Jobs]:
        """Open the engine on the database that `url` names and start its queue.

        Call it inside the running loop: recovered work lands on the loop it was opened in.
        The database must exist; dbos makes its own tables in it. At the end, running jobs get
        `grace_s` seconds.
        """
        global _stages, _stopping
        _stages, _stopping = stages, False
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(1, thread_name_prefix="engine")
        url = url.replace("sqlite+aiosqlite", "sqlite")
        config = DBOSConfig(
            name="easel",
            system_database_url=url,
            application_version=VERSION,
            executor_id=EXECUTOR,
            log_level="WARNING",
            serializer=DBOSPortableJSONSerializer(),
            use_listen_notify=False,
            # We have no such events; but its thread sleeps so long, and a stop waits for it.
            notification_listener_polling_interval_sec=POLL_S,
        )
        client = DBOSClient(
            system_database_url=url,
            serializer=DBOSPortableJSONSerializer(),
            application_name="easel",
            lazy=True,  # it mostly writes through our own connections
        )
        try:
            await loop.run_in_executor(thread, DBOS.migrate, url)
            # Before the launch: the engine looks for new queues only once a second.
            await client.register_queue_async(
                QUEUE,
                worker_concurrency=concurrency,
                # One slot stays free of any single guild, so that no guild keeps another waiting
                # for more than one picture.
                partition_worker_concurrency=max(1, concurrency - 1),
                polling_interval_sec=POLL_S,
            )
            DBOS(config=config)
            _speak_through_our_handlers()
            DBOS.launch()
            yield cls(client)
        finally:
            await _stop(grace_s)
            client.destroy()
            await loop.run_in_executor(thread, DBOS.destroy)
            thread.shutdown(wait=False)
            # dbos made its own pool the loop's default, and has shut it down.
            loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="default"))
            _stages = None

    async def enqueue(
        self, conn: AsyncConnection, job_id: JobId, *, partition: str, priority: int
    ) -> None:
        """Enqueue a job within the caller's transaction: rolled back, it was never there.

        `partition` shares the slots out (a guild's id), a smaller `priority` goes first in it.
        """
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=job_id,
            app_version=VERSION,
            queue_partition_key=partition,
            priority=priority,
        )

        def write(connection: Connection) -> None:
            self._client.enqueue_in_transaction(connection, options, job_id)

        await conn.run_sync(write)

    async def cancel(self, job_id: JobId) -> None:
        """Stop a job's workflow; a running stage gets CancelledError within half a second."""
        await DBOS.cancel_workflow_async(job_id)

    async def over(self, job_ids: Iterable[JobId]) -> set[JobId]:
        """Those of the jobs whose workflow has ended or is gone."""
        wanted = list(job_ids)
        if not wanted:
            return set()
        found = await DBOS.list_workflows_async(
            workflow_ids=list(wanted), load_input=False, load_output=False
        )
        alive = {status.workflow_id for status in found if status.status not in OVER}
        return {job_id for job_id in wanted if job_id not in alive}

    async def purge(self, before: dt.datetime, *, batch: int = 500) -> int:
        """Delete ended workflows created before `before`; returns how many."""
        old = await DBOS.list_workflows_async(
            status=sorted(OVER),
            end_time=before.isoformat(),
            limit=batch,
            load_input=False,
            load_output=False,
        )
        await DBOS.delete_workflows_async([status.workflow_id for status in old])
        return len(old)

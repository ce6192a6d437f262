"""The durable engine, behind a few functions. The only module that imports dbos.

A workflow holds nothing but a job's id. What is true about the job stands in our own tables, so
there are no steps that dbos would have to write down: it sees to it that every accepted job is
run to its end, in this process or the next. When a job draws is decided in `bot/services/line.py`,
so dbos's queue has no limits. dbos 3.4's names and defaults: its documentation and source.

dbos finds new work by asking the database now and then. So that nobody waits for that, `begin`
runs a job at once; dbos's workflow comes later, finds it running, and waits for its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import datetime as dt
import logging
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Connection, Engine, event

from bot.domain.ids import JobId
from bot.errors import DiscordUnavailable, StorageError

logger = logging.getLogger(__name__)

QUEUE = "pictures"
WORKFLOW = "picture"
VERSION = "1"  # fixed: dbos's default, a hash of the source, leaves old work pending for ever
EXECUTOR = "easel"
POLL_S = 1.0  # a look costs milliseconds; only what a crash left waits for it
REST_S = 0.2
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


class Transaction(Protocol):
    """An open transaction of our database, as far as enqueuing takes part in it."""

    async def run_sync(self, fn: Callable[[Connection], None]) -> None:
        """Call `fn` with SQLAlchemy's connection."""
        ...


class Stages(Protocol):
    """What a job goes through. It looks at the job's row and may be called again."""

    async def run(self, job_id: JobId) -> None:
        """Take a job from where its row says it is to its end.

        Raises StorageError and DiscordUnavailable: then it is called again later.
        """
        ...

    def stop(self) -> None:
        """Begin no more drawings, and let go of the jobs that wait for one."""
        ...


# What could not be written or posted is tried again for half an hour: a full disk, a locked
# database or Discord's bad day is somebody's to mend, and the job is not lost meanwhile.
ATTEMPTS = 18
FIRST_PAUSE_S = 1.0
LONGER = 1.5

_stages: Stages | None = None
_stopping = False
_runs: dict[str, asyncio.Task[None]] = {}
"""The jobs that run in this process, each in one task."""
_ahead: dict[str, bool] = {}
"""The jobs begun before their workflows, and whether they have come to an end already."""
_cancelled: set[str] = set()
_workflows: set[asyncio.Task[object]] = set()
"""dbos's own tasks: each waits for a job's, then writes down that its workflow has ended."""


async def _run(job_id: str) -> None:
    """Run a job to its end; a cancelled one ends where it is."""
    try:
        await _patiently(job_id)
    except asyncio.CancelledError:
        if job_id not in _cancelled:
            raise
        logger.info("job %s was cancelled", job_id)


async def _patiently(job_id: str) -> None:
    if _stages is None:
        raise RuntimeError("the job engine is not open")
    pause_s = FIRST_PAUSE_S
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await _stages.run(JobId(job_id))
        except (StorageError, DiscordUnavailable) as error:
            if attempt == ATTEMPTS:
                logger.warning("job %s is left after %d attempts: %s", job_id, attempt, error)
                raise
            logger.warning("job %s is tried again in %.0f s: %s", job_id, pause_s, error)
        await asyncio.sleep(pause_s)
        pause_s *= LONGER
    return None


def _begun(job_id: str) -> asyncio.Task[None]:
    """The one task that runs a job here, begun now if there was none."""
    task = _runs.get(job_id)
    if task is None:
        # From a context of its own: who begins it may be an interaction's handler, or dbos.
        begin = asyncio.get_running_loop().create_task
        task = contextvars.Context().run(begin, _run(job_id), name=f"job {job_id}")
        _runs[job_id] = task
        task.add_done_callback(lambda done: _ended(job_id, done))
    return task


def _ended(job_id: str, task: asyncio.Task[None]) -> None:
    del _runs[job_id]
    _cancelled.discard(job_id)
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("job %s was given up: %r", job_id, error)
    if task.cancelled() or error is not None:
        _ahead.pop(job_id, None)
    elif job_id in _ahead:
        _ahead[job_id] = True


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=1_000_000)
async def _picture(job_id: str) -> None:  # pyright: ignore[reportUnusedFunction] -- dbos runs it by name
    workflow = asyncio.current_task()
    assert workflow is not None
    _workflows.add(workflow)
    workflow.add_done_callback(_workflows.discard)
    if _ahead.pop(job_id, False):
        return  # it ran to its end before this began
    if _stopping:
        raise asyncio.CancelledError  # it stays pending, and begins at the next start
    await _begun(job_id)


async def _stop(stages: Stages, grace_s: float) -> None:
    """Begin nothing more, give what runs some time, then cancel what is left.

    dbos's own end waits for nothing: a job would go on with what is closed behind it. What is
    cancelled stays pending and goes on at the next start.
    """
    global _stopping
    _stopping = True
    stages.stop()
    if _runs and grace_s:
        logger.info("waiting up to %.0f s for what is being drawn", grace_s)
        await asyncio.wait({*_runs.values()}, timeout=grace_s)
    left = {*_runs.values()}
    if left:
        logger.warning("%d pictures are not finished; they go on at the next start", len(left))
        for task in left:
            task.cancel()
        await asyncio.wait(left)
    # What has just ended need not be looked at again after the next start.
    deadline_s = time.monotonic() + 3 * POLL_S
    while any(_ahead.values()) and time.monotonic() < deadline_s:  # noqa: ASYNC110 -- dbos's thread ends it
        await asyncio.sleep(REST_S / 10)
    if _workflows:
        await asyncio.wait({*_workflows})


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
    async def open(cls, url: str, stages: Stages, *, grace_s: float = 0.0) -> AsyncGenerator[Jobs]:
        """Open the engine on the database that `url` names and start its queue.

        Call it inside the running loop: recovered work lands on the loop it was opened in.
        The database must exist; dbos makes its own tables in it. At the end, running jobs get
        `grace_s` seconds.
        """
        global _stages, _stopping
        _stages, _stopping = stages, False
        _ahead.clear()
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(1, thread_name_prefix="engine")
        config = DBOSConfig(
            name="easel",
            system_database_url=url,
            application_version=VERSION,
            executor_id=EXECUTOR,
            log_level="WARNING",
            serializer=DBOSPortableJSONSerializer(),
            use_listen_notify=False,
            # We have no such events; but its thread sleeps so long, and a stop waits for it.
            notification_listener_polling_interval_sec=REST_S,
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
            await client.register_queue_async(QUEUE, polling_interval_sec=POLL_S)
            DBOS(config=config)
            _speak_through_our_handlers()
            DBOS.launch()
            yield cls(client)
        finally:
            await _stop(stages, grace_s)
            client.destroy()
            await loop.run_in_executor(thread, DBOS.destroy)
            thread.shutdown(wait=False)
            # dbos made its own pool the loop's default, and has shut it down.
            loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="default"))
            _stages = None

    async def enqueue(self, conn: Transaction, job_id: JobId) -> None:
        """Enqueue a job within the caller's transaction: rolled back, it was never there."""
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=job_id,
            app_version=VERSION,
        )

        def write(connection: Connection) -> None:
            self._client.enqueue_in_transaction(connection, options, job_id)

        await conn.run_sync(write)

    def begin(self, job_id: JobId) -> None:
        """Run a job at once whose enqueuing is committed, unless the engine stops."""
        if not _stopping:
            _ahead.setdefault(job_id, False)
            _begun(job_id)

    def cancel(self, job_id: JobId) -> None:
        """Stop a job at once, whether it waits or draws; nothing more is done for it.

        Its row must say «cancelled» by then: the workflow ends as one that is done.
        """
        if (task := _runs.get(job_id)) is not None:
            _cancelled.add(job_id)
            task.cancel()

    async def over(self, job_ids: Iterable[JobId]) -> set[JobId]:
        """Those of the jobs whose workflow has ended or is gone."""
        wanted = list(job_ids)
        if not wanted:
            return set()
        found = await DBOS.list_workflows_async(
            workflow_ids=list(wanted), load_input=False, load_output=False
        )
        alive = {status.workflow_id for status in found if status.status not in OVER}
        return {job_id for job_id in wanted if job_id not in alive and job_id not in _runs}

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

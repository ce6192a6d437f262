"""One process to a PostgreSQL database, by an advisory lock that its server drops with the session.

Two bots on one database would take each other's pictures for their own at the start: the engine
knows its work by one fixed name. So one session, outside the pool, holds a lock for as long as the
process lives. When the process dies, by SIGKILL too, its connection ends, and the lock with it;
when its whole host is gone, the server notices after `idle + interval x count` = 25 s.

Reconnecting: when the session is lost while the process lives (the server was restarted, the
network broke), it is opened anew and the lock taken again, after two `CHECK_S` at the latest if
the server is there. Has another process taken it meanwhile, this one stops as at SIGTERM: what it
has begun stays in its rows, and the other one goes on with it. In between both may run for some
seconds; a job changes by conditional statements alone, so nothing is booked twice even then.

A pooler in transaction mode hands sessions on and cannot be used between Easel and its server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from typing import Any, TypeAlias

import psycopg
from sqlalchemy import URL

from bot.errors import ConfigError, StorageError

logger = logging.getLogger(__name__)

KEY = 0x4541_5345_4C01  # «EASEL» and one more than the migrations' lock
CHECK_S = 2.0
PATIENCE_S = 2.0  # for the server to notice that the process before this one has died
ASK_AGAIN_S = 0.1
CONNECT_TIMEOUT_S = 5
MAX_NAME = 63  # bytes: PostgreSQL cuts an application's name there

_TAKE = "SELECT pg_try_advisory_lock(%s), pg_backend_pid()"
_HOLDER = (
    "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() "
    "AND (l.classid::bigint << 32) + l.objid::bigint = %s"
)

Session: TypeAlias = "psycopg.AsyncConnection[tuple[Any, ...]]"


class ServerLock:
    """The lock of a PostgreSQL database, held from `take` to `release`."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._session: Session | None = None
        self._backends: set[int] = set()  # the server's numbers of our sessions, lost ones too
        self._watching: asyncio.Task[None] | None = None

    async def take(self) -> None:
        """Hold the lock. Raises ConfigError when another process has it, else StorageError."""
        until = time.monotonic() + PATIENCE_S
        try:
            while not await self._taken():
                if time.monotonic() > until:
                    raise ConfigError(await self._refusal())
                await asyncio.sleep(ASK_AGAIN_S)
        except BaseException as error:
            await self._leave()
            if isinstance(error, psycopg.Error):
                raise StorageError("The database server does not answer.") from error
            raise
        self._watching = asyncio.create_task(self._watch(), name="server lock")

    async def release(self) -> None:
        """Let go."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None
        await self._leave()

    async def _connect(self) -> Session:
        """A session that both ends give up when the other is gone without a word."""
        name = f"easel: process {os.getpid()} on {socket.gethostname()}"
        return await psycopg.AsyncConnection.connect(
            self._url.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,  # an open transaction would hold back VACUUM
            application_name=name[:MAX_NAME],
            connect_timeout=CONNECT_TIMEOUT_S,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=15_000,
            options="-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 "
            "-c tcp_keepalives_count=3",  # the server's side
        )

    async def _ask(self, question: str, *values: int) -> tuple[Any, ...] | None:
        assert self._session is not None
        return await (await self._session.execute(question.encode(), values)).fetchone()

    async def _taken(self) -> bool:
        """Try to take the lock in this session, which is opened where there is none."""
        if self._session is None:
            self._session = await self._connect()
        row = await self._ask(_TAKE, KEY)
        assert row is not None
        self._backends.add(row[1])
        return row[0]

    async def _holder(self) -> tuple[int, str]:
        """The number of the session that has the lock, and the name of its process."""
        row = await self._ask(_HOLDER, KEY)
        return (row[0], (row[1] or "").removeprefix("easel: ")) if row else (0, "")

    async def _refusal(self) -> str:
        _, name = await self._holder()
        return (
            f"{self._url.render_as_string(hide_password=True)} is in use by another process of "
            f"Easel{f' ({name})' if name else ''}; stop it first, or set EASEL_DATABASE_URL to "
            "another database."
        )

    async def _watch(self) -> None:
        """Replace the session when it has ended; stop the process when the lock is another's."""
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                if self._session is not None:
                    await self._ask("SELECT 1")
                elif await self._taken():
                    logger.warning("took the database's lock again")
                elif await self._is_anothers():
                    logger.critical("another process of Easel has taken the database; stopping")
                    signal.raise_signal(signal.SIGTERM)
                    return
                else:
                    await self._leave()
            except (OSError, psycopg.Error) as error:
                logger.warning("the session with the database's lock was lost: %s", error)
                await self._leave()

    async def _is_anothers(self) -> bool:
        """Whether the lock is in other hands than those of a lost session of ours."""
        backend, _ = await self._holder()
        return backend not in self._backends | {0}

    async def _leave(self) -> None:
        """End the session, whatever state it is in."""
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(OSError, psycopg.Error):
                await session.close()

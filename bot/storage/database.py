"""The database: one address, one lock, and the two ways to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ConfigError, StorageBusy, StorageError
from bot.storage import engines
from bot.storage.faults import translated
from bot.storage.lockfile import LockFile
from bot.storage.transactions import Connection, transaction, unbroken

BUSY_TIMEOUT_S = 5.0
QUEUE_TIMEOUT_S = 30.0


FAREWELL_S = 0.2
"""After a failed connect aiosqlite's thread answers the loop once more, and nobody can wait for it
(aiosqlite 0.22, `Connection._connect`): with the loop gone it would print a traceback."""


class _Lane:
    """An engine and a fair queue for its connections, in front of the pool's own."""

    def __init__(self, engine: AsyncEngine, free: asyncio.Semaphore) -> None:
        self.engine = engine
        self._free = free

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        try:
            async with asyncio.timeout(QUEUE_TIMEOUT_S):
                await self._free.acquire()
        except TimeoutError:
            raise StorageBusy("The database has too much to do.") from None
        try:
            with translated():
                async with transaction(self.engine) as conn:
                    yield conn
        finally:
            self._free.release()


class Database:
    """An open database. `url` is its address, `transaction` and `reading` the ways to it."""

    def __init__(self, url: URL, lock: LockFile | None, busy_timeout_s: float) -> None:
        self.url = url
        self._lock = lock
        write = engines.writer(url, busy_timeout_s=busy_timeout_s)
        read = engines.reader(url, write, busy_timeout_s=busy_timeout_s)
        free = asyncio.Semaphore(engines.writers(url))
        self._write = _Lane(write, free)
        # On PostgreSQL both kinds share one pool, so they share the queue in front of it too.
        own = asyncio.Semaphore(engines.SQLITE_READERS)
        self._read = _Lane(read, own if engines.is_sqlite(url) else free)

    @classmethod
    async def open(
        cls, url: str, *, lock: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> Database:
        """Open the database, making a SQLite file and its folder where there is none.

        With `lock`, a SQLite file is refused while another process has it; without, it may be
        read beside a running bot. `busy_timeout_s` is how long a statement waits for a lock.
        Raises ConfigError with a sentence when the address cannot be used, StorageBusy when the
        file is locked.
        """
        parsed = _parsed(url)
        held = _lock_file(parsed) if engines.is_sqlite(parsed) else None
        try:
            if held is not None and lock:
                held.take()
            database = cls(parsed, held, busy_timeout_s)
            try:
                async with database.transaction() if lock else database.reading():
                    pass
            except BaseException:
                await database.close()
                await asyncio.sleep(FAREWELL_S)
                raise
        except (OSError, StorageError, DBAPIError) as error:
            if isinstance(error, StorageBusy):
                raise
            raise ConfigError(
                f"Easel cannot open its database {parsed.render_as_string(hide_password=True)} "
                f"({_reason(error)}); set EASEL_DATABASE_URL or EASEL_DATA_DIR to one it can use."
            ) from error
        return database

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction that may write: committed at the block's end, rolled back on any error.

        Raises StorageBusy, StorageFull or StorageError, and then nothing of it was kept.
        IntegrityError passes, for the function that knows which rule was broken. A caller
        that is cancelled while the commit runs gets CancelledError although it was committed.
        """
        return self._write.transaction()

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction that only reads: one snapshot, which waits for no writer on SQLite."""
        return self._read.transaction()

    async def close(self) -> None:
        """Close all connections, then let go of the file."""
        await unbroken(self._close())

    async def _close(self) -> None:
        try:
            await self._read.engine.dispose()
            await self._write.engine.dispose()
        finally:
            if self._lock is not None:
                self._lock.release()


def sqlite_file(url: str) -> Path | None:
    """The file that an address names, which may not be there yet; None for a server.

    Raises ConfigError when the address is none.
    """
    parsed = _parsed(url)
    return Path(parsed.database or "") if engines.is_sqlite(parsed) else None


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise ConfigError("EASEL_DATABASE_URL is not a database's address.") from None


def _lock_file(url: URL) -> LockFile:
    """The lock of a SQLite file, in a folder that exists now."""
    if not url.database or url.database == ":memory:":
        raise ConfigError(
            "EASEL_DATABASE_URL must name a file, as sqlite+aiosqlite:///data/easel.db does."
        )
    path = Path(url.database).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"Easel cannot make the folder {path.parent} ({error.strerror}); "
            "set EASEL_DATA_DIR to one it can use."
        ) from error
    return LockFile(path)


def _reason(error: BaseException) -> str:
    """The driver's own words in one line; they name no secret."""
    if isinstance(error, StorageError):
        error = error.__cause__ or error
    words = str(getattr(error, "orig", error)).strip()
    return words.splitlines()[0] if words else type(error).__name__

"""The database: one address, one lock, and the two ways to it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigError, StorageBusy, StorageError
from bot.storage import engines
from bot.storage.lockfile import LockFile
from bot.storage.transactions import Connection, Work, unbroken

if TYPE_CHECKING:
    from bot.storage.serverlock import ServerLock

BUSY_TIMEOUT_S = 5.0

T = TypeVar("T")


class Database:
    """An open database. `url` is its address, `transaction` and `reading` the ways to it."""

    def __init__(self, url: URL, lock: LockFile | ServerLock, busy_timeout_s: float) -> None:
        self.url = url
        self._lock = lock
        self._write = engines.writer(url, busy_timeout_s=busy_timeout_s)
        self._read = engines.reader(url, self._write, busy_timeout_s=busy_timeout_s)

    @classmethod
    async def open(
        cls, url: str, *, lock: bool = True, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> Database:
        """Open the database, making a SQLite file and its folder where there is none.

        With `lock`, a database is refused while another process has it; without, it may be
        read beside a running bot. `busy_timeout_s` is how long a statement waits for a lock.
        Raises ConfigError with a sentence when the address cannot be used or is in use,
        StorageBusy when a SQLite file is locked.
        """
        parsed = engines.address(url)
        held = _lock_file(parsed) if engines.is_sqlite(parsed) else _server_lock(parsed)
        try:
            if lock:
                await held.take()
            database = cls(parsed, held, busy_timeout_s)
            try:
                async with database.transaction() if lock else database.reading() as conn:
                    await conn.exec_driver_sql("SELECT 1")
            except BaseException:
                await database.close()
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

    async def run(self, work: Work[T]) -> T:
        """The same in one hop of the thread, for what every picture goes through.

        `work` is given the transaction and waits for nothing but its statements. It runs in the
        thread: what it touches besides must be its own.
        """
        return await self._write.run(work)

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction that only reads: one snapshot, which waits for no writer on SQLite."""
        return self._read.transaction()

    async def look(self, work: Work[T]) -> T:
        """A transaction that only reads, in one hop as `run`."""
        return await self._read.run(work)

    async def close(self) -> None:
        """Close all connections, then let go of the file."""
        await unbroken(self._close())

    async def _close(self) -> None:
        try:
            await self._read.close()
            await self._write.close()
        finally:
            await self._lock.release()


def sqlite_file(url: str) -> Path | None:
    """The file that an address names, which may not be there yet; None for a server.

    Raises ConfigError when the address is none.
    """
    parsed = engines.address(url)
    return Path(parsed.database or "") if engines.is_sqlite(parsed) else None


def _lock_file(url: URL) -> LockFile:
    """The lock of a SQLite file, in a folder that exists now."""
    if not url.database or url.database == ":memory:":
        raise ConfigError("EASEL_DATABASE_URL must name a file, as sqlite:///data/easel.db does.")
    path = Path(url.database).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"Easel cannot make the folder {path.parent} ({error.strerror}); "
            "set EASEL_DATA_DIR to one it can use."
        ) from error
    return LockFile(path)


def _server_lock(url: URL) -> ServerLock:
    from bot.storage.serverlock import ServerLock  # with psycopg, a tenth of a second

    return ServerLock(url)


def _reason(error: BaseException) -> str:
    """The driver's own words in one line; they name no secret."""
    if isinstance(error, StorageError):
        error = error.__cause__ or error
    words = str(getattr(error, "orig", error)).strip()
    return words.splitlines()[0] if words else type(error).__name__

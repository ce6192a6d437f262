"""Whole, short transactions that a cancellation cannot tear.

The synchronous SQLAlchemy runs in threads: one hop for a statement, whose result comes back with
all its rows, and one for the end. BEGIN goes with the first statement, so a transaction without
one is none. A transaction that waits for nothing but its own statements may go as a whole in one
hop (`Lane.run`): under load a hop waits for the event loop's next round while it holds the only
connection that writes.

Every hop runs to its end even when the caller is cancelled meanwhile; then the cancellation is
raised. The drivers never see one. A hop is short: the lock time-out is its longest wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Dialect, Engine, Executable
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageBusy
from bot.storage.faults import translated
from bot.storage.threads import Threads

T = TypeVar("T")

QUEUE_TIMEOUT_S = 30.0

Work: TypeAlias = "Callable[[Connection], Coroutine[Any, Any, T]]"
"""What is done in a transaction."""


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end even if the caller is cancelled; the cancellation is raised after it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # it was looked at: the cancellation goes first
        raise cancelled
    return task.result()


class Rows(IteratorResult[*tuple[Any, ...]]):
    """A result with all its rows, as SQLAlchemy's; `rowcount` is how many a statement changed."""

    def __init__(self, result: CursorResult[*tuple[Any, ...]]) -> None:
        returns = result.returns_rows
        super().__init__(
            SimpleResultMetaData(tuple(result.keys()) if returns else ()),
            iter(result.all() if returns else ()),
        )
        self.rowcount = result.rowcount


class Connection:
    """An open transaction, as the functions of `bot/storage` take it. Its calls run unbroken."""

    def __init__(self, engine: Engine, threads: Threads) -> None:
        self._engine = engine
        self._threads = threads
        self._sync: SyncConnection | None = None
        self._over = False

    @property
    def dialect(self) -> Dialect:
        """The database's dialect of SQL."""
        return self._engine.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> Rows:
        """As SQLAlchemy's."""
        return await self._hop(self._execute, statement, parameters)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.execute(statement, parameters)).scalar()

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Rows:
        """As SQLAlchemy's: the driver's own SQL."""
        return await self._hop(self._exec_driver_sql, statement, parameters)

    async def run_sync(self, fn: Callable[..., T], *args: Any) -> T:
        """Call `fn` with the synchronous connection and `args`, in the thread."""
        return await self._hop(self._run_sync, fn, *args)

    async def end(self, *, keep: bool) -> None:
        """Commit, or roll back, and give the connection back to its pool."""
        self._over = True
        if self._sync is not None:
            await self._hop(self._end, keep)

    async def _hop(self, function: Callable[..., T], *args: Any) -> T:
        return await self._threads.run(function, *args)

    def _open(self) -> SyncConnection:
        if self._over:
            raise RuntimeError("the transaction has ended")
        if self._sync is None:
            self._sync = self._engine.connect()  # SQLAlchemy begins with the first statement
        return self._sync

    def _execute(self, statement: Executable, parameters: Any) -> Rows:
        return Rows(self._open().execute(statement, parameters))

    def _exec_driver_sql(self, statement: str, parameters: Any) -> Rows:
        return Rows(self._open().exec_driver_sql(statement, parameters))

    def _run_sync(self, fn: Callable[..., T], *args: Any) -> T:
        return fn(self._open(), *args)

    def _end(self, keep: bool) -> None:  # noqa: FBT001 -- called by position through the thread
        sync = self._sync
        assert sync is not None
        try:
            if keep:
                sync.commit()
        finally:
            sync.close()  # rolls back what was not committed


class _InThread(Connection):
    """The same for work that is in the thread already: nothing of it is waited for."""

    async def _hop(self, function: Callable[..., T], *args: Any) -> T:
        return function(*args)


class Lane:
    """An engine, its threads, and a fair queue for its connections, in front of the pool's own."""

    def __init__(self, engine: Engine, free: asyncio.Semaphore, threads: Threads) -> None:
        self.engine = engine
        self.free = free
        self.threads = threads

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """One transaction: committed at the block's end, rolled back on any error."""
        await self._turn()
        try:
            with translated():
                async with _ended(Connection(self.engine, self.threads)) as conn:
                    yield conn
        finally:
            self.free.release()

    async def run(self, work: Work[T]) -> T:
        """One transaction, as a whole in the thread; `work` waits for nothing but its statements.

        Once begun it runs to its end: who is cancelled meanwhile gets CancelledError after that.
        """
        await self._turn()
        try:
            with translated():
                return await self.threads.run(lambda: self._whole(work))
        finally:
            self.free.release()

    def _whole(self, work: Work[T]) -> T:
        async def whole() -> T:
            async with _ended(_InThread(self.engine, self.threads)) as conn:
                return await work(conn)

        steps = whole()
        try:
            steps.send(None)
        except StopIteration as end:
            return end.value
        steps.close()
        raise RuntimeError("a transaction in one hop waited for something")

    async def close(self) -> None:
        """Close the connections, then end the threads."""
        await self.threads.run(self.engine.dispose)
        await self.threads.close()

    async def _turn(self) -> None:
        if not self.free.locked():
            await self.free.acquire()  # at once
            return
        try:
            async with asyncio.timeout(QUEUE_TIMEOUT_S):
                await self.free.acquire()
        except TimeoutError:
            raise StorageBusy("The database has too much to do.") from None


@asynccontextmanager
async def _ended(conn: Connection) -> AsyncGenerator[Connection]:
    try:
        yield conn
    except BaseException:
        # This is what is raised, a cancellation above all, though a connection that is lost
        # cannot roll back: the server did.
        with suppress(DBAPIError):
            await conn.end(keep=False)
        raise
    await conn.end(keep=True)

"""Whole, short transactions that a cancellation cannot tear.

Every step of a transaction, its BEGIN, each statement, its COMMIT or ROLLBACK, runs to its end
even when the caller is cancelled meanwhile; then the cancellation is raised. The drivers never
see one. Left to themselves, SQLAlchemy 2.1 and aiosqlite give up the connection of a cancelled
statement without closing it for certain, and its transaction may stay open and locked (found by
`tests/storage/test_ledger_properties.py`). A step is short: the lock time-out is its longest wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")
Rows: TypeAlias = CursorResult[*tuple[Any, ...]]


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


class Connection(AsyncConnection):
    """An open transaction, as the functions of `bot/storage` take it.

    Use `execute`, `scalar`, `scalars`, `exec_driver_sql` and `run_sync`: these run unbroken.
    """

    async def execute(  # pyright: ignore[reportIncompatibleMethodOverride] -- one form for its overloads
        self, statement: Executable, *args: Any, **kwargs: Any
    ) -> Rows:
        """As SQLAlchemy's, unbroken."""
        return await unbroken(super().execute(statement, *args, **kwargs))

    async def exec_driver_sql(self, *args: Any, **kwargs: Any) -> Rows:
        """As SQLAlchemy's, unbroken."""
        return await unbroken(super().exec_driver_sql(*args, **kwargs))

    async def run_sync(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call `fn` with the synchronous connection, unbroken."""
        return await unbroken(super().run_sync(fn, *args, **kwargs))


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncGenerator[Connection]:
    """One transaction: committed at the block's end, rolled back on any error."""
    conn = Connection(engine)

    async def begin() -> None:
        await conn.start()
        await conn.begin()

    async def end() -> None:
        if conn.sync_connection is not None:  # None: there was no connection to be had
            await conn.close()  # rolls back what was not committed

    try:
        await unbroken(begin())
        yield conn
        await unbroken(conn.commit())
    finally:
        await unbroken(end())

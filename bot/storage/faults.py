"""Errors of the two drivers, told apart: busy, full, broken, or a mistake of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import StorageBusy, StorageError, StorageFull

# SQLite's result codes, https://sqlite.org/rescode.html; the low byte is the primary code.
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_BROKEN = {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOMEM,
}
_SQLITE_NO_ROOM_FOR_SHM = sqlite3.SQLITE_IOERR_SHMSIZE

# PostgreSQL's, https://www.postgresql.org/docs/current/errcodes-appendix.html
_PG_FULL = "53100"  # disk_full
_PG_BUSY = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "53300",  # too_many_connections
    "55P03",  # lock_not_available
    "57014",  # query_canceled, by a time-out
    "57P03",  # cannot_connect_now
}
_PG_BROKEN = ("08", "53", "57", "58", "XX")  # connection, resources, operator, system, internal


def _of_sqlite(error: sqlite3.Error) -> StorageError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code & 0xFF == sqlite3.SQLITE_FULL or code == _SQLITE_NO_ROOM_FOR_SHM:
        return StorageFull("There is no room left for the database.")
    if code & 0xFF in _SQLITE_BUSY:
        return StorageBusy("The database stayed locked by another process.")
    if code & 0xFF in _SQLITE_BROKEN:
        return StorageError(f"The database file cannot be used: {error}.")
    return None


def _of_postgresql(state: str | None) -> StorageError | None:
    if state is None or state.startswith(_PG_BROKEN) or state in _PG_BUSY:
        if state == _PG_FULL:
            return StorageFull("There is no room left for the database.")
        if state in _PG_BUSY:
            return StorageBusy("The database stayed locked.")
        return StorageError(f"The database server does not answer (SQLSTATE {state}).")
    return None


def storage_error(error: DBAPIError) -> StorageError | None:
    """What of the environment kept the database from working, or None.

    None means: a broken constraint, for the caller to judge, or a mistake in our statements.
    """
    if isinstance(error, IntegrityError):
        return None
    orig = error.orig
    if isinstance(orig, sqlite3.Error):
        return _of_sqlite(orig)
    if hasattr(orig, "sqlstate"):
        return _of_postgresql(getattr(orig, "sqlstate", None))
    return None


def _hush(error: DBAPIError) -> None:
    """Leave one line of each message: PostgreSQL quotes the failing row, prompt and all, below."""
    for one in (error, error.orig):
        if one is not None and one.args and isinstance(one.args[0], str):
            one.args = (one.args[0].partition("\n")[0], *one.args[1:])


@contextmanager
def translated() -> Generator[None]:
    """Turn a driver's error that leaves this block into a StorageError, where it is one."""
    try:
        yield
    except DBAPIError as error:
        _hush(error)
        known = storage_error(error)
        if known is None:
            raise
        raise known from error

"""Engines for both databases, so set that a transaction means the same on each.

SQLite: `isolation_level=None` and our own BEGIN, because the driver's late BEGIN lets two
transactions read the same counter before either writes it. WAL, so that reading does not wait;
`synchronous=FULL`, so that a commit survives a power cut.
PostgreSQL: READ COMMITTED, whose conditional UPDATE sees the newest row.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError
from bot.storage.threads import Threads
from bot.storage.transactions import Lane

SQLITE_READERS = 4
POSTGRESQL_CONNECTIONS = 10
CONNECT_TIMEOUT_S = 5


def address(url: str) -> URL:
    """An address taken apart. Raises ConfigError when it is none."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("EASEL_DATABASE_URL is not a database's address.") from None
    return parsed


def is_sqlite(url: URL) -> bool:
    """Whether the address names a SQLite file."""
    return url.get_backend_name() == "sqlite"


def writer(url: URL, *, busy_timeout_s: float, foreign_keys: bool = True) -> Lane:
    """The lane of transactions that write. On SQLite it has one connection."""
    if not is_sqlite(url):
        free = asyncio.Semaphore(POSTGRESQL_CONNECTIONS)
        return Lane(_postgresql(url, busy_timeout_s), free, Threads())
    return _sqlite(
        url,
        busy_timeout_s,
        connections=1,
        begin="BEGIN IMMEDIATE",
        pragmas=(
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ),
    )


def reader(url: URL, write: Lane, *, busy_timeout_s: float) -> Lane:
    """The lane of transactions that only read, each in one snapshot."""
    if not is_sqlite(url):
        # Both kinds share one pool, so they share the queue in front of it and the threads too.
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return Lane(write.engine.execution_options(**options), write.free, write.threads)
    return _sqlite(
        url,
        busy_timeout_s,
        connections=SQLITE_READERS,
        begin="BEGIN",
        pragmas=("query_only=ON",),
    )


def _sqlite(
    url: URL, busy_timeout_s: float, *, connections: int, begin: str, pragmas: tuple[str, ...]
) -> Lane:
    if sqlite3.sqlite_version_info < (3, 35):  # the first with RETURNING
        raise ConfigError(
            f"Easel needs SQLite 3.35 or newer, this Python has {sqlite3.sqlite_version}; "
            "set EASEL_DATABASE_URL to a PostgreSQL server instead."
        )
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # errors go to the log, prompts and tokens do not
        connect_args={"timeout": busy_timeout_s, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] -- registered
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] -- registered
        connection.exec_driver_sql(begin)

    return Lane(engine, asyncio.Semaphore(connections), Threads())


def _postgresql(url: URL, busy_timeout_s: float) -> Engine:
    return create_engine(
        url,
        pool_size=POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,  # a restarted server is noticed before a transaction, not in it
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "easel",
            # A step of a transaction is not cancelled, so a dead network must end it.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "options": f"-c lock_timeout={int(busy_timeout_s * 1000)}",
        },
    )

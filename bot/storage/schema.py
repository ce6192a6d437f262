"""The schema in a real database: brought to the newest migration, or found behind it.

Alembic is imported only for a database that is behind: it takes a tenth of a second and 11 MiB.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, inspect, text

from bot.errors import ConfigError, StorageError
from bot.storage import engines
from bot.storage.database import BUSY_TIMEOUT_S
from bot.storage.transactions import Lane, unbroken

if TYPE_CHECKING:
    from alembic.config import Config

_ADVISORY_LOCK = 0x4541_5345_4C00  # «EASEL»: any number that nobody else uses

T = TypeVar("T")


async def migrate(url: str) -> None:
    """Bring the database to the newest migration, in one transaction: all of them or none.

    Hold the file's lock (`Database.open`) meanwhile. On PostgreSQL processes that start together
    wait for each other.
    Raises StorageError, and ConfigError for a database that a newer Easel has migrated.
    """
    await _run(url, _upgrade)


async def pending(url: str) -> tuple[str, ...]:
    """The migrations that this database has not seen, oldest first. Empty: it is up to date.

    It only reads, so it may run beside a bot. Raises as `migrate` does.
    """
    return await _run(url, _behind, reading=True)


async def _run(url: str, work: Callable[[Connection], T], *, reading: bool = False) -> T:
    # SQLite changes a table by building it anew; with foreign keys on, dropping the old one
    # would count as deleting its rows. The keys are checked as a whole instead.
    address = engines.address(url)
    write = engines.writer(address, busy_timeout_s=BUSY_TIMEOUT_S, foreign_keys=False)
    lane = engines.reader(address, write, busy_timeout_s=BUSY_TIMEOUT_S) if reading else write
    try:
        async with lane.transaction() as conn:
            return await conn.run_sync(work)
    finally:
        await unbroken(_close(lane, write))


async def _close(*lanes: Lane) -> None:
    for lane in lanes:
        await lane.close()


def _upgrade(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    if _is_newest(connection):
        return
    from alembic import command

    with _config(connection) as config:
        command.upgrade(config, "head")
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageError("A migration would have left rows without what they point at.")


def _behind(connection: Connection) -> tuple[str, ...]:
    if _is_newest(connection):
        return ()
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with _config(connection) as config:
        heads = MigrationContext.configure(connection).get_current_heads()
        script = ScriptDirectory.from_config(config)
        missing = [step.revision for step in script.iterate_revisions("heads", heads)]
    return tuple(reversed(missing))


def _is_newest(connection: Connection) -> bool:
    """Whether the newest migration was applied, told without Alembic by the files' numbers."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    files = (resources.files("migrations") / "versions").iterdir()
    numbers = {number for number, _, _ in (file.name.partition("_") for file in files)}
    newest = max(filter(str.isdecimal, numbers))
    applied = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
    return list(applied) == [newest]


@contextmanager
def _config(connection: Connection) -> Generator[Config]:
    """Alembic's settings, made here so that an installed wheel needs no `alembic.ini`."""
    from alembic.config import Config
    from alembic.script.revision import RevisionError
    from alembic.util import CommandError

    with resources.as_file(resources.files("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            yield config
        except (CommandError, RevisionError) as error:
            raise ConfigError(
                f"The database does not fit this Easel ({error}); "
                "install the version that last used it, or a newer one."
            ) from error

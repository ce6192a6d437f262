from __future__ import annotations

import asyncio
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.errors import ConfigError, StorageError
from bot.storage import engines
from bot.storage.rules import metadata
from bot.storage.schema import migrate, pending
from tests.databases import new_postgresql

VERSIONS = sorted(
    path.name.partition("_")[0]
    for path in (Path(str(resources.files("migrations"))) / "versions").glob("[0-9]*.py")
)

COMMAS = ", \t"
POSTGRESQL_CATALOGUE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def catalogue(connection: Connection) -> set[str]:
    """All that the database itself says of its schema, but for Alembic's own table."""
    if connection.dialect.name == "postgresql":
        rows = [
            str(tuple(row)) for sql in POSTGRESQL_CATALOGUE for row in connection.execute(text(sql))
        ]
    else:
        found = connection.execute(text("SELECT type, name, sql FROM sqlite_master"))
        # Constraints may come in another order, so each line of a table counts by itself; columns
        # that were added later stand in the line of the last one.
        rows = [
            f"{kind} {name} {line.strip(COMMAS)}"
            for kind, name, sql in found
            for line in re.split(r"\n|, (?=\w+ [A-Z])", sql or "")
        ]
    return {row for row in rows if "alembic_version" not in row}


async def on(url: str, work: Any) -> Any:
    lane = engines.writer(engines.address(url), busy_timeout_s=2.0)
    try:
        async with lane.transaction() as conn:
            return await conn.run_sync(work)
    finally:
        await lane.close()


async def test_the_migrations_end_in_the_declared_schema(empty_url: str, tmp_path: Path) -> None:
    def ours(_object: object, name: str | None, *_rest: object) -> bool:
        # The search: no Table can say it, and `catalogue` compares it.
        return not (name or "").startswith(("turn_words", "ix_turns_search"))

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        return compare_metadata(context, metadata)

    assert await pending(empty_url) == tuple(VERSIONS)
    await migrate(empty_url)
    assert await pending(empty_url) == ()
    assert await on(empty_url, differences) == []
    if empty_url.startswith("sqlite"):
        declared_url = f"sqlite:///{tmp_path / 'declared.db'}"
    else:
        declared_url = new_postgresql()
    await on(declared_url, metadata.create_all)
    migrated, declared = await on(empty_url, catalogue), await on(declared_url, catalogue)
    assert migrated == declared
    assert any("jobs_transition" in line for line in declared)
    assert any("ck_counters_used" in line for line in declared)


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    before = await on(empty_url, catalogue)
    await migrate(empty_url)
    assert await on(empty_url, catalogue) == before


async def test_alembic_stays_away_from_a_database_that_is_up_to_date(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from bot.storage.schema import migrate, pending;"
        " asyncio.run(migrate(sys.argv[1])); asyncio.run(pending(sys.argv[1]));"
        " print('alembic' in sys.modules)"
    )
    url = f"sqlite:///{tmp_path / 'easel.db'}"
    for needed in (b"True", b"False"):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, url, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert said.strip() == needed


async def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate(empty_url) for _ in range(3)))
    assert await pending(empty_url) == ()


async def test_a_failing_migration_leaves_nothing_behind(empty_url: str) -> None:
    def in_the_way(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE guild_limits (a INTEGER)"))

    await on(empty_url, in_the_way)
    with pytest.raises(Exception, match="guild_limits"):
        await migrate(empty_url)
    names = await on(empty_url, lambda connection: inspect(connection).get_table_names())
    assert names == ["guild_limits"]
    assert await pending(empty_url) == tuple(VERSIONS)


async def test_a_database_of_a_newer_easel_gets_a_sentence(empty_url: str) -> None:
    await migrate(empty_url)
    await on(
        empty_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    )
    for check in (migrate, pending):
        with pytest.raises(ConfigError, match="does not fit this Easel"):
            await check(empty_url)


async def test_rows_that_point_nowhere_stop_a_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'easel.db'}"

    def orphan(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text("CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
        )

    await on(url, orphan)
    lane = engines.writer(engines.address(url), busy_timeout_s=2.0, foreign_keys=False)
    async with lane.transaction() as conn:
        await conn.execute(text("INSERT INTO b VALUES (7)"))
    await lane.close()
    with pytest.raises(StorageError, match="point at"):
        await migrate(url)
    assert await pending(url) == tuple(VERSIONS)


def test_migrations_only_go_forward() -> None:
    folder = resources.files("migrations") / "versions"
    for path in Path(str(folder)).glob("[0-9]*.py"):
        assert "def downgrade" not in path.read_text("utf-8")
    numbered = [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
    assert numbered == VERSIONS

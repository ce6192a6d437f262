"""The one statement that the two dialects spell in modules of their own."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.database import Connection

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert(conn: Connection, table: Table) -> Insert:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_on(conn.dialect.name, table)


def insert_on(dialect: str, table: Table) -> Insert:
    """The same, by the dialect's name: for a statement that is built once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)

"""Alembic's entry: runs the migrations on the connection that `bot.storage.schema` hands in.

The connection is inside a transaction already, so that all migrations apply or none does.
"""

from __future__ import annotations

from alembic import context

from bot.storage.rules import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

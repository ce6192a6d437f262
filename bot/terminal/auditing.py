"""`easel audit`: the books recomputed from their entries."""

from __future__ import annotations

import sys

from bot.config import Config
from bot.errors import CommandError
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.database import Database


async def books(config: Config) -> bool:
    """Print where counters and holds are not what the entries say; whether all adds up.

    It may run beside the bot. Raises CommandError for a database of another version.
    """
    database = await Database.open(config.database_url, lock=False)
    try:
        if await schema.pending(config.database_url):
            raise CommandError("The database is of an older version; run `easel migrate` first.")
        async with database.reading() as conn:
            differences = await audit(conn)
    finally:
        await database.close()
    for one in differences:
        sys.stdout.write(f"{one.what}: kept {one.kept}, by the entries {one.by_entries}\n")
    if not differences:
        sys.stdout.write("The books add up.\n")
    return not differences

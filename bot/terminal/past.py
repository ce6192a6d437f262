"""What the database tells of the routes, read beside a running bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config import Config
from bot.domain.choose import FASTEST
from bot.errors import EaselError
from bot.storage import lately, schema
from bot.storage.database import Database, sqlite_file
from bot.storage.lately import Lately


async def by_route(config: Config) -> Mapping[str, Lately]:
    """How each route has done lately; empty without a database that can tell."""
    try:
        file = sqlite_file(config.database_url)
        if file is not None and not file.is_file():
            return {}
        database = await Database.open(config.database_url, lock=False)
        try:
            if await schema.pending(config.database_url):
                return {}
            async with database.reading() as conn:
                return await lately.by_route(conn)
        finally:
            await database.close()
    except EaselError:
        return {}  # `easel doctor` says what is wrong with it


async def speeds(config: Config, order: Sequence[str]) -> Mapping[str, float]:
    """The usual seconds of each route that has drawn, where `order` asks for them."""
    if FASTEST not in order:
        return {}
    found = await by_route(config)
    return {name: one.took_s for name, one in found.items() if one.took_s is not None}

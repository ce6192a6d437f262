from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.quotas import Limits
from bot.storage import limits
from bot.storage.database import Database


async def test_limits_are_kept_by_guild(database: Database) -> None:
    async with database.transaction() as conn:
        assert await limits.get(conn, 1) == Limits()
        await limits.set(conn, 1, Limits(guild_day=10, person_day=0))
        await limits.set(conn, 2, Limits(guild_month=5))
    async with database.reading() as conn:
        assert await limits.get(conn, 1) == Limits(guild_day=10, person_day=0)
        assert await limits.get(conn, 2) == Limits(guild_month=5)


async def test_limits_are_replaced_as_a_whole(database: Database) -> None:
    async with database.transaction() as conn:
        await limits.set(conn, 1, Limits(1, 2, 3))
        await limits.set(conn, 1, Limits(guild_month=7))
        assert await limits.get(conn, 1) == Limits(guild_month=7)


async def test_a_negative_limit_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as conn:
            await limits.set(conn, 1, Limits(guild_day=-1))

"""PostgreSQL goes away and comes back while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import psycopg
import pytest
from psycopg import sql

from bot.domain.jobs import State
from bot.ui.texts import sentence
from tests.databases import driver_url, new_postgresql
from tests.flows.conftest import World
from tests.flows.test_trouble_storage import once
from tests.flows.trouble import WISH, Trouble

AWAY_S = 1.5


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_DATABASE_URL": new_postgresql()}


class Server:
    """The session's PostgreSQL, as far as the bot's own database goes."""

    def __init__(self, url: str) -> None:
        address = driver_url(url)
        self._name = address.partition("?")[0].rpartition("/")[2]
        self._admin = psycopg.connect(
            address.replace(f"/{self._name}?", "/postgres?"), autocommit=True
        )
        self._back = asyncio.Event()
        self._back.set()

    def cut(self) -> None:
        """End every connection of the bot."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [self._name],
        )

    def leave(self) -> None:
        """Take no connections, as a server that is being restarted."""
        self._back.clear()
        self._allow(sql.SQL("false"))
        self.cut()

    def come_back(self) -> None:
        """Take connections again."""
        self._allow(sql.SQL("true"))
        self._back.set()

    async def there(self) -> None:
        """Wait until it takes connections."""
        await self._back.wait()

    def close(self) -> None:
        """Leave the server as it was."""
        self.come_back()
        self._admin.close()

    def _allow(self, how: sql.SQL) -> None:
        self._admin.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(
                sql.Identifier(self._name), how
            )
        )


@pytest.fixture
def server(settings: dict[str, str], world: World) -> Generator[Server]:
    made = Server(settings["EASEL_DATABASE_URL"])
    yield made
    made.close()


@pytest.mark.parametrize("state", [State.DRAWING, State.DRAWN, State.DELIVERED])
@pytest.mark.parametrize("away_s", [0.0, pytest.param(AWAY_S, marks=pytest.mark.nightly)])
async def test_away_while_a_picture_is_made(
    trouble: Trouble, world: World, server: Server, state: State, away_s: float
) -> None:
    left = asyncio.Event()

    def leave() -> None:
        server.leave()
        asyncio.get_running_loop().call_later(away_s, server.come_back)
        left.set()

    once(world, state, leave)
    await trouble.imagine()
    await left.wait()
    await server.there()
    await world.drawn()
    assert trouble.asked() == 1
    assert len([one for one in world.messages() if one["attachments"]]) == 1
    await trouble.over()


async def test_away_when_a_wish_arrives(trouble: Trouble, world: World, server: Server) -> None:
    server.leave()
    result = await trouble.imagine()
    assert trouble.shown(result) == sentence("storage")
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    assert world.said()[-1] == sentence("storage")
    server.come_back()
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()

"""The rules in memory, and slow mode."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.domain.channels import Channel, ChannelRules, ChannelSettings, Mode
from bot.domain.ids import JobId, Place
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.quotas import ChannelLimit, Limit, Limits
from bot.errors import RequestError
from bot.services import channels as service
from bot.services.channels import Channels
from bot.services.quotas import Quotas
from bot.storage import channels as rows
from bot.storage.database import Database

HERE, THREAD = Place(9, 1), Place(9, 2, parent_id=1)


@dataclass
class Hands:
    at: dt.datetime = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at


@dataclass
class Asked:
    """What the casting and the styles were asked."""

    names: list[Sequence[str]] = field(default_factory=list[Sequence[str]])

    async def cast(self, wish: Wish, names: Sequence[str], _place: Place, _user_id: int) -> Wish:
        self.names.append(names)
        return wish

    async def style(self, wish: Wish, _name: str | None, _guild_id: int | None) -> Wish:
        return wish


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def kept(database: Database, hands: Hands, asked: Asked) -> Channels:
    return Channels(database, hands, asked.cast, asked.style)


async def pace(kept: Channels, place: Place, event: int, *, user_id: int = 5) -> None:
    async with kept.paced(place, user_id, event, exempt=False):
        pass


async def waits(kept: Channels, place: Place, event: int, *, user_id: int = 5) -> Any:
    with pytest.raises(RequestError) as caught:
        await pace(kept, place, event, user_id=user_id)
    assert caught.value.key == "slow_mode"
    return caught.value.values["seconds"]


async def test_rules_are_read_once_and_changed_at_once(
    kept: Channels, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    real = rows.get

    async def counted(conn: Any, channel_id: int) -> Channel | None:
        reads.append(channel_id)
        return await real(conn, channel_id)

    monkeypatch.setattr(service.channels, "get", counted)
    for _ in range(5):
        assert await kept.rules(THREAD) == ChannelRules()
    assert sorted(reads) == [1, 2]
    assert (await kept.change(HERE, mode=Mode.ART)).mode is Mode.ART
    assert (await kept.rules(THREAD)).mode is Mode.ART
    await kept.change(HERE, mode=None)
    assert await kept.rules(THREAD) == ChannelRules()
    async with database.reading() as conn:
        assert await real(conn, 1) is None, "nothing is set: no row"


async def test_an_old_look_does_not_take_the_place_of_a_change(
    kept: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looked, go_on = rows.get, asyncio.Event(), asyncio.Event()

    async def slow(conn: Any, channel_id: int) -> Channel | None:
        found = await real(conn, channel_id)
        if not looked.is_set():
            looked.set()
            await go_on.wait()
        return found

    monkeypatch.setattr(service.channels, "get", slow)
    looking = asyncio.create_task(kept.rules(HERE))
    await looked.wait()
    await kept.change(HERE, mode=Mode.OFF)
    go_on.set()
    await looking
    assert (await kept.rules(HERE)).mode is Mode.OFF


async def test_a_use_does_not_take_the_place_of_a_change(
    kept: Channels, database: Database
) -> None:
    """A request takes a while: the limit set meanwhile holds, not the one it began with."""
    studio = Channel(2, 9, ChannelSettings(channel_day=50), owner_id=5)
    async with database.transaction() as conn:
        await rows.put(conn, studio)
    async with kept.paced(THREAD, 5, 1, exempt=False):
        await kept.change(THREAD, channel_day=1)
    assert await kept.limit(THREAD) == ChannelLimit(2, 1)


async def test_direct_messages_have_no_rules(kept: Channels) -> None:
    wish = Wish("a kite")
    assert await kept.enrich(wish, Place(None, 1), 5) is wish
    assert await kept.limit(Place(None, 1)) is None


async def test_characters_take_part_in_new_pictures_and_in_each_turn_of_a_studio(
    kept: Channels, asked: Asked, database: Database
) -> None:
    await kept.change(HERE, characters=("Mia",))
    edit = Wish("in blue", parent=JobId("1"))
    await kept.enrich(Wish("a kite"), HERE, 5)
    await kept.enrich(edit, HERE, 5)
    assert asked.names == [("Mia",)]
    studio = Channel(2, 9, ChannelSettings(characters=("Kit",)), owner_id=5)
    kept.remember(2, studio)
    await kept.enrich(edit, THREAD, 5)
    assert asked.names[1:] == [("Kit",)]


async def test_numbers_out_of_range_are_refused(kept: Channels) -> None:
    with pytest.raises(Invalid):
        await kept.change(HERE, slow_mode_s=-1)
    assert await kept.rules(HERE) == ChannelRules()


async def test_slow_mode_is_shared_with_threads_and_by_person(kept: Channels, hands: Hands) -> None:
    await kept.change(HERE, slow_mode_s=30)
    await pace(kept, HERE, 100)
    await pace(kept, HERE, 100)  # the same event
    assert await waits(kept, THREAD, 101) == 30
    await pace(kept, THREAD, 102, user_id=6)
    hands.at += dt.timedelta(seconds=29.5)
    assert await waits(kept, HERE, 103) == 1
    async with kept.paced(HERE, 5, 104, exempt=True):
        pass
    hands.at += dt.timedelta(seconds=0.5)
    await pace(kept, HERE, 105)


async def test_a_turn_that_came_to_nothing_is_given_back(kept: Channels) -> None:
    await kept.change(HERE, slow_mode_s=30)
    with pytest.raises(ZeroDivisionError):
        async with kept.paced(HERE, 5, 100, exempt=False):
            raise ZeroDivisionError
    await pace(kept, HERE, 101)
    await waits(kept, HERE, 102)


async def test_of_two_at_once_one_waits(kept: Channels) -> None:
    await kept.change(HERE, slow_mode_s=30)

    async def ask(event: int) -> None:
        async with kept.paced(HERE, 5, event, exempt=False):
            await asyncio.sleep(0)

    ends = await asyncio.gather(ask(1), ask(2), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "RequestError"]


async def test_a_use_opens_a_studio(kept: Channels, hands: Hands, database: Database) -> None:
    studio = Channel(2, 9, owner_id=5)
    async with database.transaction() as conn:
        await rows.put(conn, studio)
    await pace(kept, THREAD, 100)
    found = await kept.get(2)
    assert found is not None
    assert found.active_at == hands.at


async def test_one_hint_a_person(kept: Channels, database: Database, hands: Hands) -> None:
    assert await kept.hint_is_due(5)
    assert not await kept.hint_is_due(5)
    again = Channels(database, hands, Asked().cast, Asked().style)
    assert not await again.hint_is_due(5)
    assert await again.hint_is_due(6)


async def test_the_channels_limit_is_a_counter_of_its_own(
    kept: Channels, database: Database, hands: Hands
) -> None:
    quotas = Quotas(database, hands, Limits(1, 2, 3), kept.limit)
    assert [one.limit for one in await quotas.counters(THREAD, 5)] == [
        Limit.PERSON_DAY,
        Limit.GUILD_DAY,
        Limit.GUILD_MONTH,
    ]
    await kept.change(HERE, channel_day=7)
    assert await kept.limit(THREAD) == ChannelLimit(1, 7)
    _, own, *_ = await quotas.counters(THREAD, 5)
    assert (own.limit, own.scope, own.period, own.allowed) == (
        Limit.CHANNEL_DAY,
        "channel:1",
        "2026-03-01",
        7,
    )
    await kept.change(THREAD, channel_day=0)
    assert await kept.limit(THREAD) == ChannelLimit(2, 0)

"""The picture of a paid answer lies behind a link, and the bot is stopped while it is fetched."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from bot.storage import jobs
from tests.flows.conftest import World
from tests.flows.test_cancelled_drawing import cancel, doubts, in_state, until
from tests.flows.trouble import Trouble

SLOW = Fault(Kind.HANG)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def fetching(trouble: Trouble) -> JobId:
    """Ask for a picture; wait until the answer was read and its link is being followed."""
    trouble.world.provider.faults.once(SLOW, route="file")
    await trouble.imagine()
    await until(lambda: len(trouble.fetched()) == 1)
    [job_id] = await in_state(trouble.world, State.DRAWING)
    return job_id


def paid(world: World) -> int:
    """How many calls were paid for."""
    return len(world.provider.said)


async def test_stopped_it_is_fetched_afterwards(trouble: Trouble, world: World) -> None:
    job_id = await fetching(trouble)
    noted = await world.row(job_id)
    assert len(noted.links) == 1
    await world.restart()
    row = await world.row_of(await world.drawn())
    assert (row.id, row.state, row.links) == (job_id, State.SETTLED, ())
    [said] = world.provider.said
    assert (row.cost_usd_micros, row.request_id) == (said.billed_usd_micros, said.request_id)
    assert (row.text, row.model, row.took_s >= noted.took_s) == (noted.text, noted.model, True)
    assert await trouble.guild_usd_micros() == said.billed_usd_micros
    assert len(trouble.fetched()) == 2
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_stopped_twice(trouble: Trouble, world: World) -> None:
    await fetching(trouble)
    world.provider.faults.once(SLOW, route="file")
    await world.restart()
    await until(lambda: len(trouble.fetched()) == 2)
    await world.restart()
    assert (await world.drawn()).attachments
    assert paid(world) == 1
    await trouble.over()


async def test_a_link_that_has_ended_meanwhile(trouble: Trouble, world: World) -> None:
    job_id = await fetching(trouble)
    world.provider.faults.always(Fault(Kind.STATUS, status=404), route="file")
    await world.restart()
    assert await world.ended() == (job_id, State.FAILED)
    row = await world.row(job_id)
    [said] = world.provider.said
    assert (row.error_key, row.request_id) == ("result_fetch_failed", said.request_id)
    assert await doubts(world) == []  # its price was in the answer
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros > 0
    world.provider.faults.clear()
    await trouble.nothing_counted()
    await trouble.over()


async def test_the_hosts_are_checked_again(trouble: Trouble, world: World) -> None:
    job_id = await fetching(trouble)
    await world.easel.bot.close()
    async with world.easel.database.transaction() as conn:
        await jobs.update(conn, job_id, links=("https://evil.example/a.png",))
    await world.restart()
    assert await world.ended() == (job_id, State.FAILED)
    assert (await world.row(job_id)).error_key == "result_host_not_allowed"
    assert len(trouble.fetched()) == 1
    await trouble.over()


async def test_cancelled_it_costs_what_it_cost(trouble: Trouble, world: World) -> None:
    job_id = await fetching(trouble)
    assert (await cancel(world, job_id)).at_work
    assert await doubts(world) == []  # the price is known already
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros > 0
    await trouble.nothing_counted(but=1)
    await world.restart()
    await asyncio.sleep(0.3)
    assert world.ends.empty()
    assert len(trouble.fetched()) == 1
    await trouble.over()


@pytest.mark.parametrize("route", ["async-image", "chat-async"])
class TestLater:
    @pytest.fixture
    def settings(self, settings: dict[str, str], route: str) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": route}

    async def test_its_result_is_not_asked_for_again(self, trouble: Trouble, world: World) -> None:
        await fetching(trouble)
        before = [call.route for call in world.provider.calls if call.route != "file"]
        await world.restart()
        row = await world.row_of(await world.drawn())
        calls = [call.route for call in world.provider.calls if call.route != "file"]
        assert calls == before
        assert row.cost_usd_micros == world.provider.billed_usd_micros > 0
        await trouble.nothing_counted(but=1)

"""Calls that may have been paid: the picture is given back at once, the money when it is known."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.domain.ids import JobId
from bot.domain.jobs import State
from bot.domain.quotes import ceiling_usd_micros
from bot.providers.registry import load_catalogue
from bot.services.costs import FIRST_AFTER, GIVE_UP_AFTER
from bot.standins.provider import Fault, Kind
from bot.storage import ledger
from tests.flows.conftest import World
from tests.flows.trouble import SetClock, Trouble

BILLED = Fault(Kind.STATUS, status=524, billed=True)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_TIMEOUT": "2", "EASEL_PERSON_DAY": "1"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


async def in_doubt(world: World) -> list[JobId]:
    async with world.easel.database.reading() as conn:
        return [doubt.job_id for doubt in await ledger.doubted(conn)]


async def looked_up(world: World) -> None:
    """Start the bot anew, which asks for costs first, and wait until nothing is in doubt."""
    await world.restart()
    async with asyncio.timeout(10):
        while await in_doubt(world):  # noqa: ASYNC110 -- what ends it is another's commit
            await asyncio.sleep(0.05)


def worst(world: World, *routes: str) -> int:
    catalogue = load_catalogue(world.config.model)
    return max(ceiling_usd_micros(catalogue.route(name)) for name in routes or ("chat",))


async def after(
    trouble: Trouble,
    fault: Fault,
    key: str = "outcome_unknown",
    state: State = State.UNKNOWN,
    **values: object,
) -> JobId:
    """A request that meets a fault. Its money is held, its picture given back."""
    trouble.world.provider.faults.once(fault)
    job_id = await trouble.job_told(await trouble.imagine(), key, state=state, **values)
    assert await in_doubt(trouble.world) == [job_id]
    assert await trouble.guild_usd_micros() == worst(trouble.world)
    await trouble.nothing_counted()
    return job_id


@pytest.mark.parametrize(
    ("fault", "key", "state"),
    [
        (BILLED, "outcome_unknown", State.UNKNOWN),
        (Fault(Kind.CUT_IN_BODY), "outcome_unknown", State.UNKNOWN),
        (Fault(Kind.HANG_IN_BODY), "outcome_unknown", State.UNKNOWN),
        (Fault(Kind.REFUSE_FINISH), "refused", State.REFUSED),
    ],
)
async def test_the_true_cost_is_booked_when_the_provider_tells(
    trouble: Trouble, world: World, clock: SetClock, fault: Fault, key: str, state: State
) -> None:
    values = {"reason": "CONTENT_FILTER"} if key == "refused" else {}
    job_id = await after(trouble, fault, key, state, **values)
    [said] = world.provider.said
    assert (await world.row(job_id)).request_id == said.request_id
    clock.at += FIRST_AFTER
    await looked_up(world)
    assert await trouble.guild_usd_micros() == said.billed_usd_micros < worst(world)
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    await trouble.over()


@pytest.mark.parametrize(
    ("kind", "key"),
    [(Kind.LINK_FOREIGN, "result_host_not_allowed"), (Kind.PICTURE_BROKEN, "bad_picture")],
)
async def test_an_answer_that_was_read_has_its_price(
    trouble: Trouble, world: World, kind: Kind, key: str
) -> None:
    world.provider.faults.once(Fault(kind))
    await trouble.job_told(await trouble.imagine(), key)
    assert await in_doubt(world) == []
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros < worst(world)
    await trouble.nothing_counted()


@pytest.mark.parametrize("kind", [Kind.HANG, Kind.CUT_AFTER])
async def test_the_worst_case_is_booked_after_a_day(
    trouble: Trouble, world: World, clock: SetClock, kind: Kind
) -> None:
    job_id = await after(trouble, Fault(kind))
    assert (await world.row(job_id)).request_id is None
    clock.at += GIVE_UP_AFTER - dt.timedelta(seconds=1)
    await world.restart()
    await asyncio.sleep(0.3)
    assert await in_doubt(world) == [job_id]
    clock.at += dt.timedelta(seconds=1)
    await looked_up(world)
    assert await trouble.guild_usd_micros() == worst(world)
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    await trouble.over()


async def test_who_met_a_fault_may_ask_again_at_once(trouble: Trouble, world: World) -> None:
    await after(trouble, BILLED)
    await trouble.over()  # the one picture of the day is still hers
    assert trouble.asked() == 2
    [unknown, drawn] = [said.billed_usd_micros for said in world.provider.said]
    assert await trouble.guild_usd_micros() == worst(world) + drawn > unknown + drawn


class TestSeveralRoutes:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": "chat-async per-call-image"}

    async def test_the_id_of_a_call_that_was_not_paid_is_forgotten(
        self, trouble: Trouble, world: World, clock: SetClock
    ) -> None:
        world.provider.faults.once(Fault(Kind.STATUS, status=429), "work")
        world.provider.faults.once(Fault(Kind.CUT_AFTER), "per-call-image")
        job_id = await trouble.job_told(
            await trouble.imagine(), "outcome_unknown", state=State.UNKNOWN
        )
        row = await world.row(job_id)
        assert (row.route, row.request_id) == ("per-call-image", None)
        assert [call.route for call in world.provider.calls if call.method == "POST"] == [
            "chat-async",
            "per-call-image",
        ]
        clock.at += FIRST_AFTER
        await world.restart()
        await asyncio.sleep(0.3)
        assert await in_doubt(world) == [job_id]
        assert not [call for call in world.provider.calls if call.route == "record"]
        assert await trouble.guild_usd_micros() == worst(world, "chat-async", "per-call-image")
        await trouble.nothing_counted()

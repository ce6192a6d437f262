"""A request is cancelled while it is drawn, but nothing that may be billed was sent for it."""

from __future__ import annotations

import pytest
from simcord.results import InteractionResult

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from bot.ui.texts import say
from tests.flows.conftest import World
from tests.flows.test_cancelled_drawing import cancel, doubts, in_state, until
from tests.flows.trouble import Trouble
from tests.flows.waiting import shown
from tests.media.pictures import corners, written

PHOTO = ("cat.png", written(corners(), "PNG"))


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "EASEL_CONCURRENCY": "1", "EASEL_GRACE": "0"}


async def waits(trouble: Trouble, seconds: float) -> InteractionResult:
    """A wish that the provider did not take, and for which it asked for patience."""
    busy = Fault(Kind.STATUS, status=429, retry_after_s=seconds)
    trouble.world.provider.faults.once(busy)
    result = await trouble.imagine()
    await until(lambda: "provider_busy, again in" in trouble.log.text)
    assert await in_state(trouble.world, State.DRAWING)
    return result


async def nothing_spent(trouble: Trouble) -> None:
    assert await doubts(trouble.world) == []
    assert await trouble.guild_usd_micros() == 0
    await trouble.nothing_counted()


async def test_while_the_provider_asks_for_patience(trouble: Trouble, world: World) -> None:
    result = await waits(trouble, 30.0)
    assert result.response is not None
    await world.alice.click(result.response, label="Cancel")
    assert shown(result).startswith(say("cancelled", user=world.alice.id))
    assert (await world.ended())[1] is State.CANCELLED
    await nothing_spent(trouble)
    assert trouble.asked() == 1
    await trouble.over()


async def test_the_engine_is_too_late(trouble: Trouble, world: World) -> None:
    await waits(trouble, 1.0)
    [job_id] = await in_state(world, State.DRAWING)
    world.easel.cancelling.open(None)
    assert not (await cancel(world, job_id)).at_work
    await until(lambda: not world.easel.line.drawing())
    assert trouble.asked() == 1, "what was given back is not spent after it"
    assert (await world.row(job_id)).state is State.CANCELLED
    await nothing_spent(trouble)
    await trouble.over()


async def test_a_second_try_is_sent(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 30.0
    await waits(trouble, 0.1)
    await until(lambda: trouble.asked() == 2)
    [job_id] = await in_state(world, State.DRAWING)
    assert (await cancel(world, job_id)).at_work
    assert await doubts(world) == [job_id]
    assert await trouble.guild_usd_micros() > 0


class TestUploads:
    @pytest.fixture
    def settings(self, settings: dict[str, str]) -> dict[str, str]:
        return {**settings, "EASEL_ROUTES": "chat-async per-call-edit"}

    async def test_after_a_route_that_took_nothing(self, trouble: Trouble, world: World) -> None:
        world.provider.faults.once(Fault(Kind.STATUS, status=429), "work")
        world.provider.faults.once(Fault(Kind.HANG), "upload")
        await trouble.imagine(image=PHOTO)
        await until(lambda: "upload" in [call.route for call in world.provider.calls])
        [job_id] = await in_state(world, State.DRAWING)
        assert not (await cancel(world, job_id)).at_work
        await nothing_spent(trouble)
        assert {call.route for call in world.provider.calls} <= {
            "chat-async",
            "task-result",
            "upload",
        }

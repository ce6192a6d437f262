"""Several pictures of one wish: each accepted, drawn, posted, charged and refunded by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from bot.ui.texts import sentence
from tests.flows.conftest import World
from tests.flows.trouble import WISH, SetClock, Trouble


def answers(result: InteractionResult) -> list[ResponseMessage]:
    assert result.response is not None
    return [result.response, *result.followups]


async def ends(world: World, count: int) -> list[State]:
    return sorted([(await world.ended())[1] for _ in range(count)])


async def spent(world: World, result: InteractionResult) -> int:
    """What the rows of the pictures say that they cost."""
    rows = [await world.row_of(one.message) for one in answers(result) if one.attachments]
    return sum(row.cost_usd_micros for row in rows)


async def test_each_is_a_request_by_itself(trouble: Trouble, world: World) -> None:
    world.provider.delay_s = 0.7
    result = await trouble.imagine(count=3)
    assert await ends(world, 3) == [State.SETTLED] * 3
    first, *others = answers(result)
    assert [len(one.attachments) for one in (first, *others)] == [1, 1, 1]
    assert not any(one.ephemeral for one in (first, *others))
    assert len(world.said()) == 3
    rows = [await world.row_of(one.message) for one in (first, *others)]
    event = rows[0].id
    assert [row.id for row in rows] == [event, f"{event}-1", f"{event}-2"]
    times = [call.at_s for call in world.provider.calls if call.route == "chat"]
    assert len(times) == 3
    assert max(times) - min(times) < 0.7, "they are drawn one after another"
    assert await trouble.guild_usd_micros() == await spent(world, result) > 3 * 38_000
    await trouble.nothing_counted(but=3)


async def test_one_that_fails_is_refunded_alone(trouble: Trouble, world: World) -> None:
    world.provider.faults.once(Fault(Kind.STATUS, status=400))
    result = await trouble.imagine(count=3)
    assert await ends(world, 3) == [State.FAILED, State.SETTLED, State.SETTLED]
    shown = sorted(len(one.attachments) for one in answers(result))
    assert shown == [0, 1, 1]
    assert trouble.asked() == 3
    assert await trouble.guild_usd_micros() == await spent(world, result)
    await trouble.nothing_counted(but=2)
    [failed] = [one for one in answers(result) if not one.attachments]
    await world.bob.click(failed, label="Try again")
    await world.drawn()
    assert trouble.asked() == 4


@pytest.mark.parametrize("allowed", [1, 3])
async def test_what_the_limit_allows_is_drawn(trouble: Trouble, world: World, allowed: int) -> None:
    await world.mod.slash(world.channel, "limits", person_day=allowed)
    result = await trouble.imagine(count=4)
    assert await ends(world, allowed) == [State.SETTLED] * allowed
    *drawn, told = answers(result)
    assert [len(one.attachments) for one in drawn] == [1] * allowed
    assert told.ephemeral
    start = sentence("quota_person_day", {"limit": allowed, "used": allowed, "returns_at": 1})
    assert told.content.startswith(start.partition("<t:")[0])
    assert trouble.asked() == allowed
    assert world.ends.empty()


async def test_nothing_is_drawn_where_nothing_is_allowed(trouble: Trouble, world: World) -> None:
    await world.mod.slash(world.channel, "limits", server_day=0)
    trouble.refused(await trouble.imagine(count=4), "quota_none")
    assert trouble.asked() == 0


async def test_private_ones_are_seen_by_one(trouble: Trouble, world: World) -> None:
    result = await trouble.imagine(count=2, private=True)
    assert await ends(world, 2) == [State.SETTLED] * 2
    assert [(one.ephemeral, len(one.attachments)) for one in answers(result)] == [(True, 1)] * 2


async def test_again_asks_for_one(trouble: Trouble, world: World) -> None:
    result = await trouble.imagine(count=2)
    await ends(world, 2)
    await world.bob.click(answers(result)[1], label="Again")
    await world.drawn()
    assert trouble.asked() == 3
    assert world.ends.empty()


async def test_a_further_answer_that_discord_refused(trouble: Trouble, world: World) -> None:
    world.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    result = await trouble.imagine(count=2)
    assert await ends(world, 2) == [State.SETTLED] * 2
    assert len([one for one in world.messages() if one["attachments"]]) == 2
    assert len(world.said()) == 2
    assert result.response is not None
    assert trouble.asked() == 2


@pytest.mark.parametrize("token", [True, False])
async def test_answers_are_found_whose_ids_were_lost(
    trouble: Trouble, world: World, *, token: bool
) -> None:
    world.provider.delay_s = 0.7
    result = await trouble.imagine(count=3)
    async with world.easel.database.transaction() as conn:
        lost = "answer_id = NULL" if token else "answer_id = NULL, token = NULL"
        await conn.exec_driver_sql(f"UPDATE jobs SET {lost}")  # noqa: S608 -- both are ours
    assert await ends(world, 3) == [State.SETTLED] * 3
    assert len(world.said()) == 3
    rows = [await world.row_of(one.message) for one in answers(result)]
    assert [row.id.partition("-")[2] for row in rows] == ["", "1", "2"]


async def test_they_outlive_a_restart(trouble: Trouble, world: World) -> None:
    result = await trouble.imagine(count=2)
    await ends(world, 2)
    await world.restart()
    second = world.message(answers(result)[1].id)
    await world.alice.send(world.channel, "make it night", reply_to=second)
    await world.drawn()
    edit = [call for call in world.provider.calls if call.route == "chat"][-1]
    assert WISH in str(edit.body)


class TestWithATokenThatDied:
    LIFE = dt.timedelta(minutes=15)

    @pytest.fixture
    def clock(self) -> SetClock:
        return SetClock()

    async def ask(self, trouble: Trouble, clock: SetClock, **options: object) -> InteractionResult:
        trouble.world.provider.delay_s = 0.5
        result = await trouble.imagine(count=2, **options)
        clock.at += self.LIFE
        trouble.world.env.backend.advance_clock(self.LIFE.total_seconds())
        return result

    async def test_they_are_channel_messages(
        self, trouble: Trouble, world: World, clock: SetClock
    ) -> None:
        result = await self.ask(trouble, clock)
        assert await ends(world, 2) == [State.SETTLED] * 2
        assert [len(one.attachments) for one in answers(result)] == [1, 1]
        assert len(world.said()) == 2
        patched = [one for one in world.env.http_requests if one.path.startswith("/webhooks/")]
        assert [one.method for one in patched] == ["POST"], "only «drawing» went by the token"

    async def test_new_ones_where_nothing_was_said(
        self, trouble: Trouble, world: World, clock: SetClock
    ) -> None:
        world.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
        await self.ask(trouble, clock)
        assert await ends(world, 2) == [State.SETTLED] * 2
        assert len([one for one in world.messages() if one["attachments"]]) == 2

    async def test_private_ones_go_as_direct_messages(
        self, trouble: Trouble, world: World, clock: SetClock
    ) -> None:
        await self.ask(trouble, clock, private=True)
        assert await ends(world, 2) == [State.SETTLED] * 2
        assert not [one for one in world.messages() if one["attachments"]]
        dm = world.env.backend.dm_channels[world.alice.id]
        assert len([m for m in world.env.backend.messages[dm].values() if m.attachments]) == 2

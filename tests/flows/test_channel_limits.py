"""`/channel`: a channel's defaults, its own limit, slow mode, and what is not for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.domain.jobs import State
from bot.standins.provider import Fault, Kind
from tests.flows.channels import a_thread, galleries, public, rule, shown, size_of
from tests.flows.conftest import World
from tests.flows.trouble import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class TestDefaults:
    async def test_ratio_and_style_hold_where_a_wish_names_none(self, world: World) -> None:
        assert "16\\:9" in await rule(world, "aspect", ratio="16:9")
        assert "sticker" in (await rule(world, "style", style="sticker")).lower()
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        first = await world.drawn()
        assert await size_of(world, first) == (1344, 768)
        row = await world.row_of(first)
        assert row.wish.words == "a red kite"
        assert row.wish.told not in (None, "a red kite")
        await world.alice.slash(world.channel, "imagine", prompt="a kite", aspect="1:1")
        assert await size_of(world, await world.drawn()) == (1024, 1024)

    async def test_an_edit_keeps_its_pictures_shape_and_words(self, world: World) -> None:
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        first = await world.drawn()
        await rule(world, "aspect", ratio="16:9")
        await rule(world, "style", style="sticker")
        await world.alice.send(world.channel, "make it night", reply_to=first)
        second = await world.drawn()
        assert await size_of(world, second) == (1024, 1024)
        assert (await world.row_of(second)).wish.told is None

    async def test_what_there_is_not_is_refused(self, world: World) -> None:
        assert "no ratio" in await rule(world, "aspect", ratio="7:5")
        assert "style" in await rule(world, "style", style="nonesuch")
        assert "no character" in await rule(world, "characters", names="@nobody")
        said = await rule(world, "show")
        assert said.count("none") == 5


class TestSlowMode:
    async def test_a_second_wish_waits(self, world: World, clock: SetClock) -> None:
        assert "30 seconds" in await rule(world, "slow", seconds=30)
        await world.alice.slash(world.channel, "imagine", prompt="one", count=2)
        await world.drawn()
        await world.drawn()
        refused = await world.alice.slash(world.channel, "imagine", prompt="two")
        assert "Slow mode" in shown(refused)
        await world.restart()
        assert "Slow mode" in shown(
            await world.alice.slash(world.channel, "imagine", prompt="three")
        )
        await world.bob.slash(world.channel, "imagine", prompt="somebody else's")
        await world.drawn()
        clock.at += dt.timedelta(seconds=31)
        await world.alice.slash(world.channel, "imagine", prompt="four")
        await world.drawn()

    async def test_moderators_are_exempt(self, world: World) -> None:
        await rule(world, "slow", seconds=30)
        await rule(world, "mode", mode="art")
        for words in ("one", "two"):
            await world.mod.send(world.channel, words)
            await world.drawn()

    async def test_a_refused_wish_is_no_turn(self, world: World) -> None:
        await rule(world, "slow", seconds=30)
        await world.mod.slash(world.channel, "limits", person_day=0)
        await world.alice.slash(world.channel, "imagine", prompt="one")
        await world.mod.slash(world.channel, "limits", person_day=5)
        await world.alice.slash(world.channel, "imagine", prompt="two")
        await world.drawn()

    async def test_the_same_event_twice_is_one_turn(self, world: World) -> None:
        await rule(world, "slow", seconds=30)
        await rule(world, "mode", mode="art")
        message = await world.alice.send(world.channel, "a lighthouse")
        await world.drawn()
        world.env.bot.dispatch("message", message)
        await world.env.settle()
        assert len(public(world)) == 1


class TestQuota:
    async def test_it_is_counted_shown_and_named(self, world: World) -> None:
        assert "2 pictures a day" in await rule(world, "quota", pictures=2)
        await world.alice.slash(world.channel, "imagine", prompt="one")
        starter = await world.drawn()
        thread = await a_thread(world, starter)
        await world.alice.send(thread, f"<@{world.env.backend.bot_user.id}> two")
        await world.drawn()
        quota = shown(await world.bob.slash(world.channel, "quota"))
        assert "**This channel, today**: 0 of 2" in quota
        refused = shown(await world.bob.slash(world.channel, "imagine", prompt="three"))
        assert "This channel has used 2 of its 2" in refused
        other = world.guild.create_text_channel("other")
        await world.bob.slash(other, "imagine", prompt="three")
        await world.drawn()

    async def test_a_failure_gives_it_back(self, world: World) -> None:
        await rule(world, "quota", pictures=1)
        world.provider.faults.once(Fault(Kind.STATUS, status=400))
        await world.alice.slash(world.channel, "imagine", prompt="one")
        _, state = await world.ended()
        assert state is State.FAILED
        assert "1 of 1 left" in shown(await world.alice.slash(world.channel, "quota"))
        await world.alice.slash(world.channel, "imagine", prompt="two")
        await world.drawn()

    async def test_zero_is_none(self, world: World) -> None:
        await rule(world, "quota", pictures=0)
        refused = shown(await world.bob.slash(world.channel, "imagine", prompt="three"))
        assert "switched off" in refused


class TestNotForEverybody:
    async def test_pictures_behind_a_spoiler(self, world: World) -> None:
        await rule(world, "nsfw", rule="spoiler")
        await world.alice.slash(world.channel, "imagine", prompt="a red kite")
        message = await world.drawn()
        [gallery] = galleries(world, message)
        assert [item["spoiler"] for item in gallery["items"]] == [True]

    async def test_age_restricted_channels_only(self, world: World) -> None:
        await rule(world, "nsfw", rule="age_restricted")
        refused = shown(await world.bob.slash(world.channel, "imagine", prompt="a kite"))
        assert "age-restricted" in refused
        channel: Any = world.env.bot.get_channel(world.channel.id)
        channel.nsfw = True  # the simulation does not keep it
        await world.bob.slash(world.channel, "imagine", prompt="a kite")
        starter = await world.drawn()
        thread = await a_thread(world, starter)
        await world.bob.send(thread, f"<@{world.env.backend.bot_user.id}> a boat")
        await world.drawn()

"""Wishes that cannot be drawn as they stand, and limits that are used up."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.services.generate import MAX_WORDS
from bot.ui.texts import sentence
from tests.flows.trouble import WISH, SetClock, Trouble

PERSON, SERVER_DAY, SERVER_MONTH = "quota_person_day", "quota_guild_day", "quota_guild_month"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


async def test_an_empty_wish(trouble: Trouble) -> None:
    trouble.refused(await trouble.imagine(prompt="   "), "prompt_empty")
    world = trouble.world
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}>")
    assert world.said()[-1] == sentence("prompt_empty")
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_wish_that_is_too_long(trouble: Trouble) -> None:
    world = trouble.world
    for length in (MAX_WORDS + 1, 3900):
        message = await world.alice.send(world.channel, "not for the bot")
        assert world.env.bot.user is not None
        message.mentions.append(world.env.bot.user)  # pyright: ignore[reportArgumentType] -- as Discord's payload gives it
        message.content = f"{world.env.bot.user.mention} {WISH.ljust(length, 'x')}"
        world.env.bot.dispatch("message", message)  # SimCord knows no Nitro, with which 4000 fit
        await world.env.settle()
        assert world.said()[-1] == sentence("prompt_too_long", {"limit": MAX_WORDS})
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_the_longest_wish_is_drawn(trouble: Trouble) -> None:
    await trouble.imagine(prompt=WISH.ljust(MAX_WORDS, "x"))
    await trouble.world.drawn()
    await trouble.over()


@pytest.mark.parametrize(
    ("limit", "key", "returns"),
    [
        ("person_day", PERSON, dt.datetime(2026, 3, 16, tzinfo=dt.UTC)),
        ("server_day", SERVER_DAY, dt.datetime(2026, 3, 16, tzinfo=dt.UTC)),
        ("server_month", SERVER_MONTH, dt.datetime(2026, 4, 1, tzinfo=dt.UTC)),
    ],
)
async def test_a_used_up_limit_says_when_it_returns(
    trouble: Trouble, clock: SetClock, limit: str, key: str, returns: dt.datetime
) -> None:
    world = trouble.world
    await world.mod.slash(world.channel, "limits", **{limit: 1})
    await trouble.imagine()
    await world.drawn()
    values = {"limit": 1, "used": 1, "returns_at": int(returns.timestamp())}
    trouble.refused(await trouble.imagine(), key, **values)
    await world.alice.send(world.channel, f"<@{world.env.backend.bot_user.id}> {WISH}")
    assert world.said()[-1] == sentence(key, values)
    assert f"<t:{int(returns.timestamp())}:R>" in sentence(key, values)
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    clock.at = returns - dt.timedelta(seconds=1)
    trouble.refused(await trouble.imagine(), key, **values)
    clock.at = returns
    await trouble.imagine()
    await world.drawn()
    await world.mod.slash(world.channel, "limits", **{limit: 10})
    await trouble.over()


async def test_switched_off(trouble: Trouble) -> None:
    world = trouble.world
    await world.mod.slash(world.channel, "limits", server_day=0)
    trouble.refused(await trouble.imagine(), "quota_none")
    assert trouble.asked() == 0
    await world.mod.slash(world.channel, "limits", server_day=10)
    await trouble.over()

"""The provider and Discord each fail in three calls of ten, in every way the stand-ins know."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain.jobs import State
from bot.standins.provider import Kind
from tests.crash.crowd import Crowd
from tests.crash.stage import Stage
from tests.crash.weather import bad_discord, bad_provider

SHARE = 0.3
WAVE = 50


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    many = ("EASEL_GUILD_DAY", "EASEL_GUILD_MONTH", "EASEL_PERSON_DAY")
    return {
        **settings,
        **dict.fromkeys(many, "100000"),
        "EASEL_TIMEOUT": "5",
        "EASEL_CONCURRENCY": "40",
    }


async def bad_day(stage: Stage, requests: int, *, seed: int, slow: int) -> Counter[State]:
    crowd = Crowd(stage, seed)
    gateway = stage.discord.gateway
    gateway.overlap = 5
    stage.provider.faults.seed = stage.discord.faults.seed = seed
    stage.provider.faults.__post_init__()
    stage.discord.faults.__post_init__()
    await stage.bot.start()
    bad_provider(stage.provider, SHARE, slow=slow)
    bad_discord(stage.discord, SHARE)
    breaks = (gateway.drop, gateway.reconnect, lambda: gateway.invalidate(resumable=True))
    for wave in range(requests // WAVE):
        await crowd.ask(WAVE)
        await asyncio.sleep(0.5)
        if wave % 2 == 0:
            breaks[wave // 2 % len(breaks)]()
    await crowd.over(60 + requests / 5)
    stage.discord.faults.clear()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    ends = await crowd.judge()
    assert ends[State.SETTLED] > requests * 0.3, ends
    assert "Traceback" not in stage.bot.log.read_text()
    return ends


@pytest.mark.nightly
async def test_fifty_on_a_bad_day(stage: Stage) -> None:
    await bad_day(stage, WAVE, seed=1, slow=0)


@pytest.mark.nightly
async def test_a_thousand_on_a_bad_day(stage: Stage) -> None:
    ends = await bad_day(stage, 1000, seed=2, slow=2)
    assert ends.keys() == {State.SETTLED, State.FAILED, State.REFUSED, State.UNKNOWN}
    assert ends[State.SETTLED] < 800, "it was no bad day"
    assert stage.provider.faults.hits.keys() == set(Kind) - {Kind.LINK_REDIRECT}

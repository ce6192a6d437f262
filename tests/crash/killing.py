"""SIGKILL at random instants, for the tests and for bench/kills.py."""

from __future__ import annotations

import asyncio
import random
from dataclasses import astuple, dataclass

from bot.domain.jobs import ENDED, State
from bot.standins.discord import Fault as Trouble
from tests.crash.stage import Stage


@dataclass(frozen=True)
class Tally:
    """What came of a stage's requests, counted without judging."""

    kills: int = 0
    requests: int = 0
    settled: int = 0
    unknown: int = 0
    doubles: int = 0
    """Calls of the provider for the same words, and messages in the channel, beyond one each."""
    overspend: int = 0
    """Pictures that guilds were charged for, less those that came or may come."""
    needless: int = 0
    """Those of the unknown whose call never reached the provider."""

    def __add__(self, other: Tally) -> Tally:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Tally(*(one + two for one, two in pairs))


async def tally(stage: Stage) -> Tally:
    """Count, once the process has ended."""
    found, books = await stage.read()
    states = [job.state for job in found.values()]
    calls = stage.calls()
    settled = states.count(State.SETTLED)
    open_ = sum(state not in ENDED for state in states)  # counted, and rightly, until they end
    return Tally(
        kills=stage.bot.killed,
        requests=len(found),
        settled=settled,
        unknown=states.count(State.UNKNOWN),
        doubles=(calls.total() - len(calls)) + max(0, len(stage.own()) - len(found)),
        overspend=books.used - settled - open_,
        needless=sum(
            job.state is State.UNKNOWN and not calls[job.wish.words] for job in found.values()
        ),
    )


async def random_kills(stage: Stage, seed: int, kills: int) -> None:
    """People go on asking while the bot is killed and started, at any instant of its life."""
    chance = random.Random(seed)
    stage.discord.faults.sometimes(Trouble(delay_s=0.1), 0.3)
    start_s = await stage.bot.start()
    for _ in range(kills):
        stage.provider.delay_s = chance.choice([0.0, 0.1, 0.3])
        for _ in range(chance.randint(2, 6)):
            await chance.choice([stage.slash, stage.mention])()
            await asyncio.sleep(chance.uniform(0, 0.1))
        await asyncio.sleep(chance.uniform(0, 0.8))
        await stage.bot.kill()
        await stage.bot.launch()
        if chance.random() < 0.3:  # killed while it starts, too
            await asyncio.sleep(chance.uniform(0.4, 1.4) * start_s)
        else:
            await stage.bot.ready()
    await stage.bot.ready()
    await stage.ended()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    jobs = await stage.judge()
    assert len(jobs) >= kills / 2, "hardly anybody was heard"

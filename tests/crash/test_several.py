"""SIGKILL while several pictures of one command get their answers: one message for each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.domain.jobs import State
from tests.crash.stage import Stage

FURTHER = "POST /webhooks/*"
BUTTON = re.compile(r"e1:\w+:([\d-]+)")


def jobs_of(message: dict[str, Any]) -> set[str]:
    """The jobs that a message's buttons act on."""
    return set(BUTTON.findall(str(message["components"])))


@pytest.mark.nightly
@pytest.mark.parametrize("late", [False, True])
async def test_a_kill_between_the_answers(stage: Stage, *, late: bool) -> None:
    discord = stage.discord
    await stage.bot.start()
    said = discord.faults.hold(FURTHER, late=late)
    event = await discord.slash(
        stage.alice, stage.channel, "imagine", prompt=stage.words(), count=4
    )
    wanted = [str(event), *(f"{event}-{number}" for number in (1, 2, 3))]
    await said.reached()
    assert sorted(stage.bot.states()) == sorted(wanted)
    await stage.bot.kill()
    said.release(drop=True)
    # The second bot is killed as well: it has posted a picture and does not know.
    posted = discord.faults.hold(FURTHER, late=True)
    await stage.bot.start()
    await posted.reached()
    await stage.bot.kill()
    posted.release(drop=True)
    await stage.bot.start()
    await stage.ended(*wanted)
    assert len(stage.own()) == 4, stage.bot.tail()
    assert sorted(map(jobs_of, stage.own()), key=str) == sorted(({job} for job in wanted), key=str)
    assert set(stage.bot.states()) == set(wanted)
    ends = set(stage.bot.states().values())
    assert ends <= {State.SETTLED, State.UNKNOWN}
    assert stage.calls().total() <= 4
    await stage.bot.stop()

"""The same event again: at once, after a resume, after a restart and after a kill. One picture."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.jobs import State
from tests.crash.stage import Stage

ASKING = {"INTERACTION_CREATE", "MESSAGE_CREATE"}
A_WHILE_S = 0.5  # in which a second picture would have begun


class Echo:
    """Keeps what people did, to send it to the bot again."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._bot = str(stage.discord.world.backend.bot_user.id)
        self._heard: list[tuple[str, dict[str, Any]]] = []
        self.at_once = 0
        """How often each event comes again the moment it has come."""
        stage.discord.world.backend.subscribers.append(self._hear)

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        if event not in ASKING or payload.get("author", {}).get("id") == self._bot:
            return
        self._heard.append((event, copy.deepcopy(dict(payload))))
        for _ in range(self.at_once):
            self._send(event, payload)

    def _send(self, event: str, payload: Mapping[str, Any]) -> None:
        self._stage.discord.gateway._hear(event, copy.deepcopy(dict(payload)))

    def again(self) -> int:
        """Send everything again; returns how much that is."""
        for event, payload in self._heard:
            self._send(event, payload)
        return len(self._heard)


async def ask(stage: Stage) -> list[str]:
    """Ask in every way there is; returns the jobs."""
    discord, alice, channel = stage.discord, stage.alice, stage.channel
    command, message = await stage.slash(), await stage.mention()
    two = str(await discord.slash(alice, channel, "imagine", prompt=stage.words(), count=2))
    await stage.ended(command, message, two, f"{two}-1")
    [shown] = stage.answers(message)
    reply = await discord.send(stage.bob, channel, "at night", reply_to=int(shown["id"]))
    again = await discord.click(alice, channel, int(shown["id"]), label="Again")
    jobs = [command, message, two, f"{two}-1", str(reply), str(again)]
    await stage.ended(*jobs)
    return jobs


@pytest.mark.nightly
async def test_an_event_that_comes_again_makes_one_picture(stage: Stage) -> None:
    discord, echo = stage.discord, Echo(stage)
    await stage.bot.start()
    echo.at_once = 2
    jobs = await ask(stage)
    echo.at_once = 0

    async def nothing_new() -> None:
        await asyncio.sleep(A_WHILE_S)
        states = stage.bot.states()
        assert states == dict.fromkeys(jobs, State.SETTLED), stage.bot.tail()
        assert len([call for call in stage.provider.calls if call.route == "chat"]) == len(jobs)
        shown = [message["attachments"] for message in stage.own()]
        assert [len(files) for files in shown] == [1] * len(jobs)

    await nothing_new()
    assert echo.again() == 5
    await nothing_new()

    discord.gateway.overlap = 1000  # all of it
    discord.gateway.drop()
    await discord.until(lambda: discord.gateway.resumed == 1)
    await nothing_new()

    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    await stage.bot.start()
    echo.again()
    await nothing_new()

    await stage.bot.kill()
    await stage.bot.start()
    echo.again()
    await nothing_new()
    status, _ = await stage.bot.stop()
    assert status == 0, stage.bot.tail()
    assert "Traceback" not in stage.bot.log.read_text()

from __future__ import annotations

import copy
import datetime as dt
import logging
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

from bot.domain.ids import JobId
from bot.errors import NotAllowed
from bot.ui import layout
from bot.ui.base import ActionButton, EaselLayout, EaselView, Interaction
from bot.ui.english import TEXTS
from tests.ui.conftest import TinyBot

JOB = JobId("1180000000000000000-2")


class Stage:
    """A channel with a person in it, and the bot's hand to post with."""

    def __init__(self, env: Env, bot: TinyBot) -> None:
        guild = env.create_guild()
        self.env, self.bot = env, bot
        self.channel: ChannelHandle = guild.create_text_channel("art")
        self.ann: MemberActor = guild.add_member(env.create_user("ann"))
        self.pressed: list[tuple[JobId, int]] = []
        bot.actions["retry"] = self.note

    async def note(self, interaction: Interaction, job: JobId) -> None:
        self.pressed.append((job, interaction.user.id))
        await interaction.response.send_message("noted", ephemeral=True)

    async def post(self, view: discord.ui.LayoutView | discord.ui.View) -> discord.Message:
        return await self.bot.get_partial_messageable(self.channel.id).send(view=view)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType] -- one overload each for View and LayoutView


@pytest.fixture
def stage(simcord_env: Env, simcord_bot: TinyBot) -> Stage:
    return Stage(simcord_env, simcord_bot)


async def test_a_press_reaches_its_action(stage: Stage) -> None:
    message = await stage.post(layout.failure("No.", retry=JOB))
    answer = await stage.ann.click(message, label="Try again")
    assert stage.pressed == [(JOB, stage.ann.id)]
    assert answer.response is not None
    assert answer.response.content == "noted"


async def test_a_button_outlives_a_restart(stage: Stage) -> None:
    message = await stage.post(layout.failure("No.", retry=JOB))
    fresh = TinyBot()
    fresh.actions["retry"] = stage.note
    await stage.env.restart_bot(fresh)
    await stage.ann.click(message, label="Try again")
    assert stage.pressed == [(JOB, stage.ann.id)]


@pytest.mark.parametrize("end", ["stop", "time-out", "edit"])
async def test_the_class_stays_registered_when_a_message_ends(stage: Stage, end: str) -> None:
    view = layout.failure("No.", retry=JOB)
    old = await stage.post(layout.failure("Older.", retry=JOB))
    if end == "time-out":
        view.timeout = 0.01
    message = await stage.post(view)
    if end == "stop":
        view.stop()
    elif end == "time-out":
        assert await view.wait()
    else:
        await message.edit(view=layout.notice("Gone."))
    await stage.ann.click(old, label="Try again")
    assert stage.pressed == [(JOB, stage.ann.id)]


async def test_a_mixture_does_take_the_class_away(stage: Stage) -> None:
    """The trap itself: if discord.py mends it, the guard below can go."""
    old = await stage.post(layout.failure("Older.", retry=JOB))
    view = discord.ui.LayoutView()
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    items: list[discord.ui.Item[Any]] = [ActionButton.make("retry", JOB), discord.ui.Button()]
    for item in items:
        row.add_item(item)
    view.add_item(row)
    await stage.post(view)
    view.stop()
    result = await stage.ann.click(old, label="Try again")
    assert not result.acknowledged
    assert stage.pressed == []


async def test_a_mixture_is_refused() -> None:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    items: list[discord.ui.Item[Any]] = [ActionButton.make("retry", JOB), discord.ui.Button()]
    mixed = EaselView()
    for item in items:
        row.add_item(item)
        mixed.add_item(item)
    for view in (EaselLayout(row), mixed):
        with pytest.raises(TypeError, match="never both"):
            view.to_components()


async def test_a_link_beside_durable_buttons_is_fine() -> None:
    link: discord.ui.Button[Any] = discord.ui.Button(url="https://example.org")
    items: list[discord.ui.Item[Any]] = [ActionButton.make("retry", JOB), link]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(*items)
    assert EaselLayout(row).to_components()


async def test_what_an_action_raises_is_told(stage: Stage) -> None:
    async def refuse(interaction: Interaction, job: JobId) -> None:
        raise NotAllowed("not_your_picture")

    stage.bot.actions["retry"] = refuse
    message = await stage.post(layout.failure("No.", retry=JOB))
    answer = await stage.ann.click(message, label="Try again")
    assert answer.response is not None
    assert answer.response.ephemeral
    assert answer.response.content == TEXTS["not_your_picture"]


async def test_a_fault_is_told_after_an_answer_too(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(interaction: Interaction, job: JobId) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        raise ValueError("inner")

    stage.bot.actions["retry"] = fail
    message = await stage.post(layout.failure("No.", retry=JOB))
    answer = await stage.ann.click(message, label="Try again")
    said = answer.response or answer.followups[0]
    assert said.ephemeral
    assert said.content.startswith("Something went wrong on my side.")
    assert "inner" not in said.content
    assert any(record.levelno == logging.ERROR for record in caplog.records)


@pytest.mark.parametrize("custom_id", ["e1:unheard:5", "e9:retry:5", "e0:whatever"])
async def test_a_button_of_another_version_says_so(stage: Stage, custom_id: str) -> None:
    button: discord.ui.Button[Any] = discord.ui.Button(label="Old", custom_id=custom_id)
    view = discord.ui.View()
    view.add_item(button)
    message = await stage.post(view)
    view.stop()
    answer = await stage.ann.click(message, label="Old")
    assert answer.response is not None
    assert answer.response.content == TEXTS["button_old"]


async def test_a_late_press_is_dropped(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await stage.post(layout.failure("No.", retry=JOB))
    now = discord.utils.utcnow

    def later() -> dt.datetime:
        return now() + dt.timedelta(seconds=2.9)

    await stage.ann.click(message, label="Try again")
    monkeypatch.setattr(discord.utils, "utcnow", later)
    result = await stage.ann.click(message, label="Try again")
    assert not result.acknowledged
    assert len(stage.pressed) == 1
    assert "late" in caplog.text


async def test_an_answer_that_discord_refuses_is_logged_only(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(interaction: Interaction, job: JobId) -> None:
        raise NotAllowed("not_your_picture")

    stage.bot.actions["retry"] = refuse
    message = await stage.post(layout.failure("No.", retry=JOB))
    stage.env.inject_error(
        "POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction"
    )
    result = await stage.ann.click(message, label="Try again")
    assert not result.acknowledged
    assert "could not show" in caplog.text


async def test_an_answer_given_twice_becomes_a_follow_up(stage: Stage) -> None:
    async def refuse(interaction: Interaction, job: JobId) -> None:
        # Discord knows of an answer that this interaction's own object knows nothing of.
        twin = copy.copy(interaction)
        await twin.response.send_message("first", ephemeral=True)
        assert not interaction.response.is_done()
        raise NotAllowed("not_your_picture")

    stage.bot.actions["retry"] = refuse
    message = await stage.post(layout.failure("No.", retry=JOB))
    answer = await stage.ann.click(message, label="Try again")
    assert [said.content for said in answer.followups] == [TEXTS["not_your_picture"]]


class Dialog(EaselView):
    @discord.ui.button(label="Go")
    async def go(self, interaction: Interaction, button: discord.ui.Button[Dialog]) -> None:
        raise NotAllowed


class DialogLayout(EaselLayout):
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()

    @row.button(label="Go")
    async def go(self, interaction: Interaction, button: discord.ui.Button[Any]) -> None:
        raise NotAllowed


@pytest.mark.simcord(check_errors=False)  # the error is meant, and simcord counts it
@pytest.mark.parametrize("kind", [Dialog, DialogLayout])
async def test_what_a_dialog_raises_is_told(
    stage: Stage, kind: type[Dialog] | type[DialogLayout]
) -> None:
    view = kind(timeout=60)
    message = await stage.post(view)
    answer = await stage.ann.click(message, label="Go")
    assert answer.response is not None
    assert answer.response.content == TEXTS["not_allowed"]
    view.stop()


@pytest.mark.simcord(check_errors=False)
async def test_what_a_command_raises_is_told(stage: Stage) -> None:
    answer = await stage.ann.slash(stage.channel, "fail", word="x")
    assert answer.response is not None
    assert answer.response.ephemeral
    assert answer.response.content == TEXTS["prompt_empty"]


async def test_an_autocomplete_gets_no_message(stage: Stage) -> None:
    assert not await stage.ann.autocomplete(stage.channel, "fail", "word", "x")
    answers = [call.json for call in stage.env.http_requests if call.path.endswith("/callback")]
    assert answers == [{"type": 8, "data": {"choices": []}}]  # the library's own, with no choice

from __future__ import annotations

import pytest
from simcord.env import Env

from bot.domain.ids import JobId
from bot.errors import RequestError
from bot.ui import layout
from bot.ui.answers import Answers
from bot.ui.base import Interaction
from bot.ui.english import TEXTS
from bot.ui.forms import PICTURES, WORDS, EditForm, WishForm
from tests.ui.conftest import TinyBot
from tests.ui.discord_schema import validate

JOB = JobId("7")
PNG = b"\x89PNG\r\n\x1a\n"


async def test_discord_takes_the_form() -> None:
    validate("ModalInteractionCallbackRequestData", EditForm("edit_turn", JOB).to_dict())


@pytest.mark.parametrize("words", ["a kite", "kite " * 900])
async def test_discord_takes_the_form_of_a_wish(words: str) -> None:
    validate("ModalInteractionCallbackRequestData", WishForm("reword", JOB, words).to_dict())


class Sender:
    """Opens the form by a button, and keeps what was sent."""

    def __init__(self, env: Env, bot: TinyBot) -> None:
        guild = env.create_guild()
        self.bot, self.channel = bot, guild.create_text_channel("art")
        self.ann = guild.add_member(env.create_user("ann"))
        self.sent: list[tuple[str, list[str]]] = []
        self.fault: Exception | None = None
        bot.actions["retry"] = self.ask
        bot.forms["edit_turn"] = self.submit

    async def ask(self, interaction: Interaction, job: JobId) -> None:
        await interaction.response.send_modal(EditForm("edit_turn", job))

    async def submit(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        if self.fault is not None:
            raise self.fault
        assert subject == JOB
        files = [one.filename for one in answers.files(PICTURES)]
        self.sent.append((answers.text(WORDS), files))
        await interaction.response.send_message("sent", ephemeral=True)


async def test_the_form_hands_on_what_was_written(simcord_env: Env, simcord_bot: TinyBot) -> None:
    sender = Sender(simcord_env, simcord_bot)
    channel = simcord_bot.get_partial_messageable(sender.channel.id)
    message = await channel.send(view=layout.failure("No.", retry=JOB))
    shown = await sender.ann.click(message, label="Try again")
    assert shown.modal is not None
    assert shown.modal["title"] == TEXTS["form_edit_title"]
    await sender.ann.submit_modal(shown, {"words": "make it night"})
    shown = await sender.ann.click(message, label="Try again")
    files = [("a.png", PNG), ("b.png", PNG)]
    answer = await sender.ann.submit_modal(shown, {"words": "like these", "pictures": files})
    assert sender.sent == [("make it night", []), ("like these", ["a.png", "b.png"])]
    assert answer.response is not None
    assert answer.response.content == "sent"


@pytest.mark.simcord(check_errors=False)  # the error is meant, and simcord counts it
async def test_what_the_form_raises_is_told(simcord_env: Env, simcord_bot: TinyBot) -> None:
    sender = Sender(simcord_env, simcord_bot)
    sender.fault = RequestError("prompt_empty")
    channel = simcord_bot.get_partial_messageable(sender.channel.id)
    message = await channel.send(view=layout.failure("No.", retry=JOB))
    shown = await sender.ann.click(message, label="Try again")
    answer = await sender.ann.submit_modal(shown, {"words": " "})
    assert answer.response is not None
    assert answer.response.ephemeral
    assert answer.response.content == TEXTS["prompt_empty"]

"""Forms: what a person is asked for in a window of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord

from bot.ui import texts
from bot.ui.base import EaselModal, Interaction

WISH_MAX = 2000  # characters; as much as a Discord message holds
REFERENCES_MAX = 2  # with the picture itself the three the model works best with

Send: TypeAlias = Callable[[Interaction, str], Awaitable[None]]
Submit: TypeAlias = Callable[[Interaction, str, list[discord.Attachment]], Awaitable[None]]


class EditForm(EaselModal):
    """Asks what to change in a picture, and for pictures to take things from.

    `submit(interaction, words, attachments)` is awaited when the form is sent; what it raises
    is told to the person.
    """

    def __init__(self, submit: Submit) -> None:
        super().__init__(title=texts.say("form_edit_title"))
        self._submit = submit
        self._words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            placeholder=texts.say("form_edit_words_example"),
            min_length=1,
            max_length=WISH_MAX,
        )
        self._pictures: discord.ui.FileUpload[Any] = discord.ui.FileUpload(
            custom_id="pictures", required=False, min_values=0, max_values=REFERENCES_MAX
        )
        self.add_item(discord.ui.Label(text=texts.say("form_edit_words"), component=self._words))
        self.add_item(
            discord.ui.Label(
                text=texts.say("form_edit_pictures"),
                description=texts.say("form_edit_pictures_hint"),
                component=self._pictures,
            )
        )

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Hand the answers on."""
        await self._submit(interaction, self._words.value, list(self._pictures.values))


class WishForm(EaselModal):
    """Shows a wish to be changed before it is drawn.

    `send(interaction, words)` is awaited when the form is sent; what it raises is told to the
    person.
    """

    def __init__(self, words: str, send: Send) -> None:
        super().__init__(title=texts.say("form_reword_title"))
        self._send = send
        self._words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="words",
            style=discord.TextStyle.paragraph,
            default=words[:WISH_MAX],
            min_length=1,
            max_length=WISH_MAX,
        )
        self.add_item(discord.ui.Label(text=texts.say("form_reword_words"), component=self._words))

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Hand the words on."""
        await self._send(interaction, self._words.value)

"""The forms about characters and avatars, as in `forms`."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.characters import NOTE_MAX
from bot.domain.names import NAME_MAX, NAME_MIN
from bot.ui import texts
from bot.ui.base import EaselModal
from bot.ui.forms import WISH_MAX, WORDS

NAME, NOTE = "name", "note"


class CharacterForm(EaselModal):
    """Asks for the name and the note of a new character."""

    def __init__(self, form: str, subject: str) -> None:
        super().__init__(form, subject, title=texts.say("form_character_title"))
        self.ask(
            "form_character_name",
            discord.ui.TextInput[Any](
                custom_id=NAME,
                min_length=NAME_MIN,
                max_length=NAME_MAX + 1,  # with an @ before it
            ),
            hint="form_character_name_hint",
        )
        self.ask(
            "form_character_note",
            discord.ui.TextInput[Any](
                custom_id=NOTE,
                style=discord.TextStyle.paragraph,
                required=False,
                max_length=NOTE_MAX,
            ),
            hint="form_character_note_hint",
        )


class AvatarForm(EaselModal):
    """Asks what to draw with somebody's avatar."""

    def __init__(self, form: str, subject: str) -> None:
        super().__init__(form, subject, title=texts.say("form_avatar_title"))
        self.ask(
            "form_avatar_words",
            discord.ui.TextInput[Any](
                custom_id=WORDS,
                style=discord.TextStyle.paragraph,
                placeholder=texts.say("form_avatar_words_example"),
                min_length=1,
                max_length=WISH_MAX,
            ),
        )

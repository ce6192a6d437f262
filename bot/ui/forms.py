"""Forms: what a person is asked for in a window of its own.

A form is named by its custom id, `e1:<form>:<subject>`; the client's `forms` say what is done
with its answers (`bot/ui/answers.py`).
"""

from __future__ import annotations

from typing import Any

import discord

from bot.ui import texts
from bot.ui.base import EaselModal

WISH_MAX = 2000  # characters; as much as a Discord message holds
REFERENCES_MAX = 2  # with the picture itself the three the model works best with

WORDS, PICTURES = "words", "pictures"


class EditForm(EaselModal):
    """Asks what to change in a picture, and for pictures to take things from."""

    def __init__(self, form: str, subject: str) -> None:
        super().__init__(form, subject, title=texts.say("form_edit_title"))
        self.ask(
            "form_edit_words",
            discord.ui.TextInput[Any](
                custom_id=WORDS,
                style=discord.TextStyle.paragraph,
                placeholder=texts.say("form_edit_words_example"),
                min_length=1,
                max_length=WISH_MAX,
            ),
        )
        self.ask(
            "form_edit_pictures",
            discord.ui.FileUpload[Any](
                custom_id=PICTURES, required=False, min_values=0, max_values=REFERENCES_MAX
            ),
            hint="form_edit_pictures_hint",
        )


class WishForm(EaselModal):
    """Shows a wish to be changed before it is drawn."""

    def __init__(self, form: str, subject: str, words: str) -> None:
        super().__init__(form, subject, title=texts.say("form_reword_title"))
        self.ask(
            "form_reword_words",
            discord.ui.TextInput[Any](
                custom_id=WORDS,
                style=discord.TextStyle.paragraph,
                default=words[:WISH_MAX],
                min_length=1,
                max_length=WISH_MAX,
            ),
        )

"""The form of «Remix»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.styles import NONE, TEXT_MAX, Style
from bot.ui import texts
from bot.ui.base import EaselModal
from bot.ui.forms import PICTURES, REFERENCES_MAX, WISH_MAX, WORDS
from bot.ui.words import plain

STYLE, TEXT = "style", "text"
OPTION_MAX = 100  # units of what a menu's option says
STYLES_SHOWN = 24  # beside «none»; a menu has 25 options


class RemixForm(EaselModal):
    """Asks what should become of a picture: in words, and perhaps in a style."""

    def __init__(self, form: str, subject: str, styles: Sequence[Style]) -> None:
        super().__init__(form, subject, title=texts.say("form_remix_title"))
        self.ask(
            "form_remix_words",
            discord.ui.TextInput[Any](
                custom_id=WORDS,
                style=discord.TextStyle.paragraph,
                placeholder=texts.say("form_remix_words_example"),
                min_length=1,
                max_length=WISH_MAX,
            ),
        )
        options = [
            discord.SelectOption(
                label=one.name, description=plain(one.about, OPTION_MAX) or None, value=one.name
            )
            for one in styles[:STYLES_SHOWN]
        ]
        options.append(discord.SelectOption(label=NONE, value=NONE))
        self.ask(
            "form_remix_style",
            discord.ui.Select[Any](
                custom_id=STYLE, options=options, required=False, min_values=0, max_values=1
            ),
            hint="form_remix_style_hint",
        )
        self.ask(
            "form_remix_text",
            discord.ui.TextInput[Any](custom_id=TEXT, required=False, max_length=TEXT_MAX),
            hint="form_remix_text_hint",
        )
        self.ask(
            "form_edit_pictures",
            discord.ui.FileUpload[Any](
                custom_id=PICTURES, required=False, min_values=0, max_values=REFERENCES_MAX
            ),
            hint="form_edit_pictures_hint",
        )

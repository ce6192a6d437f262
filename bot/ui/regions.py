"""The message with a picture's grid, and the form that asks for cells. As in `layout`."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.ids import JobId
from bot.domain.regions import TEXT_MAX, Grid, label
from bot.ui import texts
from bot.ui.base import ActionButton, EaselLayout, EaselModal, Item
from bot.ui.forms import WISH_MAX, WORDS
from bot.ui.layout import WORDS_MAX
from bot.ui.texts import say
from bot.ui.words import safe

CELLS = "region_cells"
"""The button, the form that it opens, and the form's field."""


def pointing(job: JobId, words: str, grid: Grid, filename: str) -> EaselLayout:
    """A picture with its grid, attached as `filename`, and the button to choose cells."""
    last = label((grid.columns - 1, grid.rows - 1))
    alt = say("region_alt", column=last[0], row=last[1:])
    picture = discord.MediaGalleryItem(f"attachment://{filename}", description=alt)
    parts: list[Item] = [discord.ui.TextDisplay(say("region_title"))]
    if shown := safe(words, WORDS_MAX):
        parts.append(discord.ui.TextDisplay(say("region_words", words=shown)))
    button: Any = ActionButton.make(CELLS, job, style=discord.ButtonStyle.primary)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(button)
    parts += [
        discord.ui.MediaGallery(picture),
        discord.ui.TextDisplay(say("region_how", last=last)),
        row,
    ]
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)


class RegionForm(EaselModal):
    """Asks for cells, and for what should change in them."""

    def __init__(self, job: JobId) -> None:
        super().__init__(CELLS, job, title=texts.say("form_region_title"))
        self.ask(
            "form_region_cells",
            discord.ui.TextInput[Any](
                custom_id=CELLS,
                placeholder=texts.say("form_region_cells_example"),
                min_length=1,
                max_length=TEXT_MAX,
            ),
            hint="form_region_cells_hint",
        )
        self.ask(
            "form_region_words",
            discord.ui.TextInput[Any](
                custom_id=WORDS,
                style=discord.TextStyle.paragraph,
                placeholder=texts.say("form_region_words_example"),
                min_length=1,
                max_length=WISH_MAX,
            ),
        )

"""`/blend`: one picture out of several, and words that say what is taken from which."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs import Wish
from bot.front.asking import Asking, sources
from bot.front.options import Command, Options, Text
from bot.services.generate import MAX_WORDS
from bot.ui import blends
from bot.ui.base import Interaction

DESCRIBED = {
    "picture1": "Picture 1",
    "picture2": "Picture 2",
    "words": "What to make of them, such as: the hat of picture 2 on the cat of picture 1",
    "picture3": "Picture 3",
    "picture4": "Picture 4, if the model takes as many",
    "picture5": "Picture 5, if the model takes as many",
    "picture6": "Picture 6, if the model takes as many",
}


class Blend(commands.Cog):
    """Makes one picture out of several."""

    def __init__(self, bot: commands.Bot, asking: Asking, options: Options) -> None:
        self._bot = bot
        self._asking = asking
        self._options = options

    async def cog_load(self) -> None:
        """Add the command."""
        self._bot.tree.add_command(self._command())

    def _command(self) -> Command:
        async def blend(
            interaction: Interaction,
            picture1: discord.Attachment,
            picture2: discord.Attachment,
            words: app_commands.Range[str, 1, MAX_WORDS],
            picture3: discord.Attachment | None = None,
            picture4: discord.Attachment | None = None,
            picture5: discord.Attachment | None = None,
            picture6: discord.Attachment | None = None,
            style: str | None = None,
            text: Text = "",
            aspect: str | None = None,
            size: str | None = None,
            character: str | None = None,
            private: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
        ) -> None:
            pictures = [picture1, picture2, picture3, picture4, picture5, picture6]
            given = [picture for picture in pictures if picture is not None]
            wish = Wish(
                words,
                sources(given),
                aspect=aspect,
                private=private,
                size=size,
                style=style,
                exact=text,
                characters=(character,) if character else (),
                numbered=True,
            )
            await self._asking.interaction(interaction, wish)
            said = blends.numbered([picture.filename for picture in given])
            await self._asking.note(interaction, said)

        return self._options.command(
            blend, "Make one picture out of two to six, and words", DESCRIBED
        )

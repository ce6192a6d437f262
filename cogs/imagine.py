"""`/imagine`: pictures from words, with or without pictures to start from."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain import permutations
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking, sources
from bot.front.options import Command, Options, Text
from bot.front.wording import Wording
from bot.services.generate import MAX_WORDS
from bot.ui.base import Interaction

DESCRIBED = {
    "prompt": "What the picture shows; {red,blue} kite draws two",
    "image": "A picture to change or to take things from",
    "image2": "A second picture",
    "image3": "A third picture",
    "count": "How many pictures; each counts as one",
    "improve": "Show me a fuller wish first, to choose from",
}


class Imagine(commands.Cog):
    """Draws what somebody describes."""

    def __init__(
        self, bot: commands.Bot, asking: Asking, wording: Wording, options: Options
    ) -> None:
        self._bot = bot
        self._asking = asking
        self._wording = wording
        self._options = options

    async def cog_load(self) -> None:
        """Add the command, with the ratios and sizes that the configured model has."""
        self._bot.tree.add_command(self._command())

    def _command(self) -> Command:
        async def imagine(
            interaction: Interaction,
            prompt: app_commands.Range[str, 1, MAX_WORDS],
            image: discord.Attachment | None = None,
            image2: discord.Attachment | None = None,
            image3: discord.Attachment | None = None,
            style: str | None = None,
            text: Text = "",
            aspect: str | None = None,
            size: str | None = None,
            character: str | None = None,
            count: app_commands.Range[int, 1, 4] = 1,
            improve: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
            private: bool = False,  # noqa: FBT001, FBT002 -- as above
        ) -> None:
            wish = Wish(
                prompt,
                sources([image, image2, image3]),
                aspect=aspect,
                private=private,
                size=size,
                style=style,
                exact=text,
                characters=(character,) if character else (),
            )
            if not improve:
                await self._asking.interaction(interaction, wish, count=count)
                return
            if permutations.count(prompt) > 1:
                raise RequestError("improve_one")
            await self._wording.improve(interaction, wish, count)

        return self._options.command(imagine, "Draw a picture from your words", DESCRIBED)

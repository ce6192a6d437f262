"""`/imagine`: a picture from words, with or without pictures to start from."""

from __future__ import annotations

from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs import Wish
from bot.domain.routes import Profile
from bot.front.asking import Asking, sources
from bot.services.generate import MAX_WORDS
from bot.ui.base import Interaction


class Imagine(commands.Cog):
    """Draws what somebody describes."""

    def __init__(self, bot: commands.Bot, asking: Asking, profile: Profile) -> None:
        self._bot = bot
        self._asking = asking
        self._profile = profile

    async def cog_load(self) -> None:
        """Add the command, with the ratios that the configured model has."""
        self._bot.tree.add_command(self._command())

    def _command(self) -> app_commands.Command[Any, ..., None]:
        ratios = [app_commands.Choice(name=ratio, value=ratio) for ratio in self._profile.aspects]

        @app_commands.command(description="Draw a picture from your words")
        @app_commands.describe(
            prompt="What the picture shows, in your own words",
            image="A picture to change or to take things from",
            image2="A second picture",
            image3="A third picture",
            aspect="The picture's shape; without it, that of your first picture or square",
            private="Show the picture to you alone",
        )
        @app_commands.choices(aspect=ratios[:25])
        async def imagine(
            interaction: Interaction,
            prompt: app_commands.Range[str, 1, MAX_WORDS],
            image: discord.Attachment | None = None,
            image2: discord.Attachment | None = None,
            image3: discord.Attachment | None = None,
            aspect: str | None = None,
            private: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
        ) -> None:
            wish = Wish(prompt, sources([image, image2, image3]), None, aspect, private)
            await self._asking.interaction(interaction, wish)

        return cast("app_commands.Command[Any, ..., None]", imagine)

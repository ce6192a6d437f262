"""`/imagine`: pictures from words, with or without pictures to start from."""

from __future__ import annotations

import inspect
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs import Wish
from bot.domain.routes import Profile
from bot.front.asking import Asking, sources
from bot.front.wording import Wording
from bot.services.generate import MAX_WORDS
from bot.ui.base import Interaction

CHOICES = 25  # that Discord lists for an option

OPTIONS = {
    "prompt": "What the picture shows, in your own words",
    "image": "A picture to change or to take things from",
    "image2": "A second picture",
    "image3": "A third picture",
    "aspect": "The picture's shape; without it, that of your first picture or square",
    "size": "How large the picture is drawn; larger ones cost more",
    "count": "How many pictures; each counts as one",
    "improve": "Show me a fuller wish first, to choose from",
    "private": "Show the picture to you alone",
}


class Imagine(commands.Cog):
    """Draws what somebody describes."""

    def __init__(
        self, bot: commands.Bot, asking: Asking, wording: Wording, profile: Profile
    ) -> None:
        self._bot = bot
        self._asking = asking
        self._wording = wording
        self._profile = profile

    async def cog_load(self) -> None:
        """Add the command, with the ratios and sizes that the configured model has."""
        self._bot.tree.add_command(self._command())

    def _command(self) -> app_commands.Command[Any, ..., None]:
        async def imagine(
            interaction: Interaction,
            prompt: app_commands.Range[str, 1, MAX_WORDS],
            image: discord.Attachment | None = None,
            image2: discord.Attachment | None = None,
            image3: discord.Attachment | None = None,
            aspect: str | None = None,
            size: str | None = None,
            count: app_commands.Range[int, 1, 4] = 1,
            improve: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
            private: bool = False,  # noqa: FBT001, FBT002 -- as above
        ) -> None:
            given = sources([image, image2, image3])
            wish = Wish(prompt, given, None, aspect, private, size)
            if improve:
                await self._wording.improve(interaction, wish, count)
            else:
                await self._asking.interaction(interaction, wish, count=count)

        choices = {"aspect": self._profile.aspects, "size": self._profile.sizes}
        without = {name for name, values in choices.items() if not values}
        # discord.py reads the options out of the signature.
        signature = inspect.signature(imagine)
        kept = [one for name, one in signature.parameters.items() if name not in without]
        vars(imagine)["__signature__"] = signature.replace(parameters=kept)
        for name in choices.keys() - without:
            listed = [app_commands.Choice(name=one, value=one) for one in choices[name][:CHOICES]]
            app_commands.choices(**{name: listed})(imagine)
        described = {name: said for name, said in OPTIONS.items() if name not in without}
        app_commands.describe(**described)(imagine)
        return cast(
            "app_commands.Command[Any, ..., None]",
            app_commands.command(description="Draw a picture from your words")(imagine),
        )

"""The options that the drawing commands have in common, as the configured model allows them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, cast

from discord import app_commands
from discord.app_commands import Choice

from bot.domain.routes import Profile
from bot.domain.styles import NONE, TEXT_MAX
from bot.services.casting import Casting
from bot.services.styles import Styles
from bot.ui import styles as ui
from bot.ui.base import Interaction

CHOICES = 25  # that Discord lists for an option

Text = app_commands.Range[str, 1, TEXT_MAX]

DESCRIBED = {
    "style": "How it is drawn; /style list shows what there is",
    "text": "An exact text to write in the picture, as on a logo or a poster",
    "aspect": "The picture's shape; without it, that of your first picture or square",
    "size": "How large the picture is drawn; larger ones cost more",
    "character": "One of your characters or this server's; or write @name in the words",
    "private": "Show the picture to you alone",
}

Command = app_commands.Command[Any, ..., None]


class Options:
    """Makes commands; completes what is typed into their options."""

    def __init__(self, profile: Profile, casting: Casting, styles: Styles) -> None:
        self._profile = profile
        self._casting = casting
        self._styles = styles

    def command(
        self,
        callback: Callable[..., Coroutine[Any, Any, None]],
        description: str,
        described: Mapping[str, str],
    ) -> Command:
        """A command named and optioned after a function.

        An option that the model has no choice of is left out; the function needs a default for
        it. `described` are the options beside those of `DESCRIBED`.
        """
        choices = {"aspect": self._profile.aspects, "size": self._profile.sizes}
        without = {name for name, values in choices.items() if not values}
        # discord.py reads the options out of the signature.
        signature = inspect.signature(callback)
        kept = [one for name, one in signature.parameters.items() if name not in without]
        vars(callback)["__signature__"] = signature.replace(parameters=kept)
        names = {one.name for one in kept}
        for name in names & choices.keys():
            listed = [Choice(name=one, value=one) for one in choices[name][:CHOICES]]
            app_commands.choices(**{name: listed})(callback)
        said = {name: text for name, text in (DESCRIBED | dict(described)).items() if name in names}
        app_commands.describe(**said)(callback)
        command = cast("Command", app_commands.command(description=description)(callback))
        for name, complete in {"character": self._characters, "style": self._named_styles}.items():
            if name in names:
                command.autocomplete(name)(complete)
        return command

    async def _characters(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        names = await self._casting.names(interaction.user.id, interaction.guild_id, typed)
        return [Choice(name=f"@{name}", value=name) for name in names[:CHOICES]]

    async def _named_styles(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        found = await self._styles.named(typed, interaction.guild_id, CHOICES - 1)
        choices = [ui.choice(one) for one in found]
        return [*choices, ui.no_style()] if typed.strip().casefold() in NONE else choices

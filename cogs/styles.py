"""`/style`: ways to draw, the built-in ones and those of a server."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.names import NAME_MAX, fold
from bot.domain.styles import ABOUT_MAX, TEMPLATE_MAX, Style
from bot.errors import NotAllowed
from bot.services.styles import Styles as Kept
from bot.ui import layout
from bot.ui import styles as ui
from bot.ui.base import Interaction
from bot.ui.texts import say
from bot.ui.words import safe

CHOICES = 25  # that Discord lists for an option

Name = Range[str, 1, NAME_MAX]
About = Range[str, 1, ABOUT_MAX]
Template = Range[str, 1, TEMPLATE_MAX]

OPTIONS = {
    "name": "What it is called",
    "template": "What I'm told: {words} for the wish, and {text} if it needs an exact text",
    "about": "What it looks like, in one line",
    "new_name": "What it is called from now on",
}


class Styles(commands.GroupCog, name="style", description="Ways to draw, for the option «style»"):
    """Shows the styles; moderators make and change those of their server."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @app_commands.command(description="List the styles that there are here")
    async def list(self, interaction: Interaction) -> None:
        """Show what there is."""
        view = ui.listed(await self._kept.of_guild(interaction.guild_id))
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(description="Show what a style makes of your words")
    @app_commands.describe(name="Which one")
    async def show(self, interaction: Interaction, name: Name) -> None:
        """Show one by its name."""
        style = await self._kept.find(name, interaction.guild_id)
        await interaction.response.send_message(view=ui.shown(style), ephemeral=True)

    @app_commands.command(description="Make a style for everybody here (for moderators)")
    @app_commands.describe(**{name: OPTIONS[name] for name in ("name", "template", "about")})
    @app_commands.guild_only()
    async def add(
        self, interaction: Interaction, name: Name, template: Template, about: About = ""
    ) -> None:
        """Make a style of this server."""
        guild_id = _moderated(interaction)
        made_by = interaction.user.id
        style = await self._kept.add(guild_id, name, about, template, made_by)
        await _say(interaction, "style_added", style)

    @app_commands.command(description="Change a style of this server (for moderators)")
    @app_commands.describe(**OPTIONS)
    @app_commands.guild_only()
    async def change(
        self,
        interaction: Interaction,
        name: Name,
        template: Template | None = None,
        about: About | None = None,
        new_name: Name | None = None,
    ) -> None:
        """Change what is given of a style of this server."""
        guild_id = _moderated(interaction)
        style = await self._kept.change(
            guild_id, name, new_name=new_name, about=about, template=template
        )
        await _say(interaction, "style_changed", style)

    @app_commands.command(description="Remove a style of this server (for moderators)")
    @app_commands.describe(name="Which one")
    @app_commands.guild_only()
    async def remove(self, interaction: Interaction, name: Name) -> None:
        """Remove a style of this server."""
        style = await self._kept.remove(_moderated(interaction), name)
        await _say(interaction, "style_removed", style)

    @show.autocomplete("name")
    async def names(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """All styles here."""
        found = await self._kept.named(typed, interaction.guild_id, CHOICES)
        return [ui.choice(style) for style in found]

    @change.autocomplete("name")
    @remove.autocomplete("name")
    async def own_names(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The styles of this server."""
        sought = fold(typed.strip())
        own = await self._kept.of_guild(interaction.guild_id)
        return [ui.choice(style) for style in own if sought in fold(style.name)][:CHOICES]


def _moderated(interaction: Interaction) -> int:
    """The server, for those who may change its styles. Raises NotAllowed."""
    if interaction.guild_id is None:
        raise NotAllowed("guild_only")
    if not interaction.permissions.manage_guild:
        raise NotAllowed("styles_not_allowed")
    return interaction.guild_id


async def _say(interaction: Interaction, key: str, style: Style) -> None:
    view = layout.notice(say(key, name=safe(style.name, 2 * NAME_MAX)))
    await interaction.response.send_message(view=view, ephemeral=True)

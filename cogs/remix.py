"""`/remix`: who may go on from one's pictures."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.domain.people import Remix as Who
from bot.services.people import People
from bot.ui import branches
from bot.ui.base import Interaction


class Remix(commands.Cog):
    """Shows and sets who may go on from a person's pictures."""

    def __init__(self, people: People) -> None:
        self._people = people

    @app_commands.command(description="Who may edit, vary and remix your pictures")
    @app_commands.describe(who="Who may; without it, I show what holds now")
    @app_commands.choices(
        who=[
            app_commands.Choice(name="everyone", value=Who.EVERYONE.value),
            app_commands.Choice(name="only me", value=Who.ME.value),
        ]
    )
    async def remix(self, interaction: Interaction, who: str | None = None) -> None:
        """Show the setting, or change it."""
        user_id = interaction.user.id
        if who is not None:
            await self._people.set_remix(user_id, Who(who))
        view = branches.remix(await self._people.remix(user_id))
        await interaction.response.send_message(view=view, ephemeral=True)

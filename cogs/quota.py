"""`/quota` shows what is left; `/limits` lets moderators change it."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.domain.quotas import Limits
from bot.errors import NotAllowed
from bot.front.places import place_of
from bot.services.quotas import Quotas
from bot.ui import layout
from bot.ui.base import Interaction

Amount = app_commands.Range[int, 0, 1_000_000]


class Quota(commands.Cog):
    """What people may still draw."""

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas

    @app_commands.command(description="Show how many pictures are left, and when more return")
    async def quota(self, interaction: Interaction) -> None:
        """Show the usage of every limit that holds here."""
        place = place_of(interaction)
        usages = await self._quotas.usage(place, interaction.user.id)
        await interaction.response.send_message(view=layout.quota(usages), ephemeral=True)

    @app_commands.command(description="Show or change this server's limits (for moderators)")
    @app_commands.describe(
        server_day="Pictures a day for the whole server",
        server_month="Pictures a month for the whole server",
        person_day="Pictures a day for each person",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def limits(
        self,
        interaction: Interaction,
        server_day: Amount | None = None,
        server_month: Amount | None = None,
        person_day: Amount | None = None,
    ) -> None:
        """Set what is given; show the limits that hold now."""
        # The command's default permission is only Discord's: admins of a server can override it.
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise NotAllowed
        new = Limits(server_day, server_month, person_day)
        if new != Limits():
            await self._quotas.change(interaction.guild_id, new)
        held = await self._quotas.limits(interaction.guild_id)
        await interaction.response.send_message(view=layout.limits(held), ephemeral=True)

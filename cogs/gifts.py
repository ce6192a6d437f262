"""`/gift`: moderators give somebody extra pictures."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotAllowed, RequestError
from bot.services.gifts import Gifts as Given
from bot.ui import layout
from bot.ui.base import Interaction
from bot.ui.texts import say

MOST = 1000  # pictures of one gift


class Gifts(commands.Cog):
    """Gives pictures beyond the day's."""

    def __init__(self, gifts: Given) -> None:
        self._gifts = gifts

    @app_commands.command(description="Give somebody extra pictures (for moderators)")
    @app_commands.describe(
        user="Who gets them", pictures="How many; they are used when the person's day is used up"
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def gift(
        self,
        interaction: Interaction,
        user: discord.User,
        pictures: app_commands.Range[int, 1, MOST],
    ) -> None:
        """Give them, and say so to all; nobody is pinged."""
        # The command's default permission is only Discord's: admins of a server can override it.
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise NotAllowed
        if user.bot:
            raise RequestError("gift_bot")
        given = await self._gifts.give(interaction.id, interaction.guild_id, user.id, pictures)
        said = say(
            "gift_given" if pictures > 1 else "gift_given_one",
            user=user.id,
            by=interaction.user.id,
            pictures=pictures,
            left=given.left,
        )
        await interaction.response.send_message(view=layout.notice(said))

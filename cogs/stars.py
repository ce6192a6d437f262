"""Stars by reaction, and `/gallery`, where a server shows the pictures that have enough of them."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.stars import STAR, THRESHOLD, Gallery
from bot.errors import MissingPermission, NotAllowed
from bot.services.stars import Stars as Kept
from bot.ui import stars as ui
from bot.ui.base import Interaction
from bot.ui.present import missing

THRESHOLD_MAX = 1000


class Stars(commands.Cog):
    """Listens to stars, and to messages that are deleted."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @app_commands.command(description="Show starred pictures in a channel (for moderators)")
    @app_commands.describe(
        channel="Where to show them",
        threshold=f"How many stars a picture needs; {THRESHOLD} if you say nothing",
        off="Show no more of them",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def gallery(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        threshold: app_commands.Range[int, 1, THRESHOLD_MAX] | None = None,
        off: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
    ) -> None:
        """Set where and by how many, or say what is set."""
        guild = interaction.guild
        # The command's default permission is only Discord's: admins of a server can override it.
        if guild is None or not interaction.permissions.manage_guild:
            raise NotAllowed
        held = await self._kept.gallery(guild.id)
        if off:
            held = None
        elif channel is not None:
            lacking = missing(channel.permissions_for(guild.me))
            if lacking:
                raise MissingPermission(permissions=lacking)
            held = Gallery(channel.id, threshold or (held.threshold if held else THRESHOLD))
        elif held is not None and threshold is not None:
            held = Gallery(held.channel_id, threshold)
        if off or channel is not None or threshold is not None:
            await self._kept.set_gallery(guild.id, held)
        await interaction.response.send_message(view=ui.settings(held), ephemeral=True)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody gave a star."""
        await self._changed(payload.guild_id, payload.message_id, str(payload.emoji))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody took one back."""
        await self._changed(payload.guild_id, payload.message_id, str(payload.emoji))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """A moderator took all reactions away."""
        await self._changed(payload.guild_id, payload.message_id, STAR)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """A moderator took all reactions of one kind away."""
        await self._changed(payload.guild_id, payload.message_id, str(payload.emoji))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A message is gone: perhaps a picture, perhaps one of the gallery."""
        if payload.guild_id is not None:
            await self._kept.deleted([payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many are."""
        if payload.guild_id is not None:
            await self._kept.deleted(payload.message_ids)

    async def _changed(self, guild_id: int | None, message_id: int, emoji: str) -> None:
        if guild_id is not None and emoji == STAR:
            await self._kept.changed(guild_id, message_id)

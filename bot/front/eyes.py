"""What of the past a person may see from where they are."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.domain.history import Scope
from bot.front.places import permissions_in
from bot.ui.base import Interaction

logger = logging.getLogger(__name__)

ASK_S = 3.0  # for one channel that is not known


class Eyes:
    """Implements `bot.services.history.Eyes` for who pressed or called.

    A channel that the person may not see is hidden, and one with an age limit wherever there is
    none. Old threads are not known before Discord is asked.
    """

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._guild = interaction.guild
        self._ages = _has_age_limit(interaction.channel)
        hidden = frozenset[int]()
        if self._guild is not None:
            known = [*self._guild.channels, *self._guild.threads]
            hidden = frozenset(one.id for one in known if not self._may_view(one))
        self.scope = Scope(
            interaction.user.id, interaction.guild_id, hidden - {interaction.channel_id or 0}
        )

    async def sees(self, channel_id: int) -> bool:
        """Whether the person may see a channel; False when that cannot be found out."""
        if channel_id == self._interaction.channel_id:
            return True
        if self._guild is None or channel_id in self.scope.hidden:
            return False
        if self._guild.get_channel_or_thread(channel_id) is not None:
            return True
        try:
            async with asyncio.timeout(ASK_S):
                found = await self._interaction.client.fetch_channel(channel_id)
        except (discord.DiscordException, TimeoutError, OSError) as error:
            logger.info("channel %s is not shown: %r", channel_id, error)
            return False
        return isinstance(found, discord.abc.GuildChannel | discord.Thread) and self._may_view(
            found
        )

    def name_of(self, user_id: int) -> str | None:
        """A person's name in this server, where it is known without asking."""
        user = self._interaction.user
        if user_id == user.id:
            return user.display_name
        member = None if self._guild is None else self._guild.get_member(user_id)
        return None if member is None else member.display_name

    def _may_view(self, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
        person = self._interaction.user
        if not isinstance(person, discord.Member):
            return False
        if _has_age_limit(channel) and not self._ages:
            return False
        may = permissions_in(channel, person)
        if isinstance(channel, discord.Thread) and channel.is_private():
            return may.view_channel and (may.manage_threads or channel.owner_id == person.id)
        return may.view_channel


def _has_age_limit(channel: object) -> bool:
    is_nsfw: Any = getattr(channel, "is_nsfw", None)  # direct messages have none
    return bool(is_nsfw is not None and is_nsfw())

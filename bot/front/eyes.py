"""What of the past a person may see from where they are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any

import discord

from bot.domain.history import Scope
from bot.domain.ids import Place
from bot.front.places import permissions_in
from bot.ui.base import Interaction

logger = logging.getLogger(__name__)

ASK_S = 3.0  # for one channel that is not known, or for all names
NAMES_ASKED = 12  # of people at a time


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
        if channel_id in self.scope.hidden:
            return False
        found = await self._found(channel_id)
        return found is not None and self._may_view(found)

    def moderates(self, place: Place) -> bool:
        """Whether the person looks after what others ask for in a place of this server.

        Who looks after the server does everywhere, others where they may delete messages. What
        is on its way is in a channel that is known, or else it is not theirs to look after.
        """
        if self._guild is None or place.guild_id != self._guild.id:
            return False
        here = self._interaction.permissions
        if here.manage_guild:  # no channel gives or takes that
            return True
        if place.channel_id == self._interaction.channel_id:
            return here.manage_messages
        person = self._interaction.user
        found = self._guild.get_channel_or_thread(place.channel_id)
        if found is None or not isinstance(person, discord.Member) or not self._may_view(found):
            return False
        return permissions_in(found, person).manage_messages

    async def names_of(self, user_ids: Collection[int]) -> dict[int, str]:
        """People's names in this server, as far as they can be found out soon.

        Without the Server Members intent few members are known, so Discord is asked for some.
        """
        user, guild = self._interaction.user, self._guild
        names = {user.id: user.display_name}
        unknown: list[int] = []
        for user_id in dict.fromkeys(user_ids):
            if guild is None or user_id in names:
                continue
            if (member := guild.get_member(user_id)) is not None:
                names[user_id] = member.display_name
            else:
                unknown.append(user_id)

        async def ask(guild: discord.Guild, user_id: int) -> None:
            try:
                names[user_id] = (await guild.fetch_member(user_id)).display_name
            except (discord.DiscordException, OSError) as error:
                logger.info("the name of user %s is not known: %r", user_id, error)

        if guild is not None and unknown:
            try:
                async with asyncio.timeout(ASK_S):
                    await asyncio.gather(*(ask(guild, one) for one in unknown[:NAMES_ASKED]))
            except TimeoutError:
                logger.info("Discord gives names too slowly")
        return names

    async def _found(self, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
        """A channel of this server; None when there is none or it cannot be found out."""
        if self._guild is None:
            return None
        if (known := self._guild.get_channel_or_thread(channel_id)) is not None:
            return known
        try:
            async with asyncio.timeout(ASK_S):
                found = await self._interaction.client.fetch_channel(channel_id)
        except (discord.DiscordException, TimeoutError, OSError) as error:
            logger.info("channel %s is not shown: %r", channel_id, error)
            return None
        ours = isinstance(found, discord.abc.GuildChannel | discord.Thread)
        return found if ours and found.guild.id == self._guild.id else None

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

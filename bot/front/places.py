"""Where an interaction or a message is, and what the bot and a person may do there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.domain.ids import Place
from bot.errors import MissingPermission
from bot.ui.base import Interaction
from bot.ui.present import missing, names_of

THREAD_NEEDED = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")
"""What drawing in a thread takes beside opening it, by discord.py's names."""


def place_of(interaction: Interaction) -> Place:
    """Where an interaction was made."""
    assert interaction.channel_id is not None
    return _place(interaction.guild_id, interaction.channel_id, interaction.channel)


def place_of_message(message: discord.Message) -> Place:
    """Where a message was written."""
    guild_id = None if message.guild is None else message.guild.id
    return _place(guild_id, message.channel.id, message.channel)


def place_of_thread(thread: discord.Thread) -> Place:
    """A thread as a place."""
    return _place(thread.guild.id, thread.id, thread)


def _place(guild_id: int | None, channel_id: int, channel: object) -> Place:
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else None
    is_nsfw: Any = getattr(channel, "is_nsfw", None)  # direct messages have none
    return Place(guild_id, channel_id, parent_id, bool(is_nsfw is not None and is_nsfw()))


def is_moderator(permissions: discord.Permissions) -> bool:
    """Whether somebody looks after a channel and its rules."""
    return permissions.manage_guild or permissions.manage_channels


def may_moderate(message: discord.Message) -> bool:
    """Whether the author of a message looks after its channel."""
    if message.guild is None or not isinstance(message.author, discord.Member):
        return False
    return is_moderator(permissions_in(message.channel, message.author))


def permissions_in(channel: object, member: discord.Member) -> discord.Permissions:
    """What a member may do in a channel; nothing special where that cannot be known."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return discord.Permissions.none()
    try:
        return channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel the bot does not see
        return discord.Permissions.none()


def missing_in(channel: object) -> list[str]:
    """The permissions that the bot lacks in a channel, as Discord's settings name them.

    Empty where it has all of them, and where they cannot be known.
    """
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return []
    me: Any = channel.guild.me  # not there while Discord has yet to send the server
    if me is None:
        return []
    try:
        has = channel.permissions_for(me)
    except discord.ClientException:
        return []
    in_thread = isinstance(channel, discord.Thread)
    may_write = has.send_messages_in_threads if in_thread else has.send_messages
    found = missing(has, thread=in_thread)
    # Without the first two Discord takes others away, which are set all the same.
    return found if has.view_channel and may_write else found[:1]


def lacking(has: discord.Permissions, needed: Iterable[str]) -> list[str]:
    """Those of the needed permissions that are not among these, as Discord names them."""
    return list(names_of(name for name in needed if not getattr(has, name)))


def check_can_answer(message: discord.Message) -> None:
    """Whether an answer to a message can be posted where it is.

    Raises MissingPermission with the permissions by name and the channel.
    """
    channel = message.channel
    if isinstance(channel, discord.Thread) and channel.locked:
        bot = permissions_in(channel, channel.guild.me)
        if not bot.manage_threads:
            raise MissingPermission("delivery_closed")
    if lacks := missing_in(channel):
        raise not_in(channel.id, lacks)


def not_in(channel_id: int, lacks: Sequence[str]) -> MissingPermission:
    """What a person is told about permissions that the bot lacks in a channel."""
    return MissingPermission("delivery_permission_in", permissions=list(lacks), channel=channel_id)

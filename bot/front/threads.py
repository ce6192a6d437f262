"""Threads as studios: opened, continued in, and ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.domain.channels import Channel
from bot.domain.conversations import Turn
from bot.errors import (
    DeliveryError,
    DiscordUnavailable,
    MissingPermission,
    NotAllowed,
    RequestError,
)
from bot.front.places import (
    THREAD_NEEDED,
    is_moderator,
    lacking,
    place_of,
    place_of_thread,
)
from bot.front.ways import Ways
from bot.services.studios import Studios
from bot.ui import channels as ui
from bot.ui import layout
from bot.ui.base import EaselLayout, Interaction
from bot.ui.present import from_discord, names_of
from bot.ui.texts import say

logger = logging.getLogger(__name__)

STUDIOS_EVERY_S = 600.0  # how often it is looked for those that rest
ARCHIVED_AFTER_MIN = 1440  # Discord's own rest, as long as a studio's
THREAD_EXISTS = 160004  # «A thread has already been created for this message»


class StudioThreads:
    """Opens and ends the threads of studios."""

    def __init__(self, studios: Studios, ways: Ways, *, readable: bool) -> None:
        self._studios = studios
        self._ways = ways
        self._readable = readable

    async def open(
        self,
        interaction: Interaction,
        *,
        private: bool,
        style: str | None,
        aspect: str | None,
        characters: Sequence[str],
    ) -> None:
        """Open a thread as a studio, or make one of the thread this is.

        Raises RequestError where there are no threads, NotAllowed, MissingPermission.
        """
        _check_server(interaction)
        await self._studios.check(place_of(interaction))
        channel = interaction.channel
        if isinstance(channel, discord.Thread):
            studio = await self._studios.get(channel.id)
            owner = studio.owner_id if studio is not None else channel.owner_id
            if interaction.user.id != owner and not is_moderator(interaction.permissions):
                raise NotAllowed(
                    "studio_not_yours" if studio is not None else "studio_not_your_thread"
                )
            _check_bot(interaction)
            made = await self._studios.open(
                place_of(interaction),
                interaction.user.id,
                style=style,
                aspect=aspect,
                characters=characters,
            )
            opened_by = interaction.user.id
            view = ui.studio(made, opened_by=opened_by, readable=self._readable)
            await interaction.response.send_message(view=view)
            return
        host = _host(channel, private=private)
        await interaction.response.defer(ephemeral=True, thinking=True)
        name = ui.thread_name("", interaction.user.display_name)
        thread = await _thread(interaction, host, name, private=private)
        made = await self._studios.open(
            place_of_thread(thread),
            interaction.user.id,
            style=style,
            aspect=aspect,
            characters=characters,
        )
        await self._welcome(interaction, thread, made)

    async def go_on(self, interaction: Interaction, turn: Turn) -> None:
        """Open a thread in which every message is a turn, the first one from this picture.

        A public one on the picture's message; a private one for a picture that only one person
        sees, and where the message is in a thread itself. Raises as `open` does.
        """
        _check_server(interaction)
        await self._studios.check(place_of(interaction))
        channel, message = interaction.channel, interaction.message
        assert message is not None
        if isinstance(channel, discord.Thread) and await self._studios.get(channel.id) is not None:
            raise RequestError("continue_here")
        hidden = turn.private or message.flags.ephemeral
        private = hidden or isinstance(channel, discord.Thread)
        host = _host(channel, private=private)
        await interaction.response.defer(ephemeral=True, thinking=True)
        name = ui.thread_name(turn.words, interaction.user.display_name)
        begun = False
        if private:
            thread = await _thread(interaction, host, name, private=True)
        else:
            thread, begun = await _thread_on(interaction, host, message, name)
        if begun and (await self._studios.get(thread.id)) is not None:
            said = say("studio_open_already", thread=thread.id)
            await interaction.edit_original_response(view=layout.notice(said))
            return
        made = await self._studios.open(place_of_thread(thread), interaction.user.id, start=turn.id)
        start = ui.start_words(turn.words) if hidden else ui.start_link(message.jump_url)
        await self._welcome(interaction, thread, made, start=start)

    async def end(self, interaction: Interaction) -> None:
        """End the studio that this thread is. Raises RequestError, NotAllowed."""
        assert interaction.channel_id is not None
        moderator = is_moderator(interaction.permissions)
        studio = await self._studios.end(
            interaction.channel_id, interaction.user.id, moderator=moderator
        )
        await interaction.response.send_message(view=layout.notice(say("studio_ended")))
        await self._archive(studio)  # after the answer, which would open it again

    async def end_idle(self) -> int:
        """End the studios that have rested for a day, and say so there; returns how many."""
        await self._ways.client().wait_until_ready()
        ended = 0
        for studio in await self._studios.idle():
            if not await self._studios.end_idle(studio):
                continue
            try:
                await self._say(studio, layout.notice(say("studio_ended_idle")))
            except DiscordUnavailable as error:
                logger.info("a studio ends later: %s", error)
                await self._studios.put_off(studio)
                continue
            except DeliveryError as error:
                logger.info("a studio ended where nothing can be said: %s", error)
            await self._archive(studio)
            ended += 1
        return ended

    async def _welcome(
        self, interaction: Interaction, thread: discord.Thread, made: Channel, start: str = ""
    ) -> None:
        view = ui.studio(made, start=start, readable=self._readable)
        await self._say(made, view)
        opened = layout.notice(say("studio_opened", thread=thread.id))
        await interaction.edit_original_response(view=opened)

    async def _say(self, studio: Channel, view: EaselLayout) -> None:
        client = self._ways.client()
        thread = client.get_partial_messageable(studio.id, guild_id=studio.guild_id)
        await self._ways.call(lambda: thread.send(view=view))

    async def _archive(self, studio: Channel) -> None:
        client = self._ways.client()
        try:
            thread = client.get_channel(studio.id) or await self._ways.call(
                lambda: client.fetch_channel(studio.id)
            )
            if isinstance(thread, discord.Thread):
                await self._ways.call(lambda: thread.edit(archived=True))
        except DeliveryError as error:  # Discord does so by itself after a while
            logger.info("a studio's thread stays open: %s", error)


def _check_server(interaction: Interaction) -> None:
    if interaction.guild_id is None:
        raise RequestError("studio_direct")
    if interaction.client.get_guild(interaction.guild_id) is None:
        raise RequestError("studio_not_member")


def _check_bot(interaction: Interaction, *opening: str) -> None:
    if missing := lacking(interaction.app_permissions, (*THREAD_NEEDED, *opening)):
        raise MissingPermission("threads_permission", permissions=missing)


def _host(channel: object, *, private: bool) -> discord.TextChannel:
    """The channel that the thread will be in. Raises RequestError where there can be none."""
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    # An announcement channel has public threads only; forums and voice channels have posts
    # and no threads.
    if isinstance(channel, discord.TextChannel) and not (private and channel.is_news()):
        return channel
    raise RequestError("studio_no_threads")


def _may_open(interaction: Interaction, opening: str) -> None:
    """Both the person and the bot need Discord's permission for such a thread."""
    if missing := lacking(interaction.permissions, (opening,)):
        raise NotAllowed("not_allowed_permissions", permissions=missing)
    _check_bot(interaction, opening)


async def _thread(
    interaction: Interaction, host: discord.TextChannel, name: str, *, private: bool
) -> discord.Thread:
    opening = "create_private_threads" if private else "create_public_threads"
    _may_open(interaction, opening)
    kind = discord.ChannelType.private_thread if private else discord.ChannelType.public_thread
    if host.is_news():
        kind = discord.ChannelType.news_thread
    try:
        thread = await host.create_thread(
            name=name, type=kind, auto_archive_duration=ARCHIVED_AFTER_MIN
        )
        await thread.add_user(interaction.user)
    except discord.Forbidden as error:
        raise _refused(error, opening) from error
    return thread


async def _thread_on(
    interaction: Interaction, host: discord.TextChannel, message: discord.Message, name: str
) -> tuple[discord.Thread, bool]:
    """The thread on a message, and whether it was there before."""
    opening = "create_public_threads"
    known = host.get_thread(message.id)  # a thread on a message has the message's id
    if known is not None:
        return known, True
    _may_open(interaction, opening)
    try:
        thread = await host.create_thread(
            name=name, message=message, auto_archive_duration=ARCHIVED_AFTER_MIN
        )
    except discord.Forbidden as error:
        raise _refused(error, opening) from error
    except discord.HTTPException as error:
        if error.code != THREAD_EXISTS:
            raise
        found = await interaction.client.fetch_channel(message.id)
        assert isinstance(found, discord.Thread)
        return found, True
    return thread, False


def _refused(error: discord.Forbidden, opening: str) -> DeliveryError:
    if from_discord(error).key != MissingPermission.key:
        return from_discord(error)
    needed = list(names_of((*THREAD_NEEDED, opening)))
    return MissingPermission("threads_permission", permissions=needed)

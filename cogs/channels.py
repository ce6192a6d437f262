"""`/channel`: what holds in a channel, and what moderators set for it."""

from __future__ import annotations

from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice, Range
from discord.ext import commands

from bot.domain.channels import SLOW_MODE_MAX_S, Mode, Nsfw
from bot.domain.ids import Place
from bot.errors import NotAllowed
from bot.front.defaults import Defaults
from bot.front.places import is_moderator, place_of
from bot.services.channels import Channels as Kept
from bot.ui import channels as ui
from bot.ui.base import Interaction

OTHER = "Another channel, forum or thread; without it, this one"
Chosen: TypeAlias = AppCommandChannel | AppCommandThread
KINDS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]

MODES = [
    Choice(name="art: every message is a wish, every reply an edit", value=Mode.ART.value),
    Choice(name="commands: commands, mentions, replies to pictures", value=Mode.COMMANDS.value),
    Choice(name="off: nothing", value=Mode.OFF.value),
]
NSFW = [
    Choice(name="any: as the picture service allows it", value=Nsfw.ANY.value),
    Choice(name="spoiler: every picture behind a spoiler", value=Nsfw.SPOILER.value),
    Choice(name="age_restricted: draw in age-restricted channels only", value="age_restricted"),
]


class AnyChannel(app_commands.Transformer):
    """A channel or thread in which people write, as Discord resolves it.

    discord.py's own annotations for it list channel types that change from start to start, and
    the commands would be sent to Discord each time.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's type of the option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What can be chosen."""
        return KINDS

    async def transform(self, _interaction: Interaction, value: Any, /) -> Chosen:
        """The channel that was chosen."""
        assert isinstance(value, Chosen)
        return value


OtherChannel: TypeAlias = app_commands.Transform[Chosen, AnyChannel]


@app_commands.guild_only()
class Channels(commands.GroupCog, name="channel", description="What holds in a channel"):
    """Shows and changes a channel's rules; a thread has its channel's and its own."""

    def __init__(self, kept: Kept, defaults: Defaults, *, readable: bool) -> None:
        self._kept = kept
        self._defaults = defaults
        self._readable = readable

    @app_commands.command(description="Show what holds in a channel")
    @app_commands.describe(channel=OTHER)
    async def show(self, interaction: Interaction, channel: OtherChannel | None = None) -> None:
        """Show the rules to anybody."""
        await self._show(interaction, _place(interaction, channel))

    @app_commands.command(description="Set what I listen to in a channel (for moderators)")
    @app_commands.describe(mode="What I listen to", channel=OTHER)
    @app_commands.choices(mode=MODES)
    async def mode(
        self, interaction: Interaction, mode: str, channel: OtherChannel | None = None
    ) -> None:
        """Set the mode."""
        await self._set(interaction, channel, mode=Mode(mode))

    @app_commands.command(description="Set the style of new pictures here (for moderators)")
    @app_commands.describe(style="Without one, there is none", channel=OTHER)
    async def style(
        self,
        interaction: Interaction,
        style: Range[str, 1, 100] | None = None,
        channel: OtherChannel | None = None,
    ) -> None:
        """Set the style where a wish names none."""
        chosen = await self._defaults.style(style, interaction.guild_id)
        await self._set(interaction, channel, style=chosen)

    @app_commands.command(description="Set the shape of new pictures here (for moderators)")
    @app_commands.describe(ratio="Without one, square", channel=OTHER)
    async def aspect(
        self,
        interaction: Interaction,
        ratio: Range[str, 1, 20] | None = None,
        channel: OtherChannel | None = None,
    ) -> None:
        """Set the ratio where a wish names none."""
        await self._set(interaction, channel, aspect=self._defaults.aspect(ratio))

    @app_commands.command(description="Set who takes part in new pictures here (for moderators)")
    @app_commands.describe(
        names="Names of characters with commas between them; without one, nobody", channel=OTHER
    )
    async def characters(
        self,
        interaction: Interaction,
        names: Range[str, 1, 200] | None = None,
        channel: OtherChannel | None = None,
    ) -> None:
        """Set the characters where a wish names none."""
        chosen = await self._defaults.characters(names, interaction)
        await self._set(interaction, channel, characters=chosen or None)

    @app_commands.command(description="Set how many pictures a day are drawn here (for moderators)")
    @app_commands.describe(
        pictures="Pictures a day in this channel and its threads; without it, no limit",
        channel=OTHER,
    )
    async def quota(
        self,
        interaction: Interaction,
        pictures: Range[int, 0, 1_000_000] | None = None,
        channel: OtherChannel | None = None,
    ) -> None:
        """Set the channel's own limit."""
        await self._set(interaction, channel, channel_day=pictures)

    @app_commands.command(description="Set the time between two wishes here (for moderators)")
    @app_commands.describe(
        seconds="Seconds between two wishes of a person; 0 for none", channel=OTHER
    )
    async def slow(
        self,
        interaction: Interaction,
        seconds: Range[int, 0, SLOW_MODE_MAX_S],
        channel: OtherChannel | None = None,
    ) -> None:
        """Set the slow mode, from which moderators are exempt."""
        await self._set(interaction, channel, slow_mode_s=seconds)

    @app_commands.command(description="Set what holds for adult content here (for moderators)")
    @app_commands.describe(rule="What holds", channel=OTHER)
    @app_commands.choices(rule=NSFW)
    async def nsfw(
        self, interaction: Interaction, rule: str, channel: OtherChannel | None = None
    ) -> None:
        """Set the rule for pictures that are not for everybody."""
        await self._set(interaction, channel, nsfw=Nsfw(rule))

    @style.autocomplete("style")
    async def styles(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The styles there are here."""
        return await self._defaults.styles(typed, interaction.guild_id)

    @aspect.autocomplete("ratio")
    async def ratios(self, _interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The ratios of the model."""
        return self._defaults.aspects(typed)

    @characters.autocomplete("names")
    async def known(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The last name, completed."""
        return await self._defaults.names(typed, interaction)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the rules of a channel that is gone."""
        await self._kept.forget(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Forget the rules of a thread that is gone."""
        await self._kept.forget(event.thread_id)

    async def _set(
        self, interaction: Interaction, channel: Chosen | None, **changes: object
    ) -> None:
        """Change the rules, for those who look after the channel, and show them."""
        permissions = interaction.permissions if channel is None else channel.permissions
        if not is_moderator(permissions):
            raise NotAllowed("channel_moderators")
        place = _place(interaction, channel)
        await self._kept.change(place, **changes)
        await self._show(interaction, place)

    async def _show(self, interaction: Interaction, place: Place) -> None:
        rules = await self._kept.rules(place)
        own, parent = await self._kept.both(place)
        view = ui.rules(place.channel_id, rules, own, parent, readable=self._readable)
        await interaction.response.send_message(view=view, ephemeral=True)


def _place(interaction: Interaction, channel: Chosen | None) -> Place:
    if channel is None:
        return place_of(interaction)
    parent_id = channel.parent_id if isinstance(channel, AppCommandThread) else None
    return Place(interaction.guild_id, channel.id, parent_id)

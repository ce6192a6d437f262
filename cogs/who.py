"""«Who made this?» on any message, and `/who`."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import RequestError
from bot.front.asking import attachment_source, pictures_of
from bot.front.eyes import Eyes
from bot.front.finding import picture_shown
from bot.services.history import History as Past
from bot.services.origins import Origin, Origins
from bot.ui import history as views
from bot.ui.base import Interaction

LINK_MAX = 120  # characters


class Who(commands.Cog):
    """Finds out who a picture was made for, and tells the person who asks alone."""

    def __init__(self, bot: commands.Bot, past: Past, origins: Origins) -> None:
        self._bot = bot
        self._past = past
        self._origins = origins

    async def cog_load(self) -> None:
        """Add the message command."""
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Who made this?", callback=self.of_message)
        )

    @app_commands.command(description="Find out who asked for a picture that I made")
    @app_commands.describe(
        picture="The picture, or a copy of it",
        id="The picture's id, or the link to its message",
    )
    async def who(
        self,
        interaction: Interaction,
        picture: discord.Attachment | None = None,
        id: app_commands.Range[str, 1, LINK_MAX] | None = None,  # noqa: A002 -- the option's name
    ) -> None:
        """By a file or by an id."""
        if picture is None and id is None:
            raise RequestError("who_nothing")
        source = None if picture is None else attachment_source(picture)
        await self._begin(interaction)
        eyes = Eyes(interaction)
        if id is not None:
            await self._show(interaction, await self._origins.by_id(eyes, id))
        elif source is not None:
            await self._show(interaction, await self._origins.by_picture(eyes, source))

    async def of_message(self, interaction: Interaction, message: discord.Message) -> None:
        """By the message, the one it forwards, what it shows again, or its first picture."""
        await self._begin(interaction)
        eyes = Eyes(interaction)
        found = await self._origins.by_message(eyes, message.id)
        if found is None and (original := _forwarded(message)) is not None:
            found = await self._origins.by_message(eyes, original)
        shown = picture_shown(message, interaction.client.user.id)
        if found is None and shown is not None:
            found = await self._origins.by_id(eyes, shown)
        if found is None:
            copies = [one for copy in message.message_snapshots for one in copy.attachments]
            pictures = pictures_of(message) or [attachment_source(one) for one in copies]
            if not pictures:
                raise RequestError("who_no_picture")
            found = await self._origins.by_picture(eyes, pictures[0])
        await self._show(interaction, found)

    async def _begin(self, interaction: Interaction) -> None:
        self._past.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=True)

    @staticmethod
    async def _show(interaction: Interaction, found: Origin) -> None:
        view = views.origin(
            found.turn, family=found.family, complete=found.complete, differs=found.differs
        )
        await interaction.edit_original_response(view=view)


def _forwarded(message: discord.Message) -> int | None:
    """The message that this one forwards."""
    reference = message.reference
    return reference.message_id if message.message_snapshots and reference is not None else None

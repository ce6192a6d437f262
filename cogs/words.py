"""`/describe` and what is done with words: drawn, changed, said more softly."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.images import TurnSource
from bot.errors import RequestError
from bot.front.asking import attachment_source, pictures_of
from bot.front.wording import Wording
from bot.services.conversations import Conversations
from bot.ui import custom_ids
from bot.ui.base import Action, FormAction, Interaction


class Words(commands.Cog):
    """Asks for words and draws them."""

    def __init__(
        self,
        bot: commands.Bot,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        wording: Wording,
        conversations: Conversations,
    ) -> None:
        self._bot = bot
        self._wording = wording
        self._conversations = conversations
        actions[custom_ids.DRAW] = actions[custom_ids.DRAW_MINE] = wording.draw
        actions[custom_ids.REWORD] = wording.reword
        forms[custom_ids.REWORD] = wording.reworded
        actions[custom_ids.SOFTEN] = wording.soften

    async def cog_load(self) -> None:
        """Add the message command."""
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Describe picture", callback=self.describe_message)
        )

    @app_commands.command(description="Get four prompts for a picture, each ready to be drawn")
    @app_commands.describe(image="The picture to put into words")
    async def describe(self, interaction: Interaction, image: discord.Attachment) -> None:
        """Describe an attached picture."""
        await self._wording.describe(interaction, attachment_source(image))

    async def describe_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Describe the first picture of a message, ours or somebody's."""
        turn = await self._conversations.by_message(message.id)
        if turn is not None:
            await self._wording.describe(interaction, TurnSource(turn.id))
            return
        found = pictures_of(message)
        if not found:
            raise RequestError("nothing_to_describe")
        await self._wording.describe(interaction, found[0])

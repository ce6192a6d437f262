"""Editing: the Edit button under a result, and «Edit picture» on any message."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import JobId
from bot.domain.images import Source, TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking, pictures_of, sources
from bot.services.conversations import Conversations
from bot.ui.base import Action, Interaction
from bot.ui.forms import EditForm


class Edit(commands.Cog):
    """Asks what to change in a picture, then asks for it."""

    def __init__(
        self,
        bot: commands.Bot,
        actions: dict[str, Action],
        asking: Asking,
        conversations: Conversations,
    ) -> None:
        self._bot = bot
        self._asking = asking
        self._conversations = conversations
        actions["edit"] = self.edit_turn

    async def cog_load(self) -> None:
        """Add the message command."""
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Edit picture", callback=self.edit_message)
        )

    async def edit_turn(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask what to change in one of our pictures."""
        turn = await self._conversations.turn(job_id)
        if turn is None:
            raise RequestError("parent_gone")
        await self._ask(interaction, (TurnSource(turn.id),), parent=turn.id, private=turn.private)

    async def edit_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask what to change in the pictures of a message, ours or somebody's."""
        turn = await self._conversations.by_message(message.id)
        if turn is not None:
            await self._ask(
                interaction, (TurnSource(turn.id),), parent=turn.id, private=turn.private
            )
            return
        found = pictures_of(message)
        if not found:
            raise RequestError("nothing_to_edit")
        await self._ask(interaction, tuple(found), parent=None, private=False)

    async def _ask(
        self,
        interaction: Interaction,
        pictures: tuple[Source, ...],
        *,
        parent: JobId | None,
        private: bool,
    ) -> None:
        async def submit(
            answered: Interaction, words: str, references: list[discord.Attachment]
        ) -> None:
            wish = Wish(words, (*pictures, *sources(references)), parent, None, private)
            await self._asking.interaction(answered, wish)

        await interaction.response.send_modal(EditForm(submit))

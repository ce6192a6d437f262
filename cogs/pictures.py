"""The buttons under a result: Again, Delete, Info; and Try again under a failure."""

from __future__ import annotations

from contextlib import suppress

import discord
from discord.ext import commands

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.errors import NotAllowed, RequestError
from bot.front.asking import Asking
from bot.services.conversations import Conversations
from bot.services.generate import Generate
from bot.ui import layout
from bot.ui.base import Action, Interaction


class Pictures(commands.Cog):
    """What can be done with one picture."""

    def __init__(
        self,
        actions: dict[str, Action],
        asking: Asking,
        conversations: Conversations,
        generate: Generate,
    ) -> None:
        self._asking = asking
        self._conversations = conversations
        self._generate = generate
        actions.update(again=self.again, retry=self.again, delete=self.delete, info=self.info)

    async def again(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask for the same once more: same words, same pictures."""
        await self._asking.interaction(interaction, await self._generate.wish_of(job_id))

    async def delete(self, interaction: Interaction, job_id: JobId) -> None:
        """Delete a picture; for its author and for those who may delete messages here."""
        turn = await self._turn(job_id)
        mine = interaction.user.id == turn.user_id
        if not mine and not interaction.permissions.manage_messages:
            raise NotAllowed("not_your_picture")
        await interaction.response.defer()
        with suppress(discord.NotFound):  # somebody else was faster
            await interaction.delete_original_response()
        await self._conversations.forget(job_id)

    async def info(self, interaction: Interaction, job_id: JobId) -> None:
        """Show what is known about a picture."""
        await interaction.response.send_message(
            view=layout.info(await self._turn(job_id)), ephemeral=True
        )

    async def _turn(self, job_id: JobId) -> Turn:
        turn = await self._conversations.turn(job_id)
        if turn is None:
            raise RequestError("parent_gone")
        return turn

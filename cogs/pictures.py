"""The buttons under a result: Again, Delete, Info, More; and Try again under a failure."""

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
from bot.services.people import People
from bot.ui import custom_ids, layout, under
from bot.ui.answers import CHOSEN, Answers
from bot.ui.base import Action, FormAction, Interaction


class Pictures(commands.Cog):
    """What can be done with one picture."""

    def __init__(
        self,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        asking: Asking,
        conversations: Conversations,
        generate: Generate,
        people: People,
    ) -> None:
        self._actions = actions
        self._asking = asking
        self._conversations = conversations
        self._generate = generate
        self._people = people
        actions.update(again=self.again, retry=self.again, delete=self.delete, info=self.info)
        forms[custom_ids.MORE] = self.more

    async def again(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask for the same once more: same words, same pictures."""
        await self._people.check(interaction.user.id, [job_id])
        await self._asking.interaction(interaction, await self._generate.wish_of(job_id))

    async def more(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Do what was chosen from the menu; a choice that was taken back is nothing to do."""
        chosen = answers.text(CHOSEN)
        if not chosen:
            await interaction.response.defer()
            return
        action = self._actions.get(chosen) if chosen in under.MORE else None
        if action is None:
            raise RequestError("button_old", detail=f"nobody handles {chosen!r}")
        await action(interaction, JobId(subject))

    async def delete(self, interaction: Interaction, job_id: JobId) -> None:
        """Delete a picture; for its author and for those who may delete messages here."""
        turn = await self._conversations.kept(job_id)
        mine = interaction.user.id == turn.user_id
        if not mine and not _may_delete(interaction, turn):
            raise NotAllowed("not_your_picture")
        await interaction.response.defer()
        with suppress(discord.NotFound):  # somebody else was faster
            await interaction.delete_original_response()
        await self._conversations.forget(job_id)
        message = interaction.message
        if message is not None and message.id != turn.message_id and not turn.private:
            # It was shown a second time: what is deleted is the picture, not its copy.
            channel = interaction.client.get_partial_messageable(turn.place.channel_id)
            with suppress(discord.HTTPException):
                await channel.get_partial_message(turn.message_id).delete()

    async def info(self, interaction: Interaction, job_id: JobId) -> None:
        """Show what is known about a picture."""
        await interaction.response.send_message(
            view=layout.info(await self._conversations.kept(job_id)), ephemeral=True
        )


def _may_delete(interaction: Interaction, turn: Turn) -> bool:
    """Whether somebody may delete messages where the picture stands.

    A moderator of a channel is none elsewhere.
    """
    here = turn.place.channel_id == interaction.channel_id
    return here and interaction.permissions.manage_messages

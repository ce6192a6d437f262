"""Editing: the Edit button under a result, and «Edit picture» on any message."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import JobId, Place
from bot.domain.images import TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking, pictures_of, sources
from bot.front.finding import picture_shown
from bot.services.conversations import Conversations
from bot.services.people import People
from bot.services.suggestions import Suggestions
from bot.services.words import Asked
from bot.ui import custom_ids
from bot.ui.answers import Answers
from bot.ui.base import Action, FormAction, Interaction
from bot.ui.forms import PICTURES, WORDS, EditForm

EDIT_TURN, EDIT_OTHERS = "edit_turn", "edit_others"  # forms


class Edit(commands.Cog):
    """Asks what to change in a picture, then asks for it."""

    def __init__(
        self,
        bot: commands.Bot,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        asking: Asking,
        conversations: Conversations,
        suggestions: Suggestions,
        people: People,
    ) -> None:
        self._bot = bot
        self._asking = asking
        self._conversations = conversations
        self._suggestions = suggestions
        self._people = people
        actions[custom_ids.EDIT] = self.edit_turn
        forms[EDIT_TURN] = self.turn_edited
        forms[EDIT_OTHERS] = self.others_edited

    async def cog_load(self) -> None:
        """Add the message command."""
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Edit picture", callback=self.edit_message)
        )

    async def edit_turn(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask what to change in one of our pictures."""
        turn = await self._conversations.kept(job_id)
        await self._people.check(interaction.user.id, [turn.id])
        await interaction.response.send_modal(EditForm(EDIT_TURN, turn.id))

    async def turn_edited(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Ask for the change of one of our pictures."""
        turn = await self._conversations.kept(JobId(subject))
        pictures = (TurnSource(turn.id), *sources(answers.files(PICTURES)))
        wish = Wish(answers.text(WORDS), pictures, turn.id, None, turn.private)
        await self._asking.interaction(interaction, wish)

    async def edit_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask what to change in the pictures of a message, ours or somebody's."""
        turn = await self._conversations.by_message(message.id)
        own_id = interaction.client.user.id
        ours = picture_shown(message, own_id) if turn is None else turn.id
        if ours is not None:
            await self.edit_turn(interaction, ours)
            return
        found = pictures_of(message)
        if not found:
            raise RequestError("nothing_to_edit")
        assert interaction.channel_id is not None
        # Where the pictures are does not fit a form's id, and we may not read the channel later.
        asked = Asked(
            interaction.id, Place(interaction.guild_id, interaction.channel_id), interaction.user.id
        )
        (kept,) = await self._suggestions.keep(asked, [Wish("", tuple(found))])
        await interaction.response.send_modal(EditForm(EDIT_OTHERS, kept))

    async def others_edited(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Ask for the change of the pictures in somebody's message."""
        kept = (await self._suggestions.get(JobId(subject))).wish
        pictures = (*kept.sources, *sources(answers.files(PICTURES)))
        wish = replace(kept, words=answers.text(WORDS), sources=pictures)
        await self._asking.interaction(interaction, wish)

"""«Save as character» on a picture, and «Draw with avatar» on a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.characters import PICTURES_MAX
from bot.domain.ids import JobId
from bot.domain.images import Source, TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking, pictures_of
from bot.front.finding import picture_shown
from bot.front.saving import Saving, asked_by, avatar_source
from bot.services.characters import Characters
from bot.services.conversations import Conversations
from bot.services.people import People
from bot.services.subjects import Subjects
from bot.services.suggestions import Suggestions
from bot.ui import custom_ids
from bot.ui.answers import Answers
from bot.ui.base import Action, FormAction, Interaction
from bot.ui.character_forms import NAME, NOTE, AvatarForm, CharacterForm
from bot.ui.forms import WORDS

SAVE = custom_ids.SAVE_CHARACTER  # an action and a form, on one of our pictures
SAVE_OTHERS = "save_others"  # a form, on somebody's picture: a suggestion's id, whose it is
AVATAR = "draw_avatar"  # a form: a suggestion's id, whose avatar it is


class Portraits(commands.Cog):
    """Asks for a name or for words, then saves or draws."""

    def __init__(
        self,
        bot: commands.Bot,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        asking: Asking,
        conversations: Conversations,
        suggestions: Suggestions,
        characters: Characters,
        saving: Saving,
        people: People,
        subjects: Subjects,
    ) -> None:
        self._subjects = subjects
        self._bot = bot
        self._asking = asking
        self._conversations = conversations
        self._suggestions = suggestions
        self._characters = characters
        self._saving = saving
        self._people = people
        actions[SAVE] = self.save_turn
        forms[SAVE] = self.turn_saved
        forms[SAVE_OTHERS] = self.others_saved
        forms[AVATAR] = self.avatar_drawn

    async def cog_load(self) -> None:
        """Add the message command and the user command."""
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Save as character", callback=self.save_message)
        )
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Draw with avatar", callback=self.draw_avatar)
        )

    async def save_turn(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask how the character in one of our pictures is called."""
        await self._conversations.kept(job_id)
        await self._people.check(interaction.user.id, [job_id])
        await interaction.response.send_modal(CharacterForm(SAVE, job_id))

    async def turn_saved(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Save one of our pictures; the member whom it shows is asked.

        Whose it is may have closed it since the form was opened.
        """
        await self._people.check(interaction.user.id, [JobId(subject)])
        shown_id = await self._subjects.of(JobId(subject))
        await self._save(interaction, answers, [TurnSource(JobId(subject))], shown_id)

    async def save_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask how the character in a message's pictures is called, ours or somebody's."""
        turn = await self._conversations.by_message(message.id)
        own_id = interaction.client.user.id
        ours = picture_shown(message, own_id) if turn is None else turn.id
        if ours is not None:
            await self.save_turn(interaction, ours)
            return
        found = pictures_of(message)[:PICTURES_MAX]
        if not found:
            raise RequestError("character_no_picture")
        # Where they are does not fit a form's id, and we may not read the channel later.
        (kept,) = await self._suggestions.keep(asked_by(interaction), [Wish("", tuple(found))])
        # A bot or a webhook has nobody to be asked.
        author_id = 0 if message.author.bot else message.author.id
        await interaction.response.send_modal(CharacterForm(SAVE_OTHERS, f"{kept}-{author_id}"))

    async def others_saved(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Save the pictures in somebody's message; they are asked."""
        kept, _, author_id = subject.partition("-")
        found = await self._suggestions.get(JobId(kept))
        await self._save(interaction, answers, found.wish.sources, int(author_id) or None)

    async def draw_avatar(
        self, interaction: Interaction, person: discord.User | discord.Member
    ) -> None:
        """Ask what to draw with somebody's avatar. Nothing of it is kept but the picture."""
        await self._characters.check_portrait(interaction.user.id, person.id)
        # A bot is nobody to be asked.
        subject_id = None if person.bot else person.id
        wish = Wish("", (avatar_source(person),), subject_id=subject_id)
        (kept,) = await self._suggestions.keep(asked_by(interaction), [wish])
        await interaction.response.send_modal(AvatarForm(AVATAR, f"{kept}-{person.id}"))

    async def avatar_drawn(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Draw with an avatar, as it was when the form was opened."""
        kept, _, person_id = subject.partition("-")
        await self._characters.check_portrait(interaction.user.id, int(person_id))
        found = await self._suggestions.get(JobId(kept))
        wish = replace(found.wish, words=answers.text(WORDS))
        await self._asking.interaction(interaction, wish)

    async def _save(
        self,
        interaction: Interaction,
        answers: Answers,
        sources: Sequence[Source],
        subject_id: int | None,
    ) -> None:
        await self._saving.save(
            interaction, answers.text(NAME), answers.text(NOTE), sources, subject_id=subject_id
        )

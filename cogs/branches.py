"""Going on from a picture: variations of it, before and after, and back to the one before."""

from __future__ import annotations

import io

import discord
from discord.ext import commands

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import EXTENSIONS
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking
from bot.front.eyes import Eyes
from bot.front.places import place_of
from bot.services.comparing import Comparing
from bot.services.conversations import Conversations
from bot.services.generate import Generate
from bot.services.history import History, seen
from bot.services.people import People
from bot.ui import branches, custom_ids
from bot.ui.answers import Answers
from bot.ui.base import Action, EaselLayout, FormAction, Interaction
from bot.ui.branches import COUNT, MOST_VARIATIONS, VaryForm
from bot.ui.texts import say


class Branches(commands.Cog):
    """The buttons Vary and Compare, and Undo."""

    def __init__(
        self,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        asking: Asking,
        conversations: Conversations,
        generate: Generate,
        people: People,
        comparing: Comparing,
        past: History,
    ) -> None:
        self._actions = actions
        self._asking = asking
        self._conversations = conversations
        self._generate = generate
        self._people = people
        self._comparing = comparing
        self._past = past
        actions[custom_ids.VARY] = self.vary
        actions[custom_ids.COMPARE] = self.compare
        actions[custom_ids.UNDO] = self.undo
        forms[custom_ids.VARY] = self.varied

    async def vary(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask how many variations, with the price of each number."""
        wish = await self._variation(interaction, job_id)
        place = place_of(interaction)
        price = await self._generate.likely_usd_micros(wish, place, interaction.user.id)
        await interaction.response.send_modal(VaryForm(custom_ids.VARY, job_id, price))

    async def varied(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Ask for that many variations; each is a request by itself."""
        said = answers.text(COUNT)
        count = int(said) if said.isdecimal() else 1
        wish = await self._variation(interaction, JobId(subject))
        await self._asking.interaction(interaction, wish, count=min(count, MOST_VARIATIONS) or 1)

    async def compare(self, interaction: Interaction, job_id: JobId) -> None:
        """Show a picture and the one it was made from side by side, to who asks."""
        turn = await self._conversations.kept(job_id)
        parent = await self._comparing.parent_of(turn, interaction.user.id)
        if parent is not None and not await _may_see(interaction, parent):
            raise RequestError("undo_hidden")
        self._past.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=True)
        labels = say("compare_before"), say("compare_after")
        limit_bytes = interaction.filesize_limit
        drawn = await self._comparing.drawn(turn, parent, labels, max_bytes=limit_bytes)
        name = f"easel-before-after.{EXTENSIONS[drawn.media_type]}"
        await _show(interaction, branches.compared(name, turn.words), name, drawn.data)

    async def undo(self, interaction: Interaction, job_id: JobId) -> None:
        """Show the picture before this one again, for all who see this one: a reply goes on there.

        Nothing is taken back: both branches stay.
        """
        turn = await self._conversations.kept(job_id)
        if turn.parent is None:
            raise RequestError("undo_nothing")
        parent = await self._conversations.turn(turn.parent)
        if parent is None:
            raise RequestError("undo_gone")
        if not await _may_see(interaction, parent):
            raise RequestError("undo_hidden")
        self._past.check(interaction.user.id)
        private = turn.private or parent.private
        await interaction.response.defer(thinking=True, ephemeral=private)
        data, media_type = await self._past.picture(parent, interaction.filesize_limit)
        name = f"easel-{parent.id}.{EXTENSIONS.get(media_type, 'png')}"
        view = branches.gone_back(
            parent,
            user_id=interaction.user.id,
            filename=name,
            handled=self._actions,
            spoiler=await self._conversations.is_covered(parent.id),
        )
        await _show(interaction, view, name, data)

    async def _variation(self, interaction: Interaction, job_id: JobId) -> Wish:
        await self._conversations.kept(job_id)
        await self._people.check(interaction.user.id, [job_id])
        return await self._generate.variation_of(job_id)


async def _may_see(interaction: Interaction, turn: Turn) -> bool:
    """Whether who pressed may see a picture: it is in this very channel, or they see its own."""
    if turn.place.channel_id == interaction.channel_id and not turn.private:
        return True
    return bool(await seen(Eyes(interaction), [turn]))


async def _show(interaction: Interaction, view: EaselLayout, name: str, data: bytes) -> None:
    file = discord.File(io.BytesIO(data), name)
    await interaction.edit_original_response(view=view, attachments=[file])

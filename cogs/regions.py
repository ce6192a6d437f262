"""Edit region: choose cells of a picture, and say what should change in them alone."""

from __future__ import annotations

import io

import discord
from discord.ext import commands

from bot.domain.ids import JobId
from bot.domain.images import EXTENSIONS
from bot.front.asking import Asking
from bot.services.people import People
from bot.services.regions import Regions as Service
from bot.ui import custom_ids
from bot.ui.answers import Answers
from bot.ui.base import Action, FormAction, Interaction
from bot.ui.forms import WORDS
from bot.ui.regions import CELLS, RegionForm, pointing


class Regions(commands.Cog):
    """Shows a grid, asks for cells and a change, then asks for the picture."""

    def __init__(
        self,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        asking: Asking,
        regions: Service,
        people: People,
    ) -> None:
        self._asking = asking
        self._regions = regions
        self._people = people
        actions[custom_ids.REGION] = self.point
        actions[CELLS] = self.choose
        forms[CELLS] = self.chosen

    async def point(self, interaction: Interaction, job_id: JobId) -> None:
        """Show the picture with its grid to the person alone."""
        await self._people.check(interaction.user.id, [job_id])
        self._regions.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=True)  # it may be with Discord
        turn, grid, drawn = await self._regions.shown(job_id)
        name = f"grid.{EXTENSIONS[drawn.media_type]}"
        view = pointing(turn.id, turn.words, grid, name)
        file = discord.File(io.BytesIO(drawn.data), name)
        await interaction.edit_original_response(view=view, attachments=[file])

    async def choose(self, interaction: Interaction, job_id: JobId) -> None:
        """Ask for the cells and the change."""
        turn = await self._regions.turn(job_id)
        await interaction.response.send_modal(RegionForm(turn.id))

    async def chosen(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Ask for the change of those cells."""
        job_id, cells = JobId(subject), answers.text(CELLS)
        wish = await self._regions.wish(job_id, cells, answers.text(WORDS))
        await self._asking.interaction(interaction, wish)

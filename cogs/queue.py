"""`/queue` shows what is on its way; the Cancel button takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.domain.ids import JobId
from bot.front.delivery import DiscordDelivery
from bot.services.cancelling import Cancelling
from bot.services.patience import Patience, Standing
from bot.ui import custom_ids, layout, standing
from bot.ui.base import Action, Interaction
from bot.ui.standing import Row
from bot.ui.texts import say


class Queue(commands.Cog):
    """What waits and is being drawn."""

    def __init__(
        self,
        actions: dict[str, Action],
        patience: Patience,
        cancelling: Cancelling,
        delivery: DiscordDelivery,
    ) -> None:
        self._patience = patience
        self._cancelling = cancelling
        self._delivery = delivery
        actions[custom_ids.CANCEL] = self.cancel

    @app_commands.command(description="Show your pictures on their way, with their place in line")
    async def queue(self, interaction: Interaction) -> None:
        """Show one's own requests; to those who look after a server, the others' too."""
        user_id = interaction.user.id
        own = _rows(await self._patience.requests(user_id=user_id), user_id)
        others: list[Row] | None = None
        may = interaction.permissions
        if interaction.guild_id is not None and (may.manage_guild or may.manage_messages):
            found = await self._patience.requests(guild_id=interaction.guild_id)
            others = _rows([one for one in found if one.job.user_id != user_id], user_id)
        view = standing.queue(own, others)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def cancel(self, interaction: Interaction, job_id: JobId) -> None:
        """Cancel a request; for who asked and for those who may delete messages here."""
        await interaction.response.defer()
        moderator = interaction.permissions.manage_messages
        user_id = interaction.user.id
        cancelled = await self._cancelling.cancel(job_id, user_id=user_id, moderator=moderator)
        await self._delivery.precedence.take(job_id)
        said = say("cancelled_at_work" if cancelled.at_work else "cancelled", user=user_id)
        view = layout.failure(said, words=cancelled.job.wish.words, retry=job_id)
        await interaction.edit_original_response(view=view)
        await self._cancelling.told(job_id)
        self._delivery.shown()


def _rows(requests: Sequence[Standing], reader_id: int) -> list[Row]:
    rows: list[Row] = []
    for one in requests:
        job, hidden = one.job, one.job.wish.private
        rows.append(
            Row(
                job.place,
                job.user_id,
                "" if hidden and job.user_id != reader_id else job.wish.words,
                None if hidden else job.reply.answer_id,
                one.wait,
            )
        )
    return rows

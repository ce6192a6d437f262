"""`/queue` shows what is on its way; the Cancel button takes it back."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.domain.ids import JobId
from bot.front.delivery import DiscordDelivery
from bot.front.eyes import Eyes
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
        own = [_row(one) for one in await self._patience.requests(user_id=user_id)]
        others: list[Row] | None = None
        if interaction.guild_id is not None:
            eyes, may = Eyes(interaction), interaction.permissions
            found = [
                one
                for one in await self._patience.requests(guild_id=interaction.guild_id)
                if one.job.user_id != user_id and eyes.moderates(one.job.place)
            ]
            if found or may.manage_guild or may.manage_messages:
                await interaction.response.defer(ephemeral=True, thinking=True)
                others = await _others(eyes, found)
        view = standing.queue(own, others)
        if others is None:
            await interaction.response.send_message(view=view, ephemeral=True)
        else:
            await interaction.edit_original_response(view=view)

    async def cancel(self, interaction: Interaction, job_id: JobId) -> None:
        """Cancel a request; for who asked and for those who look after where it was asked."""
        await interaction.response.defer()
        user_id = interaction.user.id
        job = await self._patience.job(job_id)
        moderator = job is not None and Eyes(interaction).moderates(job.place)
        cancelled = await self._cancelling.cancel(job_id, user_id=user_id, moderator=moderator)
        await self._delivery.precedence.take(job_id)
        said = say("cancelled_at_work" if cancelled.at_work else "cancelled", user=user_id)
        view = layout.failure(said, words=cancelled.job.wish.words, retry=job_id)
        await interaction.edit_original_response(view=view)
        await self._cancelling.told(job_id)
        self._delivery.shown()


def _row(one: Standing, *, told: bool = True) -> Row:
    """A request in the list; with `told` false only that it is there."""
    job, linked = one.job, told and not one.job.wish.private
    words = job.wish.words if told else ""
    return Row(job.place, job.user_id, words, job.reply.answer_id if linked else None, one.wait)


async def _others(eyes: Eyes, found: Sequence[Standing]) -> list[Row]:
    """What is private, or in a channel that the person may not see, has neither words nor link."""
    channels = list({one.job.place.channel_id for one in found})
    seen = dict(zip(channels, await gather(*map(eyes.sees, channels)), strict=True))
    return [
        _row(one, told=seen[one.job.place.channel_id] and not one.job.wish.private) for one in found
    ]

"""A person's own words on their way to be asked for: choices in braces are several wishes.

`{red,blue} kite` is put as a question first: how many pictures, what they are likely to cost, what
is left of the limits, and a button. The question is kept as a suggestion, so the button works
after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.domain import permutations
from bot.domain.ids import JobId, Place, event_of, job_id
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.quotas import Limit
from bot.front.asking import Asking
from bot.front.delivery import DiscordDelivery
from bot.front.places import place_of, place_of_message
from bot.front.progress import ProgressMessages
from bot.services.channels import Channels
from bot.services.generate import Generate
from bot.services.quotas import Quotas
from bot.services.suggestions import Suggestions
from bot.services.words import Asked
from bot.ui import permutations as ui
from bot.ui.base import EaselLayout, Interaction


class Wishing(Asking):
    """Asks for pictures as `Asking` does, but first looks for choices in what a person wrote."""

    def __init__(
        self,
        generate: Generate,
        delivery: DiscordDelivery,
        progress: ProgressMessages,
        channels: Channels,
        suggestions: Suggestions,
        quotas: Quotas,
        *,
        most: int,
    ) -> None:
        super().__init__(generate, delivery, progress, channels)
        self._suggestions = suggestions
        self._quotas = quotas
        self._most = most
        self._pressed: set[JobId] = set()

    async def interaction(self, interaction: Interaction, wish: Wish, *, count: int = 1) -> None:
        """Ask for a wish, or show the person what its choices come to."""
        wishes = self._chosen(wish, count)
        if len(wishes) == count:
            await super().interaction(interaction, wishes[0], count=count)
            return
        await interaction.response.defer(thinking=True, ephemeral=True)
        asked = Asked(interaction.id, place_of(interaction), interaction.user.id)
        question = await self._question(asked, wish, wishes, count)
        await interaction.edit_original_response(view=question)

    async def message(self, message: discord.Message, wish: Wish) -> None:
        """Ask for the wish of a message, or reply with what its choices come to."""
        wishes = self._chosen(wish, 1)
        if len(wishes) == 1:
            await super().message(message, wishes[0])
            return
        if await self._suggestions.has(job_id(message.id)):
            return  # Discord delivers an event twice now and then
        asked = Asked(message.id, place_of_message(message), message.author.id)
        question = await self._question(asked, wish, wishes, 1)
        await message.reply(view=question, mention_author=False)

    async def draw_all(self, interaction: Interaction, suggestion_id: JobId) -> None:
        """Ask for all wishes of a question, for whoever pressed its button.

        The question loses its button when something of it is accepted, so that nobody pays twice
        for a second press.
        """
        found = await self._suggestions.get(suggestion_id)
        wishes = self._chosen(found.wish, found.count)
        await interaction.response.defer()
        if suggestion_id in self._pressed:
            return
        self._pressed.add(suggestion_id)
        try:
            question = event_of(suggestion_id)
            accepted, refused = await self.several(interaction, wishes, question)
            if accepted:
                view = ui.answered(accepted, len(wishes))
                await interaction.edit_original_response(view=view)
        finally:
            self._pressed.discard(suggestion_id)
        if refused is not None:
            raise refused

    def _chosen(self, wish: Wish, count: int) -> list[Wish]:
        """A wish's choices, each as often as `count` says. Raises Invalid as `expand` does.

        One that was put together before is not a person's own words any more.
        """
        if wish.told is not None:
            return [wish] * count
        chosen = permutations.expand(wish.words, self._most)
        if len(chosen) > 1 and len(chosen) * count > self._most:
            raise Invalid("too_many_wishes", limit=self._most)
        return [replace(wish, words=words) for words in chosen for _ in range(count)]

    async def _question(
        self, asked: Asked, wish: Wish, wishes: Sequence[Wish], count: int
    ) -> EaselLayout:
        cost = await self._likely_usd_micros(wishes, asked.place, asked.user_id)
        usages = await self._quotas.usage(asked.place, asked.user_id)
        own = {Limit.PERSON_DAY, Limit.GIFT}
        tight = [one for one in usages if one.limit in own or one.left < len(wishes)]
        (kept,) = await self._suggestions.keep(asked, [wish], count=count)
        return ui.question(kept, [one.words for one in wishes[::count]], count, cost, tight)

    async def _likely_usd_micros(self, wishes: Sequence[Wish], place: Place, user_id: int) -> int:
        prices = {
            one.words: await self._generate.likely_usd_micros(one, place, user_id)
            for one in dict.fromkeys(wishes)
        }
        return sum(prices[one.words] for one in wishes)

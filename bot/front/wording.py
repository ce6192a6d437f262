"""Words on Discord: prompts for a picture, a fuller wish, a softer one, and drawing them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ids import JobId
from bot.domain.images import Source
from bot.domain.jobs import Wish
from bot.front.asking import Asking
from bot.front.places import place_of
from bot.services.channels import Channels
from bot.services.generate import Generate
from bot.services.people import People
from bot.services.suggestions import Suggestions
from bot.services.telling import reworded
from bot.services.words import Asked, Words
from bot.ui import custom_ids, offers
from bot.ui.answers import Answers
from bot.ui.base import Interaction
from bot.ui.forms import WORDS, WishForm


class Wording:
    """Acknowledges at once, asks for the words, and shows them with buttons."""

    def __init__(
        self,
        words: Words,
        suggestions: Suggestions,
        generate: Generate,
        asking: Asking,
        channels: Channels,
        people: People,
    ) -> None:
        self._channels = channels
        self._people = people
        self._words = words
        self._suggestions = suggestions
        self._generate = generate
        self._asking = asking

    async def describe(self, interaction: Interaction, source: Source) -> None:
        """Show prompts for a picture to all who may draw them here."""
        asked = await self._begin(interaction, private=False)
        prompts = await self._words.describe(asked, source)
        wishes = [Wish(prompt) for prompt in prompts]
        ids = await self._suggestions.keep(asked, wishes)
        shown = list(zip(ids, prompts, strict=True))
        await interaction.edit_original_response(view=offers.described(shown))

    async def improve(self, interaction: Interaction, wish: Wish, count: int) -> None:
        """Show a fuller wish to the person, before `count` pictures are drawn by it."""
        self._generate.check(wish)
        asked = await self._begin(interaction, private=True)
        words = await self._words.improve(asked, wish)
        wishes = [replace(wish, words=words), wish]
        better, mine = await self._suggestions.keep(asked, wishes, count=count)
        view = offers.improved(words, better=better, mine=mine)
        await interaction.edit_original_response(view=view)

    async def soften(self, interaction: Interaction, job_id: JobId) -> None:
        """Show a softer wish to the person, in the place of one that was refused.

        The offer has the refused wish's pictures, so it is for those who may go on from it.
        """
        await self._people.check(interaction.user.id, [job_id])
        asked = await self._begin(interaction, private=True)
        wish = await self._generate.wish_of(job_id)
        reason = await self._generate.refusal_of(job_id)
        words = await self._words.soften(asked, wish.words, reason)
        (softer,) = await self._suggestions.keep(asked, [reworded(wish, words)])
        await interaction.edit_original_response(view=offers.softened(words, softer=softer))

    async def draw(self, interaction: Interaction, suggestion_id: JobId) -> None:
        """Draw a suggestion for whoever pressed its button."""
        found = await self._suggestions.get(suggestion_id)
        await self._asking.interaction(interaction, found.wish, count=found.count)

    async def reword(self, interaction: Interaction, suggestion_id: JobId) -> None:
        """Let a suggestion be changed in a form."""
        found = await self._suggestions.get(suggestion_id)
        form = WishForm(custom_ids.REWORD, suggestion_id, found.wish.words)
        await interaction.response.send_modal(form)

    async def reworded(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Draw a suggestion as it was changed in a form."""
        found = await self._suggestions.get(JobId(subject))
        wish = reworded(found.wish, answers.text(WORDS))
        await self._asking.interaction(interaction, wish, count=found.count)

    async def _begin(self, interaction: Interaction, *, private: bool) -> Asked:
        """Acknowledge, unless there will be no words: that is said to the person alone."""
        place = place_of(interaction)
        await self._channels.check(place)
        self._words.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=private)
        return Asked(interaction.id, place, interaction.user.id)

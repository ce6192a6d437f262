"""`/studio` and Continue: threads in which every message is a turn of one conversation."""

from __future__ import annotations

from typing import Literal

from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.ids import JobId
from bot.front.defaults import Defaults
from bot.front.threads import StudioThreads
from bot.services.conversations import Conversations
from bot.services.people import People
from bot.ui import custom_ids
from bot.ui.base import Action, Interaction

OPTIONS = {
    "visibility": "Who sees the thread: everybody here, or you and whom you add",
    "ratio": "The shape of new pictures in it",
    "style": "The style of new pictures in it",
    "characters": "Characters that take part in every turn, with commas between them",
}


class Threads(
    commands.GroupCog, name="studio", description="Threads for one conversation with pictures"
):
    """Opens, continues and ends studios."""

    def __init__(
        self,
        actions: dict[str, Action],
        threads: StudioThreads,
        conversations: Conversations,
        defaults: Defaults,
        people: People,
    ) -> None:
        self._threads = threads
        self._conversations = conversations
        self._defaults = defaults
        self._people = people
        actions[custom_ids.CONTINUE] = self.go_on

    @app_commands.command(
        name="open", description="Open a thread in which every message changes the newest picture"
    )
    @app_commands.describe(**OPTIONS)
    async def open_studio(
        self,
        interaction: Interaction,
        visibility: Literal["public", "private"] = "public",
        ratio: Range[str, 1, 20] | None = None,
        style: Range[str, 1, 100] | None = None,
        characters: Range[str, 1, 200] | None = None,
    ) -> None:
        """Open a studio, open one again, or change the one this is."""
        await self._threads.open(
            interaction,
            private=visibility == "private",
            style=await self._defaults.style(style, interaction.guild_id),
            aspect=self._defaults.aspect(ratio),
            characters=await self._defaults.characters(characters, interaction),
        )

    @app_commands.command(description="End the studio that this thread is")
    async def end(self, interaction: Interaction) -> None:
        """End a studio; for its owner and for moderators."""
        await self._threads.end(interaction)

    async def go_on(self, interaction: Interaction, job_id: JobId) -> None:
        """Open a thread that goes on from a picture."""
        turn = await self._conversations.kept(job_id)
        await self._people.check(interaction.user.id, [job_id])
        await self._threads.go_on(interaction, turn)

    @open_studio.autocomplete("ratio")
    async def ratios(self, _interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The ratios of the model."""
        return self._defaults.aspects(typed)

    @open_studio.autocomplete("style")
    async def styles(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The styles there are here."""
        return await self._defaults.styles(typed, interaction.guild_id)

    @open_studio.autocomplete("characters")
    async def names(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The last name, completed."""
        return await self._defaults.names(typed, interaction)

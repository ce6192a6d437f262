"""`/history`, and what a picture's past shows: its branch, its family, a time-lapse."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.history import Page, Search
from bot.domain.ids import JobId, job_id, ordinal_of
from bot.domain.images import EXTENSIONS
from bot.domain.jobs import Wish
from bot.domain.sheets import Drawn
from bot.errors import DiscordUnavailable, EaselError, RequestError
from bot.front.eyes import Eyes
from bot.front.places import place_of
from bot.services.history import History as Past
from bot.services.suggestions import Suggestions
from bot.services.words import Asked
from bot.ui import custom_ids
from bot.ui import history as views
from bot.ui.answers import CHOSEN, Answers
from bot.ui.base import Action, EaselLayout, FormAction, Interaction
from bot.ui.history import Kind
from bot.ui.texts import say

SEARCH_MAX = 200  # characters

Turned = Callable[[Interaction, tuple[int, int], int], Awaitable[None]]


class History(commands.Cog):
    """Looking back, for one person alone: what others may not see is in it."""

    def __init__(
        self,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        past: Past,
        suggestions: Suggestions,
    ) -> None:
        self._actions = actions
        self._past = past
        self._suggestions = suggestions
        actions[custom_ids.HISTORY_OF] = self.history_of
        actions[custom_ids.TREE] = self.tree
        actions[custom_ids.LAPSE] = self.lapse
        actions[custom_ids.SHOW] = self.show
        forms[views.OPEN] = self.open
        turned: dict[Kind, Turned] = {
            "all": self._all,
            "found": self._found,
            "branch": self._branch,
        }
        for kind in views.KINDS:
            for step in ("previous", "next"):
                actions[f"{step}_{kind}"] = _turning(turned[kind], past)

    @app_commands.command(description="Look back at pictures of this server, or at your own")
    @app_commands.describe(
        person="Only pictures that this person asked for",
        search="Words of the pictures; the last one may be a beginning",
        private="Only your own private pictures",
    )
    async def history(
        self,
        interaction: Interaction,
        person: discord.User | None = None,
        search: app_commands.Range[str, 1, SEARCH_MAX] | None = None,
        *,
        private: bool = False,
    ) -> None:
        """Show the newest page."""
        self._past.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=True)
        whose = interaction.user.id if private else 0 if person is None else person.id
        if search is None:
            await self._all(interaction, (whose, int(private)), 0)
            return
        asked = Asked(interaction.id, place_of(interaction), interaction.user.id)
        # Words do not fit a button's id.
        await self._suggestions.keep(asked, [Wish(search, private=private)])
        await self._found(interaction, (interaction.id, whose), 0)

    async def history_of(self, interaction: Interaction, job: JobId) -> None:
        """Show the branch of a picture, from its beginning to the picture."""
        await self._begin(interaction)
        await self._branch(interaction, _numbers(job), None)

    async def tree(self, interaction: Interaction, job: JobId) -> None:
        """Show the family of a picture."""
        await self._begin(interaction)
        eyes = Eyes(interaction)
        tree = await self._past.tree(eyes, job, eyes.names_of)
        name = _filename("tree", tree.drawn)
        view = views.tree(
            tree.turns, job, left_out=tree.left_out, complete=tree.complete, filename=name
        )
        await _show(interaction, view, name, tree.drawn.data)

    async def lapse(self, interaction: Interaction, job: JobId) -> None:
        """Show how a picture came about, as an animation."""
        await self._begin(interaction)
        turn, count, drawn = await self._past.lapse(Eyes(interaction), job)
        name = _filename("time-lapse", drawn)
        await _show(interaction, views.lapse(turn, count, name), name, drawn.data)

    async def open(self, interaction: Interaction, _subject: str, answers: Answers) -> None:
        """Show one of the pictures of a page, so that one can go on from it."""
        if not answers.chosen(CHOSEN):  # the last choice was taken back
            await interaction.response.defer()
            return
        await self.show(interaction, JobId(answers.text(CHOSEN)))

    async def show(self, interaction: Interaction, job: JobId) -> None:
        """Show a picture to the person alone, so that they can go on from it."""
        await self._begin(interaction)
        turn = await self._past.turn(Eyes(interaction), job)
        try:
            data, media_type = await self._past.picture(turn, interaction.filesize_limit)
        except DiscordUnavailable:
            raise
        except EaselError:
            await _show(interaction, views.not_kept(turn))
            return
        name = f"easel-{turn.id}.{EXTENSIONS.get(media_type, 'png')}"
        await _show(interaction, views.opened(turn, name, self._actions), name, data)

    async def _begin(self, interaction: Interaction) -> None:
        self._past.check(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=True)

    async def _all(self, interaction: Interaction, state: tuple[int, int], number: int) -> None:
        whose, private = state
        search = Search(whose or None, private=bool(private))
        await self._searched(interaction, search, "all", state, number)

    async def _found(self, interaction: Interaction, state: tuple[int, int], number: int) -> None:
        event, whose = state
        try:
            wish = (await self._suggestions.get(job_id(event))).wish
        except RequestError as gone:
            raise RequestError("history_search_gone") from gone
        search = Search(whose or None, wish.words, wish.private)
        await self._searched(interaction, search, "found", state, number)

    async def _searched(
        self,
        interaction: Interaction,
        search: Search,
        kind: Kind,
        state: tuple[int, int],
        number: int,
    ) -> None:
        page = await self._past.page(Eyes(interaction), search, number)
        person = search.person_id
        if person is None and interaction.guild_id is None:
            person = interaction.user.id
        title = views.title(person_id=person, words=search.words, private=search.private)
        await self._show(interaction, page, title, kind, state)

    async def _branch(
        self, interaction: Interaction, state: tuple[int, int], number: int | None
    ) -> None:
        page = await self._past.branch(Eyes(interaction), job_id(*state), number)
        await self._show(interaction, page, say("history_title_branch"), "branch", state)

    async def _show(
        self, interaction: Interaction, page: Page, title: str, kind: Kind, state: tuple[int, int]
    ) -> None:
        drawn = await self._past.sheet(page) if page.turns else None
        name = None if drawn is None else _filename("history", drawn)
        view = views.page(page, title=title, kind=kind, state=state, filename=name)
        await _show(interaction, view, name or "", None if drawn is None else drawn.data)


def _turning(kind: Turned, past: Past) -> Action:
    """A button that turns the page of the message it stands on."""

    async def turned(interaction: Interaction, job: JobId) -> None:
        past.check(interaction.user.id)
        await interaction.response.defer()
        first, second, number = map(int, job.split("-"))
        await kind(interaction, (first, second), number)

    return turned


async def _show(
    interaction: Interaction, view: EaselLayout, name: str = "", data: bytes | None = None
) -> None:
    files = [] if data is None else [discord.File(io.BytesIO(data), name)]
    await interaction.edit_original_response(view=view, attachments=files)


def _numbers(job: JobId) -> tuple[int, int]:
    return int(job.partition("-")[0]), ordinal_of(job)


def _filename(what: str, drawn: Drawn) -> str:
    return f"easel-{what}.{EXTENSIONS.get(drawn.media_type, 'png')}"

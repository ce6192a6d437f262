"""`/challenge`: a theme, a thread of its own, entries, votes, and who wins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, Range
from discord.ext import commands

from bot.domain.challenges import THEME_MAX, Challenge
from bot.domain.ids import JobId
from bot.errors import MissingPermission, NotAllowed, RequestError
from bot.front.saving import asked_by
from bot.services.challenges import Challenges as Kept
from bot.ui import challenges as ui
from bot.ui import layout
from bot.ui.answers import CHOSEN, Answers
from bot.ui.base import Action, EaselLayout, FormAction, Interaction
from bot.ui.texts import say

POT_MAX = 10_000  # pictures
ARCHIVE_MIN = 10_080  # a week without a message, the longest that Discord has

Where: TypeAlias = discord.TextChannel | discord.ForumChannel


class WithThreads(app_commands.Transformer):
    """An option for a channel that has threads.

    discord.py's own for forums offers media channels too, which Discord's API file does not know.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What Discord lists."""
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, _: Interaction, value: Any, /) -> Any:
        """The channel as Discord gave it."""
        return value


@app_commands.guild_only()
class Challenges(commands.GroupCog, name="challenge", description="A theme, entries and votes"):
    """Begins, shows and ends challenges; takes entries and votes."""

    def __init__(
        self, actions: dict[str, Action], forms: dict[str, FormAction], kept: Kept
    ) -> None:
        self._kept = kept
        actions[ui.ENTER] = self.choose
        actions[ui.VOTE] = self.vote
        actions[ui.BOARD] = actions[ui.RESULTS] = self.board
        forms[ui.PICK] = self.enter

    @app_commands.command(description="Begin a challenge in a thread of its own (for moderators)")
    @app_commands.describe(
        theme="What the pictures are about",
        budget="Pictures that the challenge pays for; without it, they count as everywhere",
        ends="When it ends: 3d, 12h, 1d 6h; without it, when you end it",
        channel="The text channel for the thread, or the forum for the post; without it, here",
    )
    async def start(
        self,
        interaction: Interaction,
        theme: Range[str, 1, THEME_MAX],
        budget: Range[int, 1, POT_MAX] | None = None,
        ends: Range[str, 1, 50] | None = None,
        channel: app_commands.Transform[AppCommandChannel, WithThreads] | None = None,
    ) -> None:
        """Open a thread or forum post, and say so."""
        if not interaction.permissions.manage_guild:
            raise NotAllowed
        where = _where(interaction.channel if channel is None else channel.resolve())
        planned = await self._kept.plan(asked_by(interaction), theme, budget, ends)
        await interaction.response.defer(thinking=True)
        try:
            challenge = await self._open(where, planned)
        except discord.Forbidden as error:
            needed = ["Create Public Threads", "Send Messages in Threads", "Send Messages"]
            raise MissingPermission(detail=str(error), permissions=needed) from error
        await interaction.edit_original_response(view=ui.announced(challenge))

    @app_commands.command(description="Show how this thread's challenge stands")
    async def show(self, interaction: Interaction) -> None:
        """Show the standings."""
        challenge = await self._kept.in_thread(interaction.channel_id)
        await self.board(interaction, JobId(challenge.id))

    @app_commands.command(name="enter", description="Enter one of your pictures of this thread")
    async def enter_here(self, interaction: Interaction) -> None:
        """Show the pictures that the person may enter."""
        challenge = await self._kept.in_thread(interaction.channel_id)
        await self.choose(interaction, JobId(challenge.id))

    @app_commands.command(description="End this thread's challenge and name the winners")
    async def end(self, interaction: Interaction) -> None:
        """End it, for moderators and who began it."""
        challenge = await self._kept.in_thread(interaction.channel_id)
        began = interaction.user.id == challenge.made_by
        if not began and not interaction.permissions.manage_guild:
            raise NotAllowed
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._kept.end(challenge.id)
        await interaction.edit_original_response(view=layout.notice(say("challenge_ended")))

    async def choose(self, interaction: Interaction, challenge_id: JobId) -> None:
        """Show the pictures that the person may enter."""
        turns = await self._kept.may_enter(challenge_id, interaction.user.id)
        await _answer(interaction, ui.choices(challenge_id, turns))

    async def enter(self, interaction: Interaction, challenge_id: str, answers: Answers) -> None:
        """Let the chosen picture take part."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        chosen = JobId(answers.text(CHOSEN))
        turn = await self._kept.enter(challenge_id, chosen, interaction.user.id)
        await interaction.edit_original_response(view=ui.entered(turn))

    async def vote(self, interaction: Interaction, subject: JobId) -> None:
        """Vote for an entry; the subject is the challenge and the picture."""
        challenge_id, _, turn = subject.partition("-")
        voted = await self._kept.vote(challenge_id, JobId(turn), interaction.user.id)
        await _answer(interaction, ui.voted(voted))

    async def board(self, interaction: Interaction, challenge_id: JobId) -> None:
        """Show how a challenge stands."""
        await _answer(interaction, ui.board(await self._kept.board(challenge_id)))

    async def _open(self, where: Where, planned: Challenge) -> Challenge:
        """Open the thread or post, and write the challenge down."""
        name = ui.thread_name(planned.theme)
        if isinstance(where, discord.ForumChannel):
            # Its first message comes with the post, so it is written down after that.
            view = ui.begun(planned)
            post = await where.create_thread(
                name=name,
                view=view,
                auto_archive_duration=ARCHIVE_MIN,
                allowed_mentions=discord.AllowedMentions.none(),
            )
            challenge = replace(planned, thread_id=post.thread.id)
            await self._kept.begin(challenge)
            return challenge
        thread = await where.create_thread(
            name=name,
            type=(
                discord.ChannelType.news_thread
                if where.is_news()
                else discord.ChannelType.public_thread
            ),
            auto_archive_duration=ARCHIVE_MIN,
        )
        challenge = replace(planned, thread_id=thread.id)
        await self._kept.begin(challenge)
        await thread.send(view=ui.begun(challenge))
        return challenge


def _where(channel: object) -> Where:
    """The channel that a thread is opened in. Raises RequestError for one that has none."""
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise RequestError("challenge_no_threads")
    return channel


async def _answer(interaction: Interaction, view: EaselLayout) -> None:
    await interaction.response.send_message(view=view, ephemeral=True)

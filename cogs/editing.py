"""Own words on pictures that are there: `/edit`, and «Remix» on any message."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.front.asking import Asking, pictures_of, sources
from bot.front.finding import picture_shown
from bot.front.options import Command, Options, Text
from bot.front.places import place_of
from bot.services.conversations import Conversations
from bot.services.generate import MAX_WORDS
from bot.services.people import People
from bot.services.styles import Styles
from bot.services.suggestions import Suggestions
from bot.services.words import Asked
from bot.ui.answers import Answers
from bot.ui.base import FormAction, Interaction
from bot.ui.forms import PICTURES, WORDS
from bot.ui.remix_form import STYLE, STYLES_SHOWN, TEXT, RemixForm

REMIX_TURN, REMIX_OTHERS = "remix_turn", "remix_others"  # forms

DESCRIBED = {
    "words": "What should change",
    "picture": "The picture; without it, the last one that I drew in this channel",
}


class Editing(commands.Cog):
    """Draws what somebody else began, or oneself."""

    def __init__(
        self,
        bot: commands.Bot,
        forms: dict[str, FormAction],
        asking: Asking,
        conversations: Conversations,
        suggestions: Suggestions,
        styles: Styles,
        people: People,
        options: Options,
    ) -> None:
        self._bot = bot
        self._people = people
        self._asking = asking
        self._conversations = conversations
        self._suggestions = suggestions
        self._styles = styles
        self._options = options
        forms[REMIX_TURN] = self.turn_remixed
        forms[REMIX_OTHERS] = self.others_remixed

    async def cog_load(self) -> None:
        """Add the commands."""
        self._bot.tree.add_command(self._command())
        self._bot.tree.add_command(
            app_commands.ContextMenu(name="Remix", callback=self.remix_message)
        )

    def _command(self) -> Command:
        async def edit(
            interaction: Interaction,
            words: app_commands.Range[str, 1, MAX_WORDS],
            picture: discord.Attachment | None = None,
            style: str | None = None,
            text: Text = "",
            aspect: str | None = None,
            size: str | None = None,
            character: str | None = None,
            private: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
        ) -> None:
            wish = Wish(
                words,
                aspect=aspect,
                private=private,
                size=size,
                style=style,
                exact=text,
                characters=(character,) if character else (),
            )
            if picture is not None:
                wish = replace(wish, sources=sources([picture]))
            else:
                wish = _of_turn(wish, await self._last(interaction))
            await self._asking.interaction(interaction, wish)

        return self._options.command(
            edit, "Change a picture: yours, or the last one of this channel", DESCRIBED
        )

    async def _last(self, interaction: Interaction) -> Turn:
        channel_id = place_of(interaction).channel_id
        turn = await self._conversations.latest(channel_id, interaction.user.id)
        if turn is None:
            raise RequestError("nothing_to_edit_here")
        return turn

    async def remix_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask what should become of the pictures of a message, ours or somebody's."""
        styles = await self._styles.named("", interaction.guild_id, STYLES_SHOWN)
        turn = await self._conversations.by_message(message.id)
        own_id = interaction.client.user.id
        ours = picture_shown(message, own_id) if turn is None else turn.id
        if ours is not None:
            await self._conversations.kept(ours)
            await self._people.check(interaction.user.id, [ours])
            await interaction.response.send_modal(RemixForm(REMIX_TURN, ours, styles))
            return
        found = pictures_of(message)
        if not found:
            raise RequestError("nothing_to_remix")
        # Where the pictures are does not fit a form's id, and we may not read the channel later.
        asked = Asked(interaction.id, place_of(interaction), interaction.user.id)
        (kept,) = await self._suggestions.keep(asked, [Wish("", tuple(found))])
        await interaction.response.send_modal(RemixForm(REMIX_OTHERS, kept, styles))

    async def turn_remixed(self, interaction: Interaction, subject: str, answers: Answers) -> None:
        """Ask for what should become of one of our pictures."""
        turn = await self._conversations.kept(JobId(subject))
        await self._asking.interaction(interaction, _of_turn(_said(answers), turn))

    async def others_remixed(
        self, interaction: Interaction, subject: str, answers: Answers
    ) -> None:
        """Ask for what should become of the pictures in somebody's message."""
        kept = (await self._suggestions.get(JobId(subject))).wish
        wish = _said(answers)
        wish = replace(wish, sources=(*kept.sources, *wish.sources))
        await self._asking.interaction(interaction, wish)


def _said(answers: Answers) -> Wish:
    """The wish that a form has."""
    return Wish(
        answers.text(WORDS),
        sources(answers.files(PICTURES)),
        style=answers.text(STYLE) or None,
        exact=answers.text(TEXT),
    )


def _of_turn(wish: Wish, turn: Turn) -> Wish:
    """The wish about one of our pictures; what comes of a private one is private."""
    pictures = (TurnSource(turn.id), *wish.sources)
    return replace(wish, sources=pictures, parent=turn.id, private=wish.private or turn.private)

"""Characters before Discord: saved, shown, and agreed to by the member whom they show."""

from __future__ import annotations

import io
import logging
from collections.abc import Awaitable, Sequence
from enum import StrEnum

import aiohttp
import discord

from bot.domain.characters import Character, Consent
from bot.domain.ids import Place
from bot.domain.images import EXTENSIONS, AttachmentSource, Source
from bot.domain.sheets import Drawn
from bot.services.characters import Characters
from bot.services.words import Asked
from bot.ui import characters as ui
from bot.ui.base import Interaction
from bot.ui.present import from_discord

logger = logging.getLogger(__name__)

AVATAR_PX = 1024


class AskedWhere(StrEnum):
    """Where a member was asked; the value is the key of the sentence that says so."""

    DIRECTLY = "character_asked_directly"
    HERE = "character_asked_here"
    NOWHERE = "character_not_asked"


def avatar_source(person: discord.User | discord.Member) -> AttachmentSource:
    """Where a person's avatar is, the server's own where they have one; not animated."""
    return AttachmentSource(person.display_avatar.replace(size=AVATAR_PX, format="png").url)


def asked_by(interaction: Interaction) -> Asked:
    """Who asks by an interaction, and where."""
    assert interaction.channel_id is not None
    place = Place(interaction.guild_id, interaction.channel_id)
    return Asked(interaction.id, place, interaction.user.id)


class Saving:
    """Makes characters and shows them to who asked alone; asks the member they show."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters

    async def save(
        self,
        interaction: Interaction,
        name: str,
        note: str,
        sources: Sequence[Source],
        *,
        shared: bool = False,
        subject_id: int | None = None,
    ) -> None:
        """Make a character, show it, and ask the member it was made from. Raises as `save` does."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked = asked_by(interaction)
        character = await self._characters.save(
            asked, name, note, sources, shared=shared, subject_id=subject_id
        )
        await self._show(interaction, character, await self._characters.sheet(character))
        if character.consent is Consent.ASKED:
            # Behind the first answer: Discord would take a further one for it, for the owner alone.
            await self.ask(interaction, character)

    async def show(self, interaction: Interaction, character: Character) -> None:
        """Show a character."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, character, await self._characters.sheet(character))

    async def ask(self, interaction: Interaction, character: Character) -> None:
        """Ask the member, then show the character and how they were asked.

        The interaction must have its answer, or be a press that was deferred.
        """
        sheet = await self._characters.sheet(character)
        where = await _ask(interaction, character, sheet)
        await self._show(interaction, character, sheet, ui.asked(where, character))

    async def answered(
        self, interaction: Interaction, character_id: str, *, agrees: bool, never: bool = False
    ) -> None:
        """Take the member's answer, say what came of it in the question's place, tell the owner.

        With `never` the member is not to be asked again, by anybody.
        """
        user_id = interaction.user.id
        character = await self._characters.answer(character_id, user_id, agrees=agrees)
        if never:
            await self._characters.let_others(user_id, allowed=False)
        view = ui.answer(character, never=never)
        await interaction.response.edit_message(view=view, attachments=[])
        await _tell_owner(interaction, character)

    async def _show(
        self, interaction: Interaction, character: Character, sheet: Drawn, said: str = ""
    ) -> None:
        file = _file(sheet)
        view = ui.shown(
            character,
            filename=file.filename,
            viewer_id=interaction.user.id,
            guild_id=interaction.guild_id,
            said=said,
        )
        await interaction.edit_original_response(view=view, attachments=[file])


async def _ask(interaction: Interaction, character: Character, sheet: Drawn) -> AskedWhere:
    """Ask in a direct message, or where the owner is when that does not reach the member."""
    assert character.subject_id is not None
    file = _file(sheet)
    view = ui.question(character, filename=file.filename)
    if await _sent("asked", _directly(interaction, character.subject_id, view=view, file=file)):
        return AskedWhere.DIRECTLY
    if interaction.guild_id is None:
        return AskedWhere.NOWHERE  # the member is not here
    file = _file(sheet)  # a file can be sent once
    view = ui.question(character, filename=file.filename)
    here = interaction.followup.send(view=view, file=file, ephemeral=False, wait=True)
    return AskedWhere.HERE if await _sent("asked in a channel", here) else AskedWhere.NOWHERE


async def _tell_owner(interaction: Interaction, character: Character) -> None:
    """Tell the owner what the member answered, if they take direct messages."""
    view = ui.owner_told(character)
    await _sent("told of an answer", _directly(interaction, character.owner_id, view=view))


async def _directly(
    interaction: Interaction,
    user_id: int,
    *,
    view: discord.ui.LayoutView,
    file: discord.File = discord.utils.MISSING,
) -> None:
    person = await interaction.client.fetch_user(user_id)
    await person.send(view=view, file=file)


async def _sent(what: str, sending: Awaitable[object]) -> bool:
    """Whether a message that may fail was sent."""
    try:
        await sending
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        known = isinstance(error, discord.HTTPException)
        logger.info("a member could not be %s: %s", what, from_discord(error) if known else error)
        return False
    return True


def _file(sheet: Drawn) -> discord.File:
    return discord.File(io.BytesIO(sheet.data), f"character.{EXTENSIONS[sheet.media_type]}")

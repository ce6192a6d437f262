"""`/character`: figures with a name, to be drawn again and again; and whom they show."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.domain.characters import NOTE_MAX, Character
from bot.domain.ids import JobId
from bot.domain.images import Source
from bot.front.asking import sources
from bot.front.saving import Saving, avatar_source
from bot.services.casting import matching
from bot.services.characters import Characters as Kept
from bot.ui import characters as ui
from bot.ui import layout
from bot.ui.answers import CHOSEN, Answers
from bot.ui.base import Action, FormAction, Interaction
from bot.ui.texts import say

CHOICES = 25  # that Discord lists for an option
Name = Range[str, 1, 100]

OPTIONS = {
    "name": "What it is called; you write it as @name in your wishes",
    "picture": "A picture of it",
    "picture2": "A second picture, best from another side",
    "picture3": "A third picture",
    "picture4": "A fourth picture",
    "note": "What the pictures don't show, or what never changes",
    "shared": "Whether everybody on this server can draw it",
    "member": "A member whose avatar is a picture of it; they are asked first",
}


class Characters(commands.GroupCog, name="character", description="Figures to be drawn again"):
    """Saves, shows, shares and deletes characters."""

    def __init__(
        self,
        actions: dict[str, Action],
        forms: dict[str, FormAction],
        kept: Kept,
        saving: Saving,
    ) -> None:
        self._kept = kept
        self._saving = saving
        actions[ui.AGREE] = self.agree
        actions[ui.DECLINE] = actions[ui.WITHDRAW] = self.decline
        actions[ui.NEVER] = self.never
        actions[ui.ASK] = self.ask_again
        forms[ui.OPEN] = self.open

    @app_commands.command(description="Save pictures under a name, to be drawn as @name")
    @app_commands.describe(**OPTIONS)
    async def save(
        self,
        interaction: Interaction,
        name: Name,
        picture: discord.Attachment | None = None,
        picture2: discord.Attachment | None = None,
        picture3: discord.Attachment | None = None,
        picture4: discord.Attachment | None = None,
        note: Range[str, 0, NOTE_MAX] = "",
        shared: bool = False,  # noqa: FBT001, FBT002 -- Discord passes options by name
        member: discord.User | None = None,
    ) -> None:
        """Make a character of attached pictures, or of an avatar."""
        given: tuple[Source, ...] = sources([picture, picture2, picture3, picture4])
        if member is not None:
            given = (avatar_source(member), *given)
        subject_id = None if member is None or member.bot else member.id
        await self._saving.save(
            interaction, name, note, given, shared=shared, subject_id=subject_id
        )

    @app_commands.command(
        name="list", description="List your characters, this server's and those of you"
    )
    async def listed(self, interaction: Interaction) -> None:
        """Show what there is."""
        user_id = interaction.user.id
        own, shared, of_you = await self._kept.seen_by(user_id, interaction.guild_id)
        view = ui.listed(own, shared, of_you, user_id=user_id)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(description="Show a character's pictures and what is known of it")
    @app_commands.describe(name="Which one")
    async def show(self, interaction: Interaction, name: Name) -> None:
        """Show one by its name."""
        found = await self._kept.find(name, interaction.user.id, interaction.guild_id)
        await self._saving.show(interaction, found)

    @app_commands.command(description="Give one of your characters another name")
    @app_commands.describe(name="Which one", new_name="What it is called from now on")
    async def rename(self, interaction: Interaction, name: Name, new_name: Name) -> None:
        """Rename one's own."""
        old = await self._kept.own(name, interaction.user.id)
        new = await self._kept.rename(name, new_name, interaction.user.id)
        await interaction.response.send_message(view=ui.renamed(old, new), ephemeral=True)

    @app_commands.command(description="Let everybody on this server draw one of your characters")
    @app_commands.describe(name="Which one")
    @app_commands.guild_only()
    async def share(self, interaction: Interaction, name: Name) -> None:
        """Share one's own with this server."""
        character = await self._kept.share(name, interaction.user.id, interaction.guild_id)
        await _say(interaction, "character_sharing", character)

    @app_commands.command(description="Take a shared character back (moderators: anybody's)")
    @app_commands.describe(name="Which one")
    async def unshare(self, interaction: Interaction, name: Name) -> None:
        """Take back one's own, or as a moderator somebody's."""
        may = interaction.permissions
        character = await self._kept.unshare(
            name,
            interaction.user.id,
            interaction.guild_id,
            moderator=may.manage_messages or may.manage_guild,
        )
        await _say(interaction, "character_unshared", character)

    @app_commands.command(description="Delete one of your characters, with its pictures")
    @app_commands.describe(name="Which one")
    async def delete(self, interaction: Interaction, name: Name) -> None:
        """Delete one's own."""
        character = await self._kept.delete(name, interaction.user.id)
        await _say(interaction, "character_deleted", character)

    @app_commands.command(description="Whether others may draw you and make characters of you")
    @app_commands.describe(others="Whether they may use your avatar, and ask for your pictures")
    async def consent(
        self,
        interaction: Interaction,
        others: bool,  # noqa: FBT001 -- Discord passes options by name
    ) -> None:
        """Set whether others may draw the person."""
        await self._kept.let_others(interaction.user.id, allowed=others)
        said = say("consent_others_on" if others else "consent_others_off")
        await interaction.response.send_message(view=layout.notice(said), ephemeral=True)

    @show.autocomplete("name")
    async def names_to_show(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """All that the person can look at."""
        own, shared, of_you = await self._kept.seen_by(interaction.user.id, interaction.guild_id)
        return _choices([*own, *shared, *of_you], typed)

    @rename.autocomplete("name")
    @share.autocomplete("name")
    @delete.autocomplete("name")
    async def own_names(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """The person's own."""
        own, _, _ = await self._kept.seen_by(interaction.user.id, interaction.guild_id)
        return _choices(own, typed)

    @unshare.autocomplete("name")
    async def shared_names(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        """What the person can take back."""
        own, shared, _ = await self._kept.seen_by(interaction.user.id, interaction.guild_id)
        may = interaction.permissions
        others = shared if may.manage_messages or may.manage_guild else []
        return _choices([*(one for one in own if one.shared), *others], typed)

    async def open(self, interaction: Interaction, _subject: str, answers: Answers) -> None:
        """Show the character that was chosen from a list."""
        character_id = answers.text(CHOSEN)
        found = await self._kept.get(character_id, interaction.user.id, interaction.guild_id)
        await self._saving.show(interaction, found)

    async def agree(self, interaction: Interaction, character_id: JobId) -> None:
        """The member agrees to a character of them."""
        await self._saving.answered(interaction, character_id, agrees=True)

    async def decline(self, interaction: Interaction, character_id: JobId) -> None:
        """The member does not agree, or not any more."""
        await self._saving.answered(interaction, character_id, agrees=False)

    async def never(self, interaction: Interaction, character_id: JobId) -> None:
        """The member does not agree, and does not want to be asked again by anybody."""
        await self._saving.answered(interaction, character_id, agrees=False, never=True)

    async def ask_again(self, interaction: Interaction, character_id: JobId) -> None:
        """Ask a member once more who has not answered."""
        character = await self._kept.to_be_asked(character_id, interaction.user.id)
        await interaction.response.defer()
        await self._saving.ask(interaction, character)


def _choices(characters: list[Character], typed: str) -> list[Choice[str]]:
    names = matching([one.name for one in characters], typed)
    return [Choice(name=f"@{name}", value=name) for name in names[:CHOICES]]


async def _say(interaction: Interaction, key: str, character: Character) -> None:
    await interaction.response.send_message(view=ui.done(key, character), ephemeral=True)

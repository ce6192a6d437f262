"""What can be set as a channel's or studio's default: a ratio, a style, characters."""

from __future__ import annotations

from discord.app_commands import Choice

from bot.domain.names import fold
from bot.domain.routes import Profile
from bot.errors import RequestError
from bot.services.casting import Casting
from bot.services.styles import Styles
from bot.ui.base import Interaction

CHOICES = 25  # that Discord lists for an option
VALUE_MAX = 100  # characters of a choice
CHARACTERS_MAX = 4


class Defaults:
    """Reads and completes what is set. What was not given stays None."""

    def __init__(self, styles: Styles, casting: Casting, profile: Profile) -> None:
        self._styles = styles
        self._casting = casting
        self._profile = profile

    async def style(self, name: str | None, guild_id: int | None) -> str | None:
        """A style's own name. Raises RequestError for one that there is not here."""
        return None if name is None else (await self._styles.find(name, guild_id)).name

    def aspect(self, name: str | None) -> str | None:
        """One of the model's ratios. Raises RequestError for another."""
        if name is None:
            return None
        if name.strip() not in self._profile.aspects:
            raise RequestError("channel_aspect_unknown", name=name)
        return name.strip()

    async def characters(self, names: str | None, interaction: Interaction) -> tuple[str, ...]:
        """The characters' own names. Raises RequestError for one that there is not here."""
        wanted = [one.strip().removeprefix("@") for one in (names or "").split(",")]
        found: list[str] = []
        for name in filter(None, wanted):
            known = await self._known(interaction, name)
            match = next((one for one in known if fold(one) == fold(name)), None)
            if match is None:
                raise RequestError("character_unknown", name=name)
            found.append(match)
        if len(found) > CHARACTERS_MAX:
            raise RequestError("channel_characters_too_many", limit=CHARACTERS_MAX)
        return tuple(dict.fromkeys(found))

    def aspects(self, typed: str) -> list[Choice[str]]:
        """The ratios that fit what was typed."""
        fitting = [one for one in self._profile.aspects if typed.strip() in one]
        return [Choice(name=one, value=one) for one in fitting[:CHOICES]]

    async def styles(self, typed: str, guild_id: int | None) -> list[Choice[str]]:
        """The styles that fit what was typed."""
        found = await self._styles.named(typed, guild_id, CHOICES)
        return [Choice(name=one.name, value=one.name) for one in found]

    async def names(self, typed: str, interaction: Interaction) -> list[Choice[str]]:
        """The names typed so far, with the last one completed."""
        before, _, last = typed.rpartition(",")
        kept = f"{before.strip()}, " if before.strip() else ""
        listed = [kept + name for name in await self._known(interaction, last.strip())]
        fitting = [one for one in listed if len(one) <= VALUE_MAX]
        return [Choice(name=one, value=one) for one in fitting[:CHOICES]]

    async def _known(self, interaction: Interaction, typed: str) -> list[str]:
        return await self._casting.names(interaction.user.id, interaction.guild_id, typed)

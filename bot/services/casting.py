"""Characters in a wish: their pictures and notes are added, whatever door it came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.branch import rooted
from bot.domain.characters import Character
from bot.domain.ids import Place
from bot.domain.images import BlobSource
from bot.domain.jobs import Wish
from bot.domain.mentions import cast, mentioned
from bot.domain.names import fold
from bot.domain.routes import Profile
from bot.errors import RequestError
from bot.storage import characters
from bot.storage.database import Database


class Casting:
    """Adds the characters that a wish is about."""

    def __init__(self, database: Database, profile: Profile) -> None:
        self._database = database
        self._profile = profile

    async def enrich(self, wish: Wish, place: Place, user_id: int) -> Wish:
        """The wish with the pictures and notes of its characters; `telling` puts a style around.

        One that was put together before (Again, Try again) stays as it is.
        Raises RequestError for a named character that there is not or that waits for consent,
        Invalid (`too_many_characters`) when the model has not a place for each.
        """
        if wish.told is not None or ("@" not in wish.words and not wish.characters):
            return wish
        known, waiting = await self._known(user_id, place.guild_id)
        names = [fold(name.strip().removeprefix("@")) for name in wish.characters]
        called = {*mentioned(wish.words, [one.name for one in waiting]), *names}
        usable = {fold(one.name) for one in known}
        for one in waiting:
            if fold(one.name) in called - usable:
                raise RequestError("character_waits", name=one.name)
        for name, folded in zip(wish.characters, names, strict=True):
            if folded not in usable:
                raise RequestError("character_unknown_wish", name=name)
        places = self._profile.max_inputs
        made = cast(wish.words, known, given=given(wish), places=places, unsaid=names)
        if not made.characters:
            return wish
        pictures = tuple(BlobSource(picture) for picture in made.pictures)
        shown = (wish.subject_id, *(one.subject_id for one in made.characters))
        subjects = [one for one in shown if one is not None]
        return replace(
            wish,
            told=made.words,
            sources=(*wish.sources, *pictures),
            characters=(),
            # There is room for one: whoever has to be asked stands before who asks.
            subject_id=min(subjects, key=lambda one: one == user_id, default=None),
        )

    async def defaults(self, wish: Wish, names: Sequence[str], place: Place, user_id: int) -> Wish:
        """The wish with a channel's characters, where it names none itself.

        Call it before `enrich`. Those that are gone, wait for consent, or have no place beside
        the pictures that were given are left out: nobody asked for them in so many words.
        A wish that was enriched before is left as it is.
        """
        if not names or wish.characters or wish.told is not None:
            return wish
        known, _ = await self._known(user_id, place.guild_id)
        usable = {fold(one.name): one.name for one in known}
        if mentioned(wish.words, usable.values()):
            return wish
        room = max(0, self._profile.max_inputs - given(wish))
        found = [usable[fold(name)] for name in names if fold(name) in usable]
        return replace(wish, characters=tuple(dict.fromkeys(found))[:room])

    async def names(self, user_id: int, guild_id: int | None, typed: str) -> list[str]:
        """The names of characters that a person may draw here, those that begin so first."""
        known, _ = await self._known(user_id, guild_id)
        return matching([one.name for one in known], typed)

    async def _known(
        self, user_id: int, guild_id: int | None
    ) -> tuple[list[Character], list[Character]]:
        """Those that a person may draw there, their own first, and their own that wait."""
        async with self._database.reading() as conn:
            own = await characters.owned(conn, user_id)
            here = [] if guild_id is None else await characters.shared(conn, guild_id)
        known = [one for one in (*own, *here) if one.usable_by(user_id, guild_id)]
        return known, [one for one in own if not one.agreed]


def given(wish: Wish) -> int:
    """How many pictures go before the characters': the one that is edited, and those given."""
    return len(rooted(wish).sources)


def matching(names: Sequence[str], typed: str) -> list[str]:
    """The names that fit what was typed so far: those that begin so, then those that have it."""
    sought = fold(typed.strip().removeprefix("@"))
    once = {fold(name): name for name in reversed(names)}
    fitting = [folded for folded in sorted(once) if sought in folded]
    return [once[folded] for folded in sorted(fitting, key=lambda f: not f.startswith(sought))]

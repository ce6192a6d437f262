"""What the model is told of a wish: its words, put together with characters and a style.

The one place for it. In this order: the choices in braces are made before a wish gets here
(`bot/front/wishing.py`); then characters take the place of their names in the words; then the
style's template goes around that, or the place in the picture where the change belongs. What is
said of each picture and each character stands behind the whole. Neither an exact text nor a
template is ever read for characters' names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from bot.domain.builtin_styles import BUILTIN
from bot.domain.ids import Place
from bot.domain.jobs import Wish
from bot.domain.mentions import FIGURE, parted
from bot.domain.names import fold
from bot.domain.routes import Profile
from bot.domain.styles import PLAIN, Style, apply
from bot.errors import RequestError
from bot.services.casting import Casting, given
from bot.services.styles import Styles, is_none

BLEND = BUILTIN[fold("blend")]
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


Around: TypeAlias = Callable[[Wish, str], Awaitable[Wish]]
"""Puts what is said of a wish's region around the words: `Regions.around`."""


class Telling:
    """Puts wishes together."""

    def __init__(self, styles: Styles, casting: Casting, around: Around, profile: Profile) -> None:
        self._around = around
        self._styles = styles
        self._casting = casting
        self._profile = profile

    async def enrich(self, wish: Wish, place: Place, user_id: int) -> Wish:
        """The wish with what the model is told of it. An `Enrich` of `Generate`.

        The person's own words stay as they are. A wish that was put together before, or is told
        in another way, is left as it is.
        Raises RequestError for a style that there is not or that has no picture to be about,
        Invalid for a text that lacks or is too long, and what `Casting.enrich` does.
        """
        if wish.told is not None or not wish.words.strip():
            return wish
        style = await self._style(wish, place.guild_id)
        count = given(wish)
        if style is not None and style.of_pictures and not count:
            raise RequestError("style_needs_picture", style=style.name)
        wish = await self._casting.enrich(wish, place, user_id)
        if style is None and wish.region is None and not wish.numbered:
            return wish
        words, notes = (wish.words, "") if wish.told is None else parted(wish.told)
        if wish.region is not None:
            wish = await self._around(wish, words)
            words = wish.told or words
        elif style is not None:
            words = apply(style, words, wish.exact)
            if wish.aspect is None and style.aspect in self._profile.aspects:
                wish = replace(wish, aspect=style.aspect)
        behind = "\n".join(filter(None, [numbers(count) if wish.numbered else "", notes]))
        return replace(wish, told="\n\n".join(filter(None, [words, behind])))

    async def _style(self, wish: Wish, guild_id: int | None) -> Style | None:
        """The style to put around the words; a blend is one, and so is an exact text alone.

        There is none around a change of a part: that is drawn as the whole is.
        """
        if wish.region is not None:
            return None
        if wish.style is not None and not is_none(wish.style):
            return await self._styles.find(wish.style, guild_id)
        if wish.numbered and wish.style is None:
            return BLEND
        return PLAIN if wish.exact.strip() else None


def reworded(wish: Wish, words: str) -> Wish:
    """A wish that was put together before, with other words, to be put together anew.

    The pictures of its characters are among its own by now: what was said on them stays.
    """
    _, notes = ("", "") if wish.told is None else parted(wish.told)
    told = f"{words.strip()}\n\n{notes}" if FIGURE in notes else None
    return replace(wish, words=words, told=told)


def numbers(count: int) -> str:
    """The sentence that says which picture is picture 1, which is picture 2, and so on."""
    listed = [f"picture {at} is the {nth} image" for at, nth in enumerate(ORDINALS[:count], 1)]
    return f"The given images are numbered in their order: {', '.join(listed)}."

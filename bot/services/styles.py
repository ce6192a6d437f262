"""Styles: the built-in ones and those that a server's moderators make.

How a wish is drawn in one is in `telling`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.builtin_styles import BUILTIN
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.names import fold
from bot.domain.styles import NONE, Style, check_style
from bot.errors import RequestError
from bot.storage import styles
from bot.storage.database import Connection, Database

PER_GUILD = 25


class Styles:
    """The styles that there are in a place."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int | None) -> list[Style]:
        """A server's own, by name; none in direct messages."""
        if guild_id is None:
            return []
        async with self._database.reading() as conn:
            return await styles.of_guild(conn, guild_id)

    async def find(self, name: str, guild_id: int | None) -> Style:
        """A style by its name. Raises RequestError when there is none of it here."""
        if (built_in := BUILTIN.get(fold(name.strip()))) is not None:
            return built_in
        if guild_id is not None:
            async with self._database.reading() as conn:
                if (found := await styles.get(conn, guild_id, name.strip())) is not None:
                    return found
        raise RequestError("style_unknown", name=name)

    async def named(self, typed: str, guild_id: int | None, most: int) -> list[Style]:
        """Styles whose name or description has what was typed; the server's own first.

        Where not all have room, the built-in ones keep theirs.
        """
        sought = fold(typed.strip())
        own = [one for one in await self.of_guild(guild_id) if _fits(one, sought)]
        built_in = [one for one in BUILTIN.values() if _fits(one, sought)]
        return [*own[: max(0, most - len(built_in))], *built_in][:most]

    async def default(self, wish: Wish, name: str | None, guild_id: int | None) -> Wish:
        """The wish with a channel's style, where it names none itself and where that fits.

        Call it before the wish is put together. A style for new pictures is not put around
        «make it night», nor one about a given picture around a wish without one; a style that
        was removed is left out: nobody asked for it in so many words. A style that needs a text
        holds where there is one.
        """
        if name is None or wish.style is not None or wish.told is not None:
            return wish
        try:
            style = await self.find(name, guild_id)
        except RequestError:
            return wish
        shown = wish.parent is not None or bool(wish.sources)
        if style.of_pictures != shown or (style.needs_text and not wish.exact.strip()):
            return wish
        return replace(wish, style=style.name)

    async def add(self, guild_id: int, name: str, about: str, template: str, made_by: int) -> Style:
        """Make a style of a server. Raises Invalid for what breaks a rule (`check_style`)."""
        async with self._database.transaction() as conn:
            await styles.lock(conn)
            there = await styles.of_guild(conn, guild_id)
            style = _checked(Style(name, about, template), there)
            if len(there) >= PER_GUILD:
                raise Invalid("styles_full", limit=PER_GUILD)
            await styles.add(conn, guild_id, style, made_by)
        return style

    async def change(
        self,
        guild_id: int,
        name: str,
        *,
        new_name: str | None = None,
        about: str | None = None,
        template: str | None = None,
    ) -> Style:
        """Change what is not None of a server's style. Raises RequestError, Invalid."""
        async with self._database.transaction() as conn:
            await styles.lock(conn)
            old = await _own(conn, guild_id, name)
            there = await styles.of_guild(conn, guild_id)
            style = _checked(
                Style(
                    old.name if new_name is None else new_name,
                    old.about if about is None else about,
                    old.template if template is None else template,
                ),
                [one for one in there if one != old],
            )
            await styles.change(conn, guild_id, old.name, style)
        return style

    async def remove(self, guild_id: int, name: str) -> Style:
        """Delete a server's style. Raises RequestError when there is none of that name."""
        async with self._database.transaction() as conn:
            old = await _own(conn, guild_id, name)
            await styles.remove(conn, guild_id, old.name)
        return old


def is_none(name: str | None) -> bool:
    """Whether a person said that they want no style."""
    return name is not None and fold(name.strip()) == NONE


def _checked(new: Style, there: list[Style]) -> Style:
    taken = [*BUILTIN, *(one.name for one in there)]
    return check_style(new.name, new.about, new.template, taken)


def _fits(style: Style, sought: str) -> bool:
    return sought in fold(style.name) or sought in fold(style.about)


async def _own(conn: Connection, guild_id: int, name: str) -> Style:
    """A server's style. Raises RequestError, with another sentence for a built-in one."""
    if fold(name.strip()) in BUILTIN:
        raise RequestError("style_built_in", name=name)
    found = await styles.get(conn, guild_id, name.strip())
    if found is None:
        raise RequestError("style_unknown", name=name)
    return found

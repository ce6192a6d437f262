"""The styles of servers as rows.

A style is its server's, not its maker's: it has no words of a wish in it, and everybody of the
server uses it. Export: those that a person made, by `made_by`. Deletion of a person: `unsign`
takes the mark of the maker away and leaves the style; a moderator can `remove` it. Deletion of a
server: `remove_all`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, delete, select, update

from bot.domain.names import fold
from bot.domain.styles import Style
from bot.storage.community_tables import styles
from bot.storage.database import Connection
from bot.storage.upsert import insert

NOBODY = 0  # the maker of a style whose maker is forgotten

_S = styles.c


async def lock(conn: Connection) -> None:
    """Let no other transaction add or change styles until this one ends.

    Names and numbers can then be checked before they are written. SQLite has one writer anyway.
    """
    if conn.dialect.name == "postgresql":
        await conn.exec_driver_sql("LOCK TABLE styles IN SHARE ROW EXCLUSIVE MODE")


async def of_guild(conn: Connection, guild_id: int) -> list[Style]:
    """A server's styles, by name."""
    rows = await conn.execute(select(styles).where(_S.guild_id == guild_id).order_by(_S.folded))
    return [_from_row(row) for row in rows.mappings()]


async def get(conn: Connection, guild_id: int, name: str) -> Style | None:
    """A server's style by its name, however it is written."""
    found = await conn.execute(
        select(styles).where(_S.guild_id == guild_id, _S.folded == fold(name))
    )
    row = found.mappings().one_or_none()
    return None if row is None else _from_row(row)


async def add(conn: Connection, guild_id: int, style: Style, made_by: int) -> bool:
    """Write a style. False, and nothing changed, when there is one of that name."""
    written = await conn.execute(
        insert(conn, styles)
        .values(guild_id=guild_id, made_by=made_by, **_changing(style))
        .on_conflict_do_nothing(index_elements=["guild_id", "folded"])
        .returning(_S.folded)
    )
    return written.scalar_one_or_none() is not None


async def change(conn: Connection, guild_id: int, name: str, style: Style) -> bool:
    """Write a style anew, perhaps under another name. False when it is not there any more.

    Raises IntegrityError when another one has the new name.
    """
    done = await conn.execute(
        update(styles)
        .where(_S.guild_id == guild_id, _S.folded == fold(name))
        .values(**_changing(style))
    )
    return done.rowcount == 1


async def remove(conn: Connection, guild_id: int, name: str) -> bool:
    """Delete a style. False when it was not there."""
    done = await conn.execute(
        delete(styles).where(_S.guild_id == guild_id, _S.folded == fold(name))
    )
    return done.rowcount == 1


async def remove_all(conn: Connection, guild_id: int) -> int:
    """Delete all styles of a server; returns how many."""
    return (await conn.execute(delete(styles).where(_S.guild_id == guild_id))).rowcount


async def unsign(conn: Connection, user_id: int) -> int:
    """Forget that a person made their styles; returns how many these are."""
    done = await conn.execute(update(styles).where(_S.made_by == user_id).values(made_by=NOBODY))
    return done.rowcount


def _changing(style: Style) -> dict[str, Any]:
    return {
        "folded": fold(style.name),
        "name": style.name,
        "about": style.about,
        "template": style.template,
    }


def _from_row(row: RowMapping) -> Style:
    return Style(row["name"], row["about"], row["template"])

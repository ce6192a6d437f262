"""Characters as rows.

Export: a person's own by `owner_id`, those that show them by `subject_id` (`of_person` has
both). Deletion: `remove` of each of these; the files that nobody else needs are `unused`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, or_, select, update

from bot.domain.characters import Character, Consent
from bot.domain.ids import BlobKey
from bot.domain.names import fold
from bot.storage import values
from bot.storage.community_tables import characters
from bot.storage.database import Connection
from bot.storage.tables import turns
from bot.storage.upsert import insert

_C = characters.c


async def lock(conn: Connection) -> None:
    """Let no other transaction add or change characters until this one ends.

    Names and numbers can then be checked before they are written. SQLite has one writer anyway.
    """
    if conn.dialect.name == "postgresql":
        await conn.exec_driver_sql("LOCK TABLE characters IN SHARE ROW EXCLUSIVE MODE")


async def add(conn: Connection, character: Character) -> bool:
    """Write a character. False, and nothing changed, when its id was there before.

    Raises IntegrityError for a second one of a name.
    """
    row = {
        "id": character.id,
        "owner_id": character.owner_id,
        "subject_id": character.subject_id,
        "note": character.note,
        "pictures": [values.from_stored(picture) for picture in character.pictures],
        "created_at": character.created_at,
        **_changing(character),
    }
    written = await conn.execute(
        insert(conn, characters)
        .values(row)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(_C.id)
    )
    return written.scalar_one_or_none() is not None


async def change(conn: Connection, character: Character) -> bool:
    """Write a character's name, sharing and consent. False when it is not there any more."""
    done = await conn.execute(
        update(characters).where(_C.id == character.id).values(**_changing(character))
    )
    return done.rowcount == 1


async def remove(conn: Connection, character_id: str) -> bool:
    """Delete a character. False when it was not there."""
    return (await conn.execute(delete(characters).where(_C.id == character_id))).rowcount == 1


async def get(conn: Connection, character_id: str) -> Character | None:
    """A character by its id."""
    found = await _all(conn, _C.id == character_id)
    return found[0] if found else None


async def owned(conn: Connection, user_id: int) -> list[Character]:
    """A person's own, by name."""
    return await _all(conn, _C.owner_id == user_id)


async def shared(conn: Connection, guild_id: int) -> list[Character]:
    """Those that are shared with a server, by name; also those that wait for consent."""
    return await _all(conn, and_(_C.shared, _C.guild_id == guild_id))


async def showing(conn: Connection, user_id: int) -> list[Character]:
    """Those that others made from a person, by name."""
    return await _all(conn, and_(_C.subject_id == user_id, _C.owner_id != user_id))


async def of_person(conn: Connection, user_id: int) -> list[Character]:
    """All that a person made or is shown by, by name."""
    return await _all(conn, or_(_C.owner_id == user_id, _C.subject_id == user_id))


async def numbers(
    conn: Connection, owner_id: int, guild_id: int | None, *, but: str = ""
) -> tuple[int, int]:
    """How many a person has, and how many are shared with a server, one left out."""
    other = _C.id != but
    count = select(func.count()).select_from(characters)
    own = await conn.scalar(count.where(_C.owner_id == owner_id, other))
    in_guild = await conn.scalar(count.where(_C.shared, _C.guild_id == guild_id, other))
    return int(own), int(in_guild)


async def keys(conn: Connection) -> set[BlobKey]:
    """The files of all characters' pictures."""
    rows = await conn.execute(select(_C.pictures))
    return {values.to_stored(one).key for (pictures,) in rows for one in pictures}


async def unused(conn: Connection, files: Collection[BlobKey]) -> set[BlobKey]:
    """Those of the files that are no other character's and no drawn picture's.

    What an earlier picture was made from is not asked: whoever deletes a character wants it gone.
    """
    drawn = await conn.execute(select(turns.c.picture_key).where(turns.c.picture_key.in_(files)))
    return set(files) - await keys(conn) - {BlobKey(key) for (key,) in drawn}


async def _all(conn: Connection, which: ColumnElement[bool]) -> list[Character]:
    rows = await conn.execute(select(characters).where(which).order_by(_C.folded, _C.id))
    return [_from_row(row) for row in rows.mappings()]


def _changing(character: Character) -> dict[str, Any]:
    return {
        "guild_id": character.guild_id,
        "name": character.name,
        "folded": fold(character.name),
        "shared": character.shared,
        "consent": character.consent,
    }


def _from_row(row: RowMapping) -> Character:
    return Character(
        id=row["id"],
        guild_id=row["guild_id"],
        owner_id=row["owner_id"],
        name=row["name"],
        note=row["note"],
        pictures=tuple(values.to_stored(one) for one in row["pictures"]),
        shared=bool(row["shared"]),
        consent=Consent(row["consent"]),
        created_at=row["created_at"],
        subject_id=row["subject_id"],
    )

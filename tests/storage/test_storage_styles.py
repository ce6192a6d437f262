from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import Place
from bot.domain.styles import Style
from bot.storage import styles, turns
from bot.storage.database import Database
from tests.storage.samples import GUILD, NOW, stored, turn

HERE, THERE = 77, 9_100_000_000_000_000_001
ANN, BEN = 5, 6
INK = Style("Linocut", "Two inks 🖨", "A linocut of {words}. «{text}»")


async def test_a_style_comes_back_as_it_was_written(database: Database) -> None:
    async with database.transaction() as conn:
        await styles.lock(conn)
        assert await styles.add(conn, HERE, INK, ANN)
        assert not await styles.add(conn, HERE, replace(INK, name="LINOCUT", about="x"), BEN)
        assert await styles.add(conn, THERE, INK, BEN)
        assert await styles.get(conn, HERE, "\uff2cinocut") == INK
        assert await styles.get(conn, HERE, "woodcut") is None
        assert await styles.of_guild(conn, HERE) == [INK]
        assert await styles.of_guild(conn, 1) == []


async def test_it_can_be_changed_and_removed(database: Database) -> None:
    other = Style("Dots", "", "{words} in dots")
    async with database.transaction() as conn:
        await styles.add(conn, HERE, INK, ANN)
        await styles.add(conn, HERE, other, ANN)
        new = replace(INK, name="Woodcut", template="A woodcut of {words}")
        assert await styles.change(conn, HERE, "linocut", new)
        assert not await styles.change(conn, HERE, "linocut", new)
        assert await styles.of_guild(conn, HERE) == [other, new]
        assert await styles.remove(conn, HERE, "WOODCUT")
        assert not await styles.remove(conn, HERE, "woodcut")
        assert not await styles.remove(conn, THERE, "dots")
        await styles.add(conn, HERE, INK, ANN)
    async with database.transaction() as conn:
        with pytest.raises(IntegrityError):
            await styles.change(conn, HERE, "linocut", other)


async def test_a_person_and_a_server_can_be_forgotten(database: Database) -> None:
    async with database.transaction() as conn:
        await styles.add(conn, HERE, INK, ANN)
        await styles.add(conn, THERE, INK, ANN)
        assert await styles.unsign(conn, ANN) == 2
        assert await styles.unsign(conn, ANN) == 0
        assert await styles.of_guild(conn, HERE) == [INK]
        assert await styles.remove_all(conn, HERE) == 1
        assert await styles.of_guild(conn, HERE) == []
        assert await styles.of_guild(conn, THERE) == [INK]


async def test_the_newest_picture_of_a_channel(database: Database) -> None:
    elsewhere = Place(GUILD.guild_id, 4)
    async with database.transaction() as conn:
        assert await turns.latest(conn, GUILD.channel_id, ANN) is None
        for one in (
            turn(10),
            turn(11),
            turn(12, private=True),
            turn(13, private=True, user_id=BEN),
            turn(14, place=elsewhere),
            turn(15, created_at=NOW),
        ):
            await turns.add(conn, one)

        async def newest(user_id: int) -> str | None:
            found = await turns.latest(conn, GUILD.channel_id, user_id)
            return None if found is None else found.id

        assert [await newest(user) for user in (ANN, BEN, 7)] == ["12", "13", "11"]
        await turns.forget(conn, turn(11).id)
        assert await newest(7) == "10"
        assert stored(10) == (await turns.get(conn, turn(10).id) or turn(1)).picture

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.characters import Character, Consent
from bot.domain.ids import JobId
from bot.storage import characters, jobs, people, turns
from bot.storage.database import Database
from tests.storage.samples import NOW, job, stored, turn

ANN, BEN, HERE = 5, 9_100_000_000_000_000_001, 77


def character(number: int = 1, **changes: Any) -> Character:
    values: dict[str, Any] = {
        "id": str(number),
        "guild_id": HERE,
        "owner_id": ANN,
        "name": f"Ada{number}",
        "note": "a red scarf 🧣",
        "pictures": (stored(number), stored(number + 100)),
        "shared": False,
        "consent": Consent.NOT_NEEDED,
        "created_at": NOW,
    }
    return Character(**values | changes)


async def put(database: Database, *all_of_them: Character) -> None:
    async with database.transaction() as conn:
        for one in all_of_them:
            assert await characters.add(conn, one)


async def test_a_character_comes_back_as_it_was_written(database: Database) -> None:
    one = character(1, shared=True, subject_id=BEN, consent=Consent.ASKED)
    direct = character(2, guild_id=None)
    await put(database, one, direct)
    async with database.transaction() as conn:
        assert not await characters.add(conn, replace(one, name="another"))
        assert await characters.get(conn, "1") == one
        assert await characters.get(conn, "2") == direct
        assert await characters.get(conn, "3") is None


async def test_it_can_be_changed_and_removed(database: Database) -> None:
    one = character(1, subject_id=BEN, consent=Consent.ASKED)
    await put(database, one)
    new = replace(one, name="Grace", shared=True, guild_id=78, consent=Consent.GIVEN)
    async with database.transaction() as conn:
        assert await characters.change(conn, new)
        assert await characters.get(conn, "1") == new
        assert await characters.remove(conn, "1")
        assert not await characters.remove(conn, "1")
        assert not await characters.change(conn, new)


@pytest.mark.parametrize(
    "second",
    [
        character(2, name="ADA1"),
        character(2, name="ada1", owner_id=BEN, shared=True),
    ],
)
async def test_a_name_is_taken_once(database: Database, second: Character) -> None:
    await put(database, character(1, shared=True))
    with pytest.raises(IntegrityError):
        await put(database, second)
    await put(database, replace(second, id="3", owner_id=BEN, shared=False))
    await put(database, replace(second, id="4", owner_id=BEN + 1, shared=True, guild_id=78))


async def test_whose_they_are(database: Database) -> None:
    mine = [character(1), character(2, shared=True)]
    of_me = character(3, owner_id=BEN, subject_id=ANN, consent=Consent.ASKED, shared=True)
    myself = character(4, subject_id=ANN)
    elsewhere = character(5, owner_id=BEN, shared=True, guild_id=78)
    await put(database, of_me, *mine, myself, elsewhere)
    async with database.reading() as conn:
        assert await characters.owned(conn, ANN) == [*mine, myself]
        assert await characters.shared(conn, HERE) == [mine[1], of_me]
        assert await characters.showing(conn, ANN) == [of_me]
        assert await characters.of_person(conn, ANN) == [*mine, of_me, myself]
        assert await characters.numbers(conn, ANN, HERE) == (3, 2)
        assert await characters.numbers(conn, ANN, HERE, but="2") == (2, 1)
        assert await characters.numbers(conn, ANN, None) == (3, 0)


async def test_which_files_are_needed(database: Database) -> None:
    one, two = character(1), character(2, pictures=(stored(1), stored(8)))
    drawn = stored(101)
    await put(database, one, two)
    async with database.transaction() as conn:
        await jobs.insert(conn, job(10))
        await turns.add(conn, turn(10, picture=drawn, inputs=(stored(8),)))
        assert await characters.keys(conn) == {stored(n).key for n in (1, 101, 8)}
        await characters.remove(conn, one.id)
        files = [picture.key for picture in one.pictures]
        assert await characters.unused(conn, files) == set()  # the other's, and a drawn one
        await characters.remove(conn, two.id)
        await turns.forget(conn, JobId("10"))
        assert await characters.unused(conn, [*files, stored(8).key]) == {
            stored(n).key for n in (1, 101, 8)
        }


async def test_numbers_are_exact_when_many_save_at_once(database: Database) -> None:
    most = 3

    async def save(number: int) -> bool:
        async with database.transaction() as conn:
            await characters.lock(conn)
            own, _ = await characters.numbers(conn, ANN, HERE)
            return own < most and await characters.add(conn, character(number))

    saved = await asyncio.gather(*(save(number) for number in range(8)))
    assert sum(saved) == most


async def test_settings_of_a_person(database: Database) -> None:
    async with database.transaction() as conn:
        assert await people.get(conn, BEN) == {}
        await people.change(conn, BEN, portraits=False)
        await people.change(conn, BEN, other=[1])
        assert await people.get(conn, BEN) == {"portraits": False, "other": [1]}
        assert await people.get(conn, ANN) == {}

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.history import Scope, Search
from bot.domain.ids import JobId, Place
from bot.storage import history, turns
from bot.storage.database import Connection, Database
from tests.storage.samples import DIRECT, GUILD, turn

ALICE, BOB = 5, 6
ELSEWHERE = Place(guild_id=77, channel_id=78)
SECRET = Place(GUILD.guild_id, 4)  # a channel that some may not see
HERE = Scope(ALICE, GUILD.guild_id)

HOSTILE = [
    "",
    " ",
    '"',
    "'",
    "''; DROP TABLE turns; --",
    "kite AND",
    "AND OR NOT",
    "NEAR(kite, 2)",
    "kite*",
    "*",
    "^kite",
    "words:kite",
    "kite:*",
    "kite & | ! ()",
    "((((",
    "a <-> b",
    "kite\0boat",
    "\ud800",
    "🎨",
    "𞤀",
    "²",
    "%_\\",
    "- - -",
    "{kite}",
    ":wanted",
    "kite " * 500,
    "k" * 5000,
    "٣ ๓ 五",
]


async def add(conn: Connection, number: int, parent: int | None = None, **changes: Any) -> None:
    assert await turns.add(conn, turn(number, parent, **changes))


async def found(database: Database, scope: Scope, **search: Any) -> list[int]:
    wanted = Search(**search)
    async with database.reading() as conn:
        rows = await history.page(conn, scope, wanted, limit=50, offset=0)
        assert await history.count(conn, scope, wanted) == len(rows)
    assert all(scope.shows(one) for one in rows), "SQL and the domain agree"
    return [int(one.id) for one in rows]


async def test_newest_first_and_nothing_that_is_not_for_these_eyes(database: Database) -> None:
    async with database.transaction() as conn:
        await add(conn, 1)
        await add(conn, 2, user_id=BOB)
        await add(conn, 3, user_id=BOB, private=True)
        await add(conn, 4, private=True)
        await add(conn, 5, place=ELSEWHERE)
        await add(conn, 6, place=DIRECT)
        await add(conn, 7, user_id=BOB, place=DIRECT)
        await add(conn, 8, user_id=BOB, place=SECRET)
        await add(conn, 9, place=SECRET)
        await add(conn, 10)
        await turns.forget(conn, JobId("10"))
    assert await found(database, HERE) == [9, 8, 4, 2, 1]
    hidden = Scope(ALICE, GUILD.guild_id, frozenset({SECRET.channel_id}))
    assert await found(database, hidden) == [9, 4, 2, 1], "one's own is always one's own"
    assert await found(database, Scope(BOB, GUILD.guild_id)) == [9, 8, 3, 2, 1]
    assert await found(database, HERE, person_id=BOB) == [8, 2]
    assert await found(database, HERE, private=True) == [4]
    assert await found(database, HERE, private=True, person_id=BOB) == []
    assert await found(database, Scope(ALICE, None)) == [9, 6, 5, 4, 1]
    assert await found(database, Scope(ALICE, None), person_id=BOB) == []


async def test_pages(database: Database) -> None:
    async with database.transaction() as conn:
        for number in range(1, 8):
            await add(conn, number)
    async with database.reading() as conn:
        pages = [
            [one.id for one in await history.page(conn, HERE, Search(), limit=3, offset=offset)]
            for offset in (0, 3, 6, 9)
        ]
        assert await history.count(conn, HERE, Search()) == 7
    assert pages == [["7", "6", "5"], ["4", "3", "2"], ["1"], []]


async def test_search_in_the_words(database: Database) -> None:
    async with database.transaction() as conn:
        await add(conn, 1, words="A red KITE over the harbour")
        await add(conn, 2, words="a blue kite, a well-known one")
        await add(conn, 3, words="KITES and boats")
        await add(conn, 4, words="Ein Drachen über Köln, « Éclair »")
        await add(conn, 5, words="a kite AND a boat", user_id=BOB, private=True)
    assert await found(database, HERE, words="kite") == [3, 2, 1], "the last word is a beginning"
    assert await found(database, HERE, words="kite harb") == [1]
    assert await found(database, HERE, words="har kite") == [], "the others are whole"
    assert await found(database, HERE, words="Red, kite!") == [1]
    assert await found(database, HERE, words="well-known") == [2]
    assert await found(database, HERE, words="KÖLN éclair") == [4]
    assert await found(database, HERE, words="Ko\u0308ln") == [4]
    assert await found(database, HERE, words="submarine") == []
    assert await found(database, HERE, words="!?") == []
    async with database.transaction() as conn:
        await turns.forget(conn, JobId("1"))
    assert await found(database, HERE, words="red") == []


@pytest.mark.parametrize("words", HOSTILE)
async def test_nothing_a_person_types_is_an_error(database: Database, words: str) -> None:
    async with database.transaction() as conn:
        await add(conn, 1, words="a kite", user_id=BOB, private=True)
        await add(conn, 2, words="a boat and a kite")
    assert await found(database, HERE, words=words) in ([], [2])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text())
async def test_nor_is_anything_else(database: Database, words: str) -> None:
    await found(database, HERE, words=words)


async def test_a_family_from_any_of_its_pictures(database: Database) -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 3, 5: 4, 6: 5, 7: None, 8: 7}
    async with database.transaction() as conn:
        for number, parent in parents.items():
            await add(conn, number, parent)
        for number in (3, 5):
            await turns.forget(conn, JobId(str(number)))
    async with database.reading() as conn:
        for number in (1, 2, 4, 6):
            family = await history.family(conn, JobId(str(number)))
            assert [one.id for one in family.turns] == ["1", "2", "4", "6"]
            assert family.parents == {"1": None, "2": "1", "4": "1", "6": "4"}
            assert family.complete
        for number in (3, 99):
            assert (await history.family(conn, JobId(str(number)))).turns == ()


async def test_a_large_family_has_its_own_branch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_KIN", 10)
    async with database.transaction() as conn:
        await add(conn, 1)
        for number in range(2, 30):
            await add(conn, number, 1)
        await add(conn, 30, 29)
        await add(conn, 31, 30)
    async with database.reading() as conn:
        family = await history.family(conn, JobId("31"))
    ids = [int(one.id) for one in family.turns]
    assert {1, 29, 30, 31} <= set(ids)
    assert len(ids) <= 14
    assert not family.complete


async def test_hashes_newest_first_for_these_eyes(database: Database) -> None:
    async with database.transaction() as conn:
        for number in (1, 2, 3, 4, 5):
            private = number == 3
            await add(conn, number, user_id=BOB, private=private)
            if number != 2:
                await history.fingerprint(conn, JobId(str(number)), 2**63 - number)
        await turns.forget(conn, JobId("5"))
        await history.fingerprint(conn, JobId("5"), 1)
        assert await history.fingerprints(conn, HERE) == [("4", 2**63 - 4), ("1", 2**63 - 1)]
        assert [one for one, _ in await history.fingerprints(conn, Scope(BOB, GUILD.guild_id))] == [
            "4",
            "3",
            "1",
        ]
        assert await history.fingerprints(conn, Scope(ALICE, 77)) == []

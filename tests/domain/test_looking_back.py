from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.history import Scope, search_words
from bot.domain.ids import Place
from tests.storage.samples import DIRECT, GUILD, turn

ALICE, BOB = 5, 6
SECRET = Place(GUILD.guild_id, 4)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("A red  kite!", ("A", "red", "kite")),
        ("well-known_one", ("well", "known", "one")),
        ('"kite" AND (boat*', ("kite", "AND", "boat")),
        ("Ko\u0308ln", ("Köln",)),
        ("k" * 100, ("k" * 64,)),
        ("🎨 !?", ()),
        ("", ()),
    ],
)
def test_words_of_a_search(typed: str, words: tuple[str, ...]) -> None:
    assert search_words(typed) == words


@given(st.text())
def test_they_are_letters_and_digits(typed: str) -> None:
    assert all(word.isalnum() and len(word) <= 64 for word in search_words(typed))
    assert len(search_words(typed * 3)) <= 16


def test_who_sees_what() -> None:
    here = Scope(ALICE, GUILD.guild_id, frozenset({4}))
    direct, elsewhere = Scope(ALICE, None), Scope(ALICE, 77)
    for one in (turn(), turn(private=True), turn(place=SECRET), turn(place=DIRECT)):
        assert all(scope.shows(one) for scope in (here, direct, elsewhere)), "one's own"
    others = turn(user_id=BOB)
    assert here.shows(others)
    assert not direct.shows(others)
    assert not elsewhere.shows(others)
    assert not here.shows(turn(user_id=BOB, private=True))
    assert not here.shows(turn(user_id=BOB, place=SECRET))
    assert not here.shows(turn(user_id=BOB, place=DIRECT))
    assert not direct.shows(turn(user_id=BOB, place=DIRECT))

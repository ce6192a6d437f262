from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.characters import Character, Consent
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.invalid import Invalid
from bot.domain.mentions import cast, mentioned, share


def character(name: str, pictures: int = 1, note: str = "", owner: int = 1) -> Character:
    return Character(
        id=f"{owner}-{name}",
        guild_id=1,
        owner_id=owner,
        name=name,
        note=note,
        pictures=tuple(
            Stored(BlobKey(f"{name}{n}"), "image/png", 64, 64, 100) for n in range(pictures)
        ),
        shared=False,
        consent=Consent.NOT_NEEDED,
        created_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )


NAMES = ("Ada", "ada-2", "bo", "花子", "आदम", "99")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("@ada flies a kite", ["ada"]),
        ("@ADA and @Bo", ["ada", "bo"]),
        ("@ada, @ada and @bo.", ["ada", "bo"]),
        ("(@ada)", ["ada"]),
        ("with @ada", ["ada"]),
        ("@ada's kite, *@bo*", ["ada", "bo"]),
        ("@ada-2 flies", ["ada-2"]),
        ("@ada-lovelace, @bo_x", ["ada", "bo"]),
        ("@花子が凧を揚げる", ["花子"]),
        ("青い@花子", ["花子"]),
        ("@adaが飛ぶ", ["ada"]),
        ("@99 luftballons", ["99"]),
        ("\uff20ada @\uff21da", ["ada"]),
        # Not meant.
        ("mail me@ada.com or x.@ada", []),
        ("<@99> <@!99> <@&99>", []),
        ("https://example.com/@ada?u=@bo", []),
        ("@@ada", []),
        ("@adam and @bob and @आदमी", []),
        ("@ ada", []),
        ("ada and bo", []),
        ("@", []),
    ],
)
def test_who_is_mentioned(words: str, found: list[str]) -> None:
    assert list(mentioned(words, NAMES)) == found


@pytest.mark.parametrize(
    ("places", "wanted", "shares"),
    [
        (3, [], ()),
        (-1, [], ()),
        (3, [4], (3,)),
        (3, [2], (2,)),
        (3, [4, 4], (2, 1)),
        (3, [1, 4], (1, 2)),
        (3, [4, 4, 4], (1, 1, 1)),
        (14, [4, 4, 4], (4, 4, 4)),
        (9, [4, 1, 4, 4], (3, 1, 3, 2)),
    ],
)
def test_places_are_shared_out(places: int, wanted: list[int], shares: tuple[int, ...]) -> None:
    assert share(places, wanted) == shares


@pytest.mark.parametrize(("places", "wanted"), [(1, [1, 1]), (0, [1]), (-2, [1])])
def test_each_needs_a_place(places: int, wanted: list[int]) -> None:
    with pytest.raises(Invalid) as refused:
        share(places, wanted)
    assert refused.value.key == "too_many_characters"
    assert refused.value.values == {"limit": max(places, 0)}


def test_a_wish_with_characters() -> None:
    ada, bo = character("Ada", 4, "a red scarf"), character("Bo", 1)
    wish = cast("@bo follows @ADA; @Ada laughs", [ada, bo], given=1, places=4)
    assert wish.words == (
        "Bo follows Ada; Ada laughs\n\n"
        "Bo is the figure of image 2: keep face, hair and build the same.\n"
        "Ada is the figure of images 3 and 4: keep face, hair and build the same. "
        "Ada: a red scarf"
    )
    assert wish.characters == (bo, ada)
    assert wish.pictures == (*bo.pictures, *ada.pictures[:2])


def test_a_wish_without_characters_is_itself() -> None:
    words = "me@ada.com {@x}\n\nnext "
    wish = cast(words, [character("Ada")], given=3, places=3)
    assert (wish.words, wish.characters, wish.pictures) == (words.strip(), (), ())


def test_of_two_with_a_name_the_first_is_meant() -> None:
    mine, shared = character("Ada", owner=1), character("ADA", owner=2)
    assert cast("@ada", [mine, shared], given=0, places=3).characters == (mine,)
    assert cast("@ada", [shared, mine], given=0, places=3).characters == (shared,)


def test_characters_that_the_words_do_not_name() -> None:
    ada, bo = character("Ada"), character("Bo", 2)
    wish = cast("@ada flies", [ada, bo], given=0, places=3, unsaid=["ADA", "bo"])
    assert wish.words == (
        "Ada flies\n\nThe picture shows Bo.\n\n"
        "Ada is the figure of image 1: keep face, hair and build the same.\n"
        "Bo is the figure of images 2 and 3: keep face, hair and build the same."
    )
    assert wish.characters == (ada, bo)


def test_twice_is_as_once() -> None:
    known = [character("Ada", note="friend of @bo and @@Ada"), character("Bo")]
    once = cast("@ada flies", known, given=0, places=3)
    assert "friend of bo and Ada" in once.words
    again = cast(once.words, known, given=1, places=3)
    assert (again.words, again.pictures) == (once.words, ())


def test_too_many_for_the_model() -> None:
    known = [character("Ada"), character("Bo")]
    cast("@ada @bo", known, given=1, places=3)
    with pytest.raises(Invalid) as refused:
        cast("@ada @bo", known, given=2, places=3)
    assert (refused.value.key, refused.value.values) == ("too_many_characters", {"limit": 1})


@given(st.integers(0, 20), st.lists(st.integers(1, 4), max_size=14))
def test_shares_are_fair(places: int, wanted: list[int]) -> None:
    if wanted and len(wanted) > places:
        return
    shares = share(places, wanted)
    assert sum(shares) == min(places, sum(wanted))
    for got, most in zip(shares, wanted, strict=True):
        assert 1 <= got <= most
        assert got == most or all(other <= got + 1 for other in shares)


@given(st.text(alphabet="@adbo-_ .<>花子が", max_size=60))
def test_any_words_are_read(words: str) -> None:
    known = [character("ada", 2), character("bo"), character("花子")]
    found = mentioned(words, [one.name for one in known])
    wish = cast(words, known, given=0, places=3)
    assert tuple(one.name for one in wish.characters) == found


@pytest.mark.parametrize("filler", ["@", "@a", "@ada", "@" + "a" * 70, "a@"])
def test_long_words_are_read_in_no_time(filler: str) -> None:
    began = time.thread_time()
    mentioned((filler * 6000)[:6000], NAMES)
    assert time.thread_time() - began < 1.0

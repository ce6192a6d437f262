from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.builtin_styles import BUILTIN
from bot.domain.characters import Character
from bot.domain.ids import JobId, Place
from bot.domain.images import BlobSource, Source, TurnSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.domain.routes import Profile
from bot.domain.styles import Style, apply
from bot.errors import RequestError
from bot.services.casting import Casting
from bot.services.styles import PER_GUILD, Styles
from bot.services.telling import Telling, numbers, reworded
from bot.storage import characters
from bot.storage.database import Database
from tests.domain.test_mentions import character
from tests.storage.samples import stored

HERE, ANN = 1, 1
PLACE = Place(HERE, 9)
PROFILE = Profile("m", ("1:1",), (), 3, 2048, 7_000_000)
PICTURE: Sequence[Source] = (BlobSource(stored(7)),)
NOTE = "Ada is the figure of image {at}: keep face, hair and build the same."


def telling(database: Database) -> Telling:
    async def around(wish: Wish, words: str) -> Wish:
        return replace(wish, told=f"Only in {wish.region}: {words}.")

    return Telling(Styles(database), Casting(database, PROFILE), around, PROFILE)


async def add(database: Database, one: Character) -> None:
    async with database.transaction() as conn:
        assert await characters.add(conn, one)


async def test_a_server_keeps_so_many(database: Database) -> None:
    styles = Styles(database)
    for number in range(PER_GUILD):
        await styles.add(HERE, f"style{number}", "", "{words}", ANN)
    with pytest.raises(Invalid, match="styles_full"):
        await styles.add(HERE, "another", "", "{words}", ANN)
    await styles.add(2, "another", "", "{words}", ANN)
    await styles.remove(HERE, "style3")
    await styles.add(HERE, "another", "", "{words}", ANN)
    found = await styles.named("", HERE, 24)
    assert len(found) == 24
    assert {one.name for one in BUILTIN.values()} <= {one.name for one in found}


async def test_a_change_is_checked_as_a_new_one(database: Database) -> None:
    styles = Styles(database)
    await styles.add(HERE, "ink", "black", "{words} in ink", ANN)
    await styles.add(HERE, "dots", "", "{words} in dots", ANN)
    for new_name in ("DOTS", "sticker", "none"):
        with pytest.raises(Invalid, match="style_name_taken"):
            await styles.change(HERE, "ink", new_name=new_name)
    assert await styles.change(HERE, "INK", new_name="Ink") == Style(
        "Ink", "black", "{words} in ink"
    )
    for name, key in (("sticker", "style_built_in"), ("gone", "style_unknown")):
        with pytest.raises(RequestError, match=key):
            await styles.change(HERE, name, about="x")
        with pytest.raises(RequestError, match=key):
            await styles.remove(HERE, name)
    with pytest.raises(RequestError, match="style_unknown"):
        await styles.find("ink", None)


@pytest.mark.parametrize(
    ("wish", "name", "style"),
    [
        (Wish("a kite"), "STICKER", "sticker"),
        (Wish("a kite"), None, None),
        (Wish("a kite"), "removed", None),
        (Wish("a kite", style="none"), "sticker", "none"),
        (Wish("a kite", style="oil"), "sticker", "oil"),
        (Wish("a kite", told="all of it"), "sticker", None),
        (Wish("a kite", tuple(PICTURE)), "sticker", None),
        (Wish("a kite", tuple(PICTURE)), "keep", "keep"),
        (Wish("a kite"), "keep", None),
        (Wish("make it night", (TurnSource(JobId("3")),), JobId("3")), "sticker", None),
        (Wish("a kite"), "needy", None),
        (Wish("a kite", exact="Kites"), "needy", "needy"),
    ],
)
async def test_a_channels_style(
    database: Database, wish: Wish, name: str | None, style: str | None
) -> None:
    styles = Styles(database)
    await styles.add(HERE, "needy", "", "{words} {text}", ANN)
    found = await styles.default(wish, name, HERE)
    assert found == replace(wish, style=style)


async def test_plain_wishes_stay_as_they_are(database: Database) -> None:
    for wish in (
        Wish("a kite"),
        Wish("a kite", style="NONE"),
        Wish("", style="oil"),
        Wish("x", told="y", style="oil"),
    ):
        assert await telling(database).enrich(wish, PLACE, ANN) == wish


async def test_characters_then_the_style_then_what_is_said_of_them(database: Database) -> None:
    await add(database, character("Ada", 2))
    wish = Wish("@ada flies", tuple(PICTURE), style="poster", exact="by @Ada", numbered=True)
    made = await telling(database).enrich(wish, PLACE, ANN)
    assert made.told == (
        apply(BUILTIN["poster"], "Ada flies", "by @Ada")
        + f"\n\n{numbers(1)}\n"
        + "Ada is the figure of images 2 and 3: keep face, hair and build the same."
    )
    assert made.words == "@ada flies"
    assert len(made.sources) == 3
    assert made.aspect is None, "the model has not the poster's"
    assert await telling(database).enrich(made, PLACE, ANN) == made


async def test_a_template_never_names_a_character(database: Database) -> None:
    await add(database, character("Ada"))
    await Styles(database).add(HERE, "hers", "", "{words} by @Ada", ANN)
    made = await telling(database).enrich(Wish("a kite", style="hers"), PLACE, ANN)
    assert (made.told, made.sources) == ("a kite by @Ada", ())


async def test_a_region_stands_around_the_characters(database: Database) -> None:
    await add(database, character("Ada"))
    wish = Wish("@ada", (TurnSource(JobId("3")),), JobId("3"), region="A1", style="oil")
    made = await telling(database).enrich(wish, PLACE, ANN)
    assert made.told == f"Only in A1: Ada.\n\n{NOTE.format(at=2)}"


async def test_other_words_keep_what_was_said_of_characters(database: Database) -> None:
    await add(database, character("Ada"))
    made = await telling(database).enrich(Wish("@ada fights", style="oil"), PLACE, ANN)
    assert reworded(made, "Ada dances").told == f"Ada dances\n\n{NOTE.format(at=1)}"
    styled = await telling(database).enrich(Wish("a\n\nfight", style="oil"), PLACE, ANN)
    assert reworded(styled, "a dance") == Wish("a dance", style="oil")

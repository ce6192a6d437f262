from __future__ import annotations

import dataclasses

import pytest

from bot.domain.characters import Consent
from bot.domain.ids import JobId, Place
from bot.domain.images import AttachmentSource, BlobSource, TurnSource
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish
from bot.errors import RequestError
from bot.providers.registry import load_catalogue
from bot.services.casting import Casting, matching
from bot.storage import characters
from bot.storage.database import Database
from tests.storage.samples import stored
from tests.storage.test_storage_characters import ANN, BEN, HERE, character

PLACES = 3
PLACE = Place(HERE, 9)


@pytest.fixture
async def casting(database: Database) -> Casting:
    profile = load_catalogue("gemini-2.5-flash-image", None).profile
    ada = character(1, name="Ada", note="")
    both_mine_and_shared = [
        character(2, name="Bo", pictures=(stored(2),), note="mine"),
        character(3, name="BO", pictures=(stored(3),), owner_id=BEN, shared=True, note="theirs"),
    ]
    waits = character(4, name="Cy", subject_id=BEN, consent=Consent.ASKED)
    theirs = character(5, name="Di", pictures=(stored(5),), owner_id=BEN, shared=True, note="")
    async with database.transaction() as conn:
        for one in (ada, *both_mine_and_shared, waits, theirs):
            await characters.add(conn, one)
    return Casting(database, dataclasses.replace(profile, max_inputs=PLACES))


def keys(wish: Wish) -> list[int]:
    """The numbers of the kept pictures that go with a wish, in order."""
    return [int(one.picture.key, 16) for one in wish.sources if isinstance(one, BlobSource)]


async def test_pictures_go_behind_those_that_were_given(casting: Casting) -> None:
    given = AttachmentSource("https://cdn.example/a.png")
    wish = await casting.enrich(Wish("@ada with @di", (given,)), PLACE, ANN)
    assert wish.sources[0] == given
    assert keys(wish) == [1, 5]
    assert wish.words == "@ada with @di"
    assert (wish.told or "").startswith("Ada with Di\n\nAda is the figure of image 2:")
    assert await casting.enrich(wish, PLACE, ANN) == wish


@pytest.mark.parametrize("sources", [(), (TurnSource(JobId("7")),)])
async def test_the_picture_that_is_edited_counts_once(
    casting: Casting, sources: tuple[TurnSource, ...]
) -> None:
    wish = await casting.enrich(Wish("with @ada", sources, parent=JobId("7")), PLACE, ANN)
    assert "Ada is the figure of images 2 and 3:" in (wish.told or "")
    with pytest.raises(Invalid) as refused:
        await casting.enrich(Wish("@ada @bo @di", sources, parent=JobId("7")), PLACE, ANN)
    assert refused.value.values == {"limit": 2}


async def test_ones_own_is_preferred(casting: Casting) -> None:
    mine = await casting.enrich(Wish("@bo"), PLACE, ANN)
    assert "Bo: mine" in (mine.told or "")
    theirs = await casting.enrich(Wish("@bo"), PLACE, BEN + 1)
    assert "BO: theirs" in (theirs.told or "")
    assert await casting.names(ANN, HERE, "") == ["Ada", "Bo", "Di"]
    assert await casting.names(BEN + 1, HERE, "@D") == ["Di"]
    assert await casting.names(BEN + 1, None, "") == []


async def test_those_that_cannot_be_drawn_are_named(casting: Casting) -> None:
    for wish in (Wish("@cy flies"), Wish("a kite", characters=("cy",))):
        with pytest.raises(RequestError) as refused:
            await casting.enrich(wish, PLACE, ANN)
        assert (refused.value.key, refused.value.values) == ("character_waits", {"name": "Cy"})
    with pytest.raises(RequestError) as refused:
        await casting.enrich(Wish("a kite", characters=("@Ada",)), PLACE, BEN)
    assert refused.value.key == "character_unknown_wish"
    untouched = Wish("@cy and @ada, me@ada.com")
    assert await casting.enrich(untouched, PLACE, BEN + 1) == untouched


async def test_a_channels_characters(casting: Casting) -> None:
    names = ["di", "gone", "cy", "Ada", "DI"]
    wish = await casting.defaults(Wish("a kite"), names, PLACE, ANN)
    assert wish.characters == ("Di", "Ada")
    drawn = await casting.enrich(wish, PLACE, ANN)
    assert keys(drawn) == [5, 1, 101]
    assert (drawn.told or "").startswith("a kite\n\nThe picture shows Di and Ada.\n\nDi is the ")
    assert drawn.characters == ()
    for said in (Wish("@bo"), Wish("a kite", characters=("Bo",)), Wish("x", told="y")):
        assert await casting.defaults(said, names, PLACE, ANN) == said
    full = Wish("a kite", tuple(AttachmentSource(f"https://x.example/{n}") for n in range(2)))
    assert (await casting.defaults(full, names, PLACE, ANN)).characters == ("Di",)
    assert (await casting.defaults(Wish("a kite"), names, PLACE, BEN + 1)).characters == ("Di",)


def test_what_is_typed_finds_names() -> None:
    names = ["Zoe", "Ada", "adam", "ZADA", "ADA"]
    assert matching(names, "") == ["Ada", "adam", "ZADA", "Zoe"]
    assert matching(names, "@ad") == ["Ada", "adam", "ZADA"]
    assert matching(names, "x") == []

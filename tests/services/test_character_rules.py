from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from bot.clock import SystemClock
from bot.domain.characters import PER_PERSON, Character
from bot.domain.ids import Place
from bot.domain.images import BlobSource, Stored
from bot.domain.invalid import Invalid
from bot.errors import RequestError
from bot.media.pool import Media
from bot.providers.fetch import Fetcher
from bot.providers.registry import load_catalogue
from bot.services.characters import Characters
from bot.services.delivery import Delivery
from bot.services.giving_up import GivingUp
from bot.services.inputs import Inputs
from bot.services.words import Asked
from bot.storage import characters
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers

ANN, BEN, HERE = 5, 6, 77
PLACE = Place(HERE, 9)
NOWHERE = cast("Delivery", None)  # nothing is fetched from Discord here


class Kept:
    """The service, and files to make characters of."""

    def __init__(self, database: Database, folder: Path, workers: Workers) -> None:
        self.database = database
        self.blobs = Blobs(folder)
        media = Media(workers)
        profile = load_catalogue("gemini-2.5-flash-image", None).profile
        inputs = Inputs(database, self.blobs, Fetcher(), media, workers)
        clock = SystemClock()
        self.service = Characters(
            database,
            self.blobs,
            workers,
            inputs,
            media,
            NOWHERE,
            clock,
            profile,
            GivingUp(database, clock),
        )

    def picture(self, colour: str = "red") -> BlobSource:
        data = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(data, "PNG")
        key = self.blobs.put(data.getvalue())
        return BlobSource(Stored(key, "image/png", 64, 64, len(data.getvalue())))

    async def save(self, event: int, name: str, **options: Any) -> Character:
        who = options.pop("who", ANN)
        pictures = options.pop("pictures", [self.picture()])
        asked = Asked(event, PLACE, who)
        return await self.service.save(asked, name, "", pictures, **options)


@pytest.fixture
async def kept(database: Database, tmp_path: Path) -> AsyncGenerator[Kept]:
    async with Workers(2) as workers:
        yield Kept(database, tmp_path / "blobs", workers)


async def test_the_same_event_twice_is_one_character(kept: Kept) -> None:
    first, second = await asyncio.gather(kept.save(1, "Ada"), kept.save(1, "Ada"))
    assert first == second == await kept.save(1, "Ada")
    async with kept.database.reading() as conn:
        assert await characters.owned(conn, ANN) == [first]


async def test_many_at_once_never_pass_a_limit(kept: Kept) -> None:
    for number in range(PER_PERSON - 2):
        await kept.save(number, f"n{number}")
    results = await asyncio.gather(
        *(kept.save(100 + number, f"m{number}") for number in range(5)), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, BaseException)]
    assert [cast("Invalid", one).key for one in refused] == ["characters_full_person"] * 3
    names = await asyncio.gather(
        *(kept.save(200 + number, "Ada", who=BEN) for number in range(3)), return_exceptions=True
    )
    taken = [one for one in names if isinstance(one, RequestError)]
    assert [one.key for one in taken] == ["character_name_taken"] * 2


async def test_the_same_picture_twice_is_one(kept: Kept) -> None:
    red, blue = kept.picture("red"), kept.picture("blue")
    saved = await kept.save(1, "Ada", pictures=[red, blue, red])
    assert saved.pictures == (red.picture, blue.picture)


async def test_what_one_person_leaves_behind(kept: Kept) -> None:
    red, blue = kept.picture("red"), kept.picture("blue")
    await kept.save(1, "Ada", pictures=[red])
    await kept.save(2, "Ann", who=BEN, pictures=[blue], subject_id=ANN)
    await kept.save(3, "Bo", who=BEN, pictures=[blue])
    assert await kept.service.forget_person(ANN) == 2
    async with kept.database.reading() as conn:
        assert [one.name for one in await characters.owned(conn, BEN)] == ["Bo"]
        assert await characters.owned(conn, ANN) == []
    assert not kept.blobs.path(red.picture.key).exists()
    assert kept.blobs.path(blue.picture.key).exists()


async def test_sharing_moves_and_names_are_taken_where_it_goes(kept: Kept) -> None:
    await kept.save(1, "Ada", shared=True)
    moved = await kept.service.share("ada", ANN, HERE + 1)
    assert (moved.guild_id, moved.shared) == (HERE + 1, True)
    await kept.save(2, "Ada", who=BEN, shared=True)  # the name is free here now
    with pytest.raises(RequestError) as refused:
        await kept.service.share("ada", ANN, HERE)
    assert refused.value.key == "character_name_shared"
    assert (await kept.service.unshare("ADA", ANN, HERE, moderator=False)).guild_id == HERE + 1


async def test_only_shared_ones_can_be_taken_back(kept: Kept) -> None:
    await kept.save(1, "Ada")
    for moderator in (False, True):
        with pytest.raises(RequestError) as refused:
            await kept.service.unshare("Ada", ANN, HERE, moderator=moderator)
        assert refused.value.key == "character_unknown"


async def test_a_sheet_is_drawn_without_lost_pictures(kept: Kept) -> None:
    saved = await kept.save(1, "Ada", pictures=[kept.picture("red"), kept.picture("blue")])
    kept.blobs.remove(saved.pictures[0].key)
    sheet = await kept.service.sheet(saved)
    assert sheet.media_type in {"image/png", "image/webp", "image/jpeg"}
    assert len(sheet.data) > 1000

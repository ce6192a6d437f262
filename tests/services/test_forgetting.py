"""Deleting a picture leaves the files that others need: equal bytes are one file."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.ids import BlobKey
from bot.domain.images import BlobSource, Stored
from bot.domain.jobs import State, Wish
from bot.errors import PictureError
from bot.services.conversations import Conversations
from bot.storage import characters, jobs, turns
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.workers import Workers
from tests.storage.samples import job, turn
from tests.storage.test_storage_characters import character


@pytest.fixture
async def workers() -> AsyncGenerator[Workers]:
    async with Workers(1) as made:
        yield made


def picture(key: BlobKey) -> Stored:
    return Stored(key, "image/png", 64, 64, 4)


async def test_of_characters_and_of_requests_on_their_way(
    database: Database, tmp_path: Path, workers: Workers
) -> None:
    blobs = Blobs(tmp_path)
    names = (b"hero", b"sent", b"gone", b"more")
    hero, sent, gone, more = (picture(blobs.put(data)) for data in names)
    async with database.transaction() as conn:
        await characters.add(conn, character(1, pictures=(hero,)))
        going = job(20, wish=Wish("a kite", (BlobSource(sent),)))
        await jobs.insert(conn, going)
        for number, drawn, further in ((1, hero, (more,)), (2, sent, (hero,)), (3, gone, ())):
            old = job(number, state=State.SETTLED, picture=drawn, further=further)
            await jobs.insert(conn, old)
            await turns.add(conn, turn(number, picture=drawn))
    conversations = Conversations(database, blobs, workers)
    for number in (1, 2, 3):
        await conversations.forget(turn(number).id)
    assert (blobs.get(hero.key), blobs.get(sent.key)) == (b"hero", b"sent")
    for lost in (gone, more):
        with pytest.raises(PictureError):
            blobs.require(lost.key)

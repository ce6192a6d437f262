"""What the tests of looking back have in common."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.conversations import Turn
from bot.domain.ids import Place
from bot.domain.images import Stored
from bot.storage import turns
from bot.storage.blobs import Blobs
from bot.workers import Workers
from tests.flows.reading import texts_of
from tests.media.pictures import written
from tests.storage.samples import turn

if TYPE_CHECKING:
    from tests.flows.conftest import World


def answer(result: InteractionResult) -> ResponseMessage:
    """The answer, which one person alone sees."""
    assert result.response is not None
    assert result.ephemeral
    assert result.followups == []
    return result.response


def said(message: ResponseMessage) -> str:
    """What a message says."""
    return " ".join(texts_of(message.components)) or message.content


def told(result: InteractionResult) -> str:
    """What a person alone was told."""
    shown = [one for one in (result.response, *result.followups) if one is not None][-1]
    return said(shown)


def parts(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component, nested ones too."""
    found: list[dict[str, Any]] = []
    for one in components:
        found += [one, *parts(one.get("components") or [])]
    return found


def labels(message: ResponseMessage) -> list[str]:
    """What its buttons say."""
    return [one["label"] for one in parts(message.components) if one["type"] == 2]


def offered(message: ResponseMessage) -> list[str]:
    """What its menu says."""
    return [
        option["label"]
        for one in parts(message.components)
        if one["type"] == 3
        for option in one["options"]
    ]


async def picture(world: World, message: ResponseMessage) -> Image.Image:
    """The picture that a message shows."""
    return Image.open(io.BytesIO(await world.bytes_of(world.message(message.id))))


async def kept(world: World, number: int, parent: int | None = None, **changes: Any) -> Turn:
    """A picture of the past with a file, by Alice in the world's channel."""
    colour = (number * 37 % 200, 120, 255 - number * 16 % 200)
    data = written(Image.new("RGB", (160, 120), colour), "PNG")
    async with Workers(1) as workers:
        key = await workers.run(Blobs(world.config.data_dir / "blobs").put, data)
    values: dict[str, Any] = {
        "place": Place(world.guild.id, world.channel.id),
        "user_id": world.alice.id,
        "picture": Stored(key, "image/png", 160, 120, len(data)),
    }
    made = turn(number, parent, **values | changes)
    async with world.easel.database.transaction() as conn:
        await turns.add(conn, made)
    return made

"""What the tests of regions have in common."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import discord
from PIL import Image, ImageChops
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import update

from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.regions import Cell, Grid, grid, parse
from bot.media.regions import feather_px
from bot.standins.provider.calls import Call
from bot.storage import tables, values
from tests.flows.conftest import World
from tests.flows.spoken import answer
from tests.media.pictures import opened, photo

Person: TypeAlias = MemberActor | UserHandle
"""A user is themselves in direct messages, a member in a server."""

WISH = "a red kite above a harbour"
CHANGE = "a small lighthouse"
CELLS = "B2–C3, E5"


async def first(world: World, **options: object) -> discord.Message:
    await world.alice.slash(world.channel, "imagine", prompt=WISH, **options)
    return await world.drawn()


async def pointed(
    world: World, picture: discord.Message, who: Person | None = None
) -> ResponseMessage:
    """The grid of a picture, which its person alone is shown."""
    shown = await (who or world.alice).select(world.message(picture.id), ["region"])
    assert shown.ephemeral
    return answer(shown)


async def form(
    world: World, picture: discord.Message, who: Person | None = None
) -> InteractionResult:
    shown = await pointed(world, picture, who)
    return await (who or world.alice).click(shown, label="Choose cells")


def written(cells: str = CELLS, words: str = CHANGE) -> dict[str, str]:
    """What is written into the form."""
    return {"region_cells": cells, "words": words}


async def changed(
    world: World, picture: discord.Message, who: Person | None = None
) -> discord.Message:
    await (who or world.alice).submit_modal(await form(world, picture, who), written())
    return await world.drawn()


async def instead(
    world: World,
    picture: discord.Message,
    size: tuple[int, int],
    kind: str = "PNG",
    **options: object,
) -> Image.Image:
    """Have a photograph in a picture's place, as if the model had drawn it; gives its pixels."""
    file = io.BytesIO()
    photo(*size).save(file, kind, **options)
    data = file.getvalue()
    key = BlobKey(hashlib.sha256(data).hexdigest())
    path = _path(world, key)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    stored = Stored(key, f"image/{kind.lower()}", *size, len(data))
    row = await world.row_of(picture)
    async with world.easel.database.transaction() as conn:
        at = update(tables.turns).where(tables.turns.c.id == row.id)
        await conn.execute(at.values(picture_key=key, picture=values.from_stored(stored)))
    return opened(data).convert("RGB")


async def forget_file(world: World, picture: discord.Message) -> None:
    """Only Discord has the picture now."""
    row = await world.row_of(picture)
    _path(world, row.picture.key).unlink()


def _path(world: World, key: BlobKey) -> Path:
    return world.config.data_dir / "blobs" / key[:2] / key


def calls(world: World) -> list[Call]:
    return [call for call in world.provider.calls if call.route == "chat"]


def read(data: bytes) -> Image.Image:
    return opened(data).convert("RGB")


def model_drew(world: World) -> Image.Image:
    """The last picture that the provider made, before anything was pasted."""
    return read(world.provider.said[-1].pictures[0].data)


async def shows(world: World, picture: discord.Message) -> Image.Image:
    return read(await world.bytes_of(world.message(picture.id)))


def only_inside(
    result: Image.Image, original: Image.Image, edited: Image.Image, cells: str = CELLS
) -> None:
    """Outside the cells and their feather the original, inside the cells the edit."""
    assert result.size == original.size
    if edited.size != original.size:
        edited = edited.resize(original.size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    on = grid(*original.size)
    chosen = parse(cells, on)
    black = Image.new("RGB", result.size)
    changes = ImageChops.difference(result, original)
    reached = _mask(result.size, on, chosen, feather_px(result.size, on))
    assert Image.composite(black, changes, reached).getbbox() is None
    assert changes.getbbox() is not None
    left = ImageChops.difference(result, edited)
    inside = _mask(result.size, on, chosen, 0)
    assert Image.composite(left, black, inside).getbbox() is None


def _mask(size: tuple[int, int], on: Grid, cells: Iterable[Cell], wider_px: int) -> Image.Image:
    drawn = Image.new("L", size)
    for cell in cells:
        left, top, right, bottom = on.box(cell, *size)
        drawn.paste(255, (left - wider_px, top - wider_px, right + wider_px, bottom + wider_px))
    return drawn

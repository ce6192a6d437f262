"""Pictures that are larger than Discord takes."""

from __future__ import annotations

import io

import discord
from PIL import Image

from bot.domain.jobs import State
from tests.flows.conftest import World
from tests.flows.trouble import Trouble

MIB = 1024 * 1024
UPLOAD_MIB = 10


async def drawn(trouble: Trouble, size_bytes: int) -> tuple[bytes, bytes, discord.Message]:
    """A picture of about this size: as it was drawn, as it was posted, and where."""
    trouble.world.provider.studio._picture_bytes = size_bytes
    await trouble.imagine()
    message = await trouble.world.drawn()
    posted = await trouble.world.bytes_of(message)
    trouble.world.provider.studio._picture_bytes = None
    return trouble.world.provider.said[-1].pictures[0].data, posted, message


def size_px(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.size


async def test_a_huge_picture_is_made_to_fit(trouble: Trouble, world: World) -> None:
    made, posted, message = await drawn(trouble, 11 * MIB)
    assert len(made) > UPLOAD_MIB * MIB >= len(posted)
    assert size_px(posted) == size_px(made)
    assert message.attachments[0].filename.endswith(".jpg")
    assert trouble.asked() == 1
    row = await world.row_of(message)
    assert row.picture.size_bytes == len(made)  # what was drawn is kept as it was drawn
    await trouble.over()


async def test_a_large_picture_that_fits_is_untouched(trouble: Trouble) -> None:
    made, posted, _ = await drawn(trouble, 9 * MIB)
    assert 8 * MIB < len(made) < UPLOAD_MIB * MIB
    assert posted == made
    await trouble.over()


async def test_a_boosted_server_takes_more(trouble: Trouble, world: World) -> None:
    guild = world.easel.bot.get_guild(world.guild.id)
    assert guild is not None
    guild.premium_tier = 2
    made, posted, _ = await drawn(trouble, 11 * MIB)
    assert posted == made
    await trouble.over()


async def test_discord_takes_less_than_it_says(trouble: Trouble, world: World) -> None:
    world.env.inject_error("PATCH", "/webhooks/*", status=413, code=40005)
    made, posted, _ = await drawn(trouble, 2 * MIB)
    assert len(posted) <= len(made) // 2
    assert size_px(posted)[0] > 200
    assert trouble.asked() == 1
    await trouble.over()


async def test_discord_takes_nothing_of_any_size(trouble: Trouble, world: World) -> None:
    world.provider.studio._picture_bytes = 400_000
    world.env.inject_error("PATCH", "/webhooks/*", status=413, code=40005, times=None)
    result = await trouble.imagine()
    await trouble.job_told(result, "delivery_too_large", state=State.FAILED)
    world.provider.studio._picture_bytes = None
    world.env.backend.faults.clear()
    assert trouble.asked() == 1
    await trouble.nothing_counted()
    assert await trouble.guild_usd_micros() == world.provider.billed_usd_micros
    await trouble.over()

"""Input files that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from bot.ui.texts import sentence
from tests.flows.conftest import PICTURES, World
from tests.flows.trouble import WISH, Trouble
from tests.media.pictures import corners, data_of, png_header, written

MIB = 1024 * 1024

HOSTILE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("broken.png", "picture_broken", {}),
    ("broken_data_stream.png", "picture_broken", {}),
    ("truncated_image.png", "picture_broken", {}),
    ("truncated_jpeg.jpg", "picture_broken", {}),
    ("decompression_bomb.gif", "picture_too_many_pixels", {"limit_megapixels": 50}),
    ("decompression_bomb.ico", "picture_format", {"format": "ICO"}),
    (
        "crash-4f085cc12ece8cde18758d42608bed6a2a2cfb1c.tif",
        "picture_format",
        {"format": "TIFF"},
    ),
)


def files() -> list[tuple[str, bytes, str, dict[str, Any]]]:
    small: dict[str, Any] = {"width": 63, "height": 200, "minimum": 64}
    whole = written(corners(), "PNG")
    return [
        ("notes.txt", b"a list of things to buy", "picture_not_a_picture", {}),
        ("page.png", b"<!doctype html><title>no</title>", "picture_not_a_picture", {}),
        ("empty.png", b"", "picture_not_a_picture", {}),
        ("half.png", whole[: len(whole) // 2], "picture_broken", {}),
        ("bomb.png", png_header(40_000, 40_000), "picture_too_many_pixels", {}),
        ("small.png", written(corners(63, 200), "PNG"), "picture_too_small", small),
        ("scan.bmp", written(corners(), "BMP"), "picture_format", {"format": "BMP"}),
    ]


async def test_files_that_are_no_good(trouble: Trouble) -> None:
    for name, data, key, values in files():
        result = await trouble.imagine(image=(name, data))
        await trouble.job_told(result, key, **values)
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    assert await trouble.guild_usd_micros() == 0
    await trouble.over()


async def test_hostile_files(trouble: Trouble) -> None:
    for name, key, values in HOSTILE:
        data = data_of(PICTURES / "hostile" / name)
        result = await trouble.imagine(
            image=("good.png", written(corners(), "PNG")), image2=(name, data)
        )
        await trouble.job_told(result, key, **values)
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


@pytest.mark.parametrize("name", ["hopper_bad_exif.jpg", "decompression_bomb_extents.gif"])
async def test_odd_files_that_can_be_read_are_used(trouble: Trouble, name: str) -> None:
    await trouble.imagine(image=(name, data_of(PICTURES / "hostile" / name)))
    await trouble.world.drawn()
    await trouble.over()


async def test_a_file_that_is_too_large_is_not_fetched(trouble: Trouble, world: World) -> None:
    data = png_header(100, 100).ljust(50 * MIB + 1, b"\0")
    trouble.refused(await trouble.imagine(image=("a.png", data)), "picture_too_large", limit_mib=50)
    words = f"<@{world.env.backend.bot_user.id}> {WISH}"
    await world.alice.send(world.channel, words, attachments=[("a.png", data)])
    assert world.said()[-1] == sentence("picture_too_large", {"limit_mib": 50})
    assert world.cdn.asked == []
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_file_at_a_message_is_not_passed_over(trouble: Trouble, world: World) -> None:
    words = f"<@{world.env.backend.bot_user.id}> {WISH}"
    for name, data, key, values in files():
        await world.alice.send(world.channel, words, attachments=[(name, data)])
        job_id, _ = await world.ended()
        assert (await world.row(job_id)).error_key == key
        assert world.said()[-1].startswith(sentence(key, values))
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()


async def test_a_bad_reference_of_an_edit(trouble: Trouble, world: World) -> None:
    await trouble.imagine()
    shown = await world.alice.click(await world.drawn(), label="Edit")
    upload = [("notes.txt", b"a list of things to buy")]
    edit = await world.alice.submit_modal(shown, {"words": WISH, "pictures": upload})
    await trouble.job_told(edit, "picture_not_a_picture")
    assert trouble.asked() == 1
    await trouble.nothing_counted(but=1)
    await trouble.over()


async def test_more_pictures_than_the_model_takes(trouble: Trouble, world: World) -> None:
    words = f"<@{world.env.backend.bot_user.id}> {WISH}"
    good = written(corners(), "PNG")
    await world.alice.send(
        world.channel, words, attachments=[(f"{number}.png", good) for number in range(4)]
    )
    assert world.said()[-1] == sentence("too_many_pictures", {"limit": 3})
    assert trouble.asked() == 0
    await trouble.nothing_counted()
    await trouble.over()

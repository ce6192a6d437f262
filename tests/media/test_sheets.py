from __future__ import annotations

import pytest
from PIL import Image

from bot.domain.sheets import Tile
from bot.media.canvas import BLANK, TILE
from bot.media.compare import compare
from bot.media.sheets import WIDTH_PX, contact_sheet
from tests.media.drawings import NAMES, check, gone, read_of, reads
from tests.media.pictures import alike, opened, written

MB = 1_000_000
GREEN = (20, 200, 60)


def plain(width: int = 400, height: int = 400) -> Tile:
    return Tile(read_of(written(Image.new("RGB", (width, height), GREEN), "PNG")))


def share(data: bytes, colour: tuple[int, int, int]) -> float:
    """How much of a picture has this colour."""
    image = opened(data).convert("RGB")
    image.thumbnail((200, 200), Image.Resampling.NEAREST)
    pixels = list(zip(*[iter(image.tobytes())] * 3, strict=True))
    return sum(alike(pixel, colour, 16) for pixel in pixels) / len(pixels)


def test_any_pictures_and_any_names():
    tiles = [
        Tile(read, NAMES[index % len(NAMES)], place=index % 5 or None)
        for index, read in enumerate(reads())
    ]
    for start in range(0, len(tiles), 12):
        check(contact_sheet(tiles[start:], max_bytes=MB, title=NAMES[start % 10], first=999), MB)


@pytest.mark.parametrize("count", [1, 2, 4, 5, 7, 9, 12])
def test_each_number_of_tiles(count: int):
    drawn = contact_sheet([plain()] * count, max_bytes=MB)
    check(drawn, MB)
    assert drawn.width_px == (WIDTH_PX if count > 1 else 720)
    assert drawn.height_px < 2 * WIDTH_PX
    assert share(drawn.data, GREEN) > 0.35


def test_no_more_than_twelve():
    assert contact_sheet([plain()] * 12, max_bytes=MB).data == (
        contact_sheet([plain()] * 40, max_bytes=MB).data
    )


def test_flat_pictures_make_a_flat_sheet():
    high = contact_sheet([plain()] * 4, max_bytes=MB).height_px
    flat = contact_sheet([plain(400, 100)] * 4, max_bytes=MB).height_px
    assert flat < high * 0.6


def test_what_is_broken_is_blank():
    drawn = contact_sheet([Tile(gone, "gone")], max_bytes=MB)
    assert share(drawn.data, GREEN) == 0
    assert share(drawn.data, BLANK) > 0.5


def test_a_place_is_a_medal():
    first = contact_sheet([Tile(gone, place=1)], max_bytes=MB)
    assert share(first.data, (242, 193, 78)) > 0
    assert share(contact_sheet([Tile(gone)], max_bytes=MB).data, (242, 193, 78)) == 0


def test_numbers_and_captions_are_drawn():
    one = contact_sheet([plain()], max_bytes=MB).data
    assert contact_sheet([plain()], max_bytes=MB, first=2).data != one
    named = contact_sheet([Tile(plain().read, "name")], max_bytes=MB)
    assert named.height_px > opened(one).height


@pytest.mark.parametrize("limit", [60_000, 5_000])
def test_sheets_fit_the_limit(limit: int):
    noise = written(Image.effect_noise((300, 300), 90).convert("RGB"), "PNG")
    check(contact_sheet([Tile(read_of(noise), "noise")], max_bytes=limit), limit)


def test_a_sheet_of_nothing():
    with pytest.raises(ValueError, match="a tile"):
        contact_sheet([], max_bytes=MB)


def test_before_and_after():
    drawn = compare(plain(), Tile(gone, "After"), max_bytes=MB)
    check(drawn, MB)
    image = opened(drawn.data).convert("RGB")
    left = image.getpixel((image.width // 8, image.height // 2))
    right = image.getpixel((image.width * 3 // 4 + 40, image.height * 3 // 4))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert alike(left, GREEN)
    assert alike(right, BLANK)


def test_compares_anything():
    every = reads()
    for index, read in list(enumerate(every))[::3]:
        before, after = Tile(read, NAMES[index % 10]), Tile(every[-index], "After")
        drawn = compare(before, after, max_bytes=MB)
        check(drawn, MB)
        assert drawn.width_px <= 1600
        assert drawn.height_px <= 1300


def test_the_ground_is_dark_everywhere():
    image = opened(contact_sheet([plain()] * 5, max_bytes=MB).data).convert("RGB")
    corner = image.getpixel((3, 3))
    assert isinstance(corner, tuple)
    assert max(corner) < max(TILE)

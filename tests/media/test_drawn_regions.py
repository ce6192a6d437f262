from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from bot.domain.regions import Cell, Grid, grid
from bot.errors import PictureError
from bot.media.regions import feather_px, feathered, paste_back, with_grid
from tests.media.pictures import alike, exif, opened, photo, written

GRID = Grid(6, 5)
SIZE = (600, 400)
MB = 1_000_000
RED = (220, 20, 30)


def edit(size: tuple[int, int] = SIZE) -> bytes:
    return written(Image.new("RGB", size, RED), "PNG")


def region(cells: set[Cell], wider_px: int = 0) -> Image.Image:
    """255 in the cells, drawn larger by so many pixels on each side."""
    mask = Image.new("L", SIZE)
    for cell in cells:
        left, top, right, bottom = GRID.box(cell, *SIZE)
        mask.paste(255, (left - wider_px, top - wider_px, right + wider_px, bottom + wider_px))
    return mask


def differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """255 where two pictures differ in any channel."""
    bands = ImageChops.difference(one, other).split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.point([0] + [255] * 255)


SHAPES: list[set[Cell]] = [
    {(2, 2)},
    {(0, 0)},
    {(5, 4), (0, 4)},
    {(1, 1), (2, 1), (2, 2)},  # an inner corner
    {(1, 1), (2, 2)},  # two that touch in a point
    {(x, y) for x in range(1, 4) for y in range(1, 4)} - {(2, 2)},  # a hole
    {(x, y) for x in range(6) for y in range(5)},
]


@pytest.mark.parametrize("cells", SHAPES, ids=lambda cells: str(len(cells)))
@pytest.mark.parametrize("edited_size", [SIZE, (512, 512)])
def test_pixel_for_pixel(cells: set[Cell], edited_size: tuple[int, int]):
    original = photo(*SIZE)
    result = paste_back(written(original, "PNG"), edit(edited_size), GRID, cells)
    assert (result.media_type, result.width_px, result.height_px) == ("image/png", *SIZE)
    picture = opened(result.data)
    assert picture.size == SIZE
    changed = differing(picture, original)
    feather = feather_px(SIZE, GRID)
    # Beyond the feather: nothing is changed.
    beyond = ImageChops.invert(region(cells, feather))
    assert ImageChops.multiply(changed, beyond).getextrema() == (0, 0)
    # In the cells: all is the edit.
    kept = differing(picture, Image.new("RGB", SIZE, RED))
    assert ImageChops.multiply(kept, region(cells)).getextrema() == (0, 0)


def test_the_edge_is_soft():
    mask = feathered(SIZE, GRID, {(2, 2)})
    left, top, _, bottom = GRID.box((2, 2), *SIZE)
    middle = (top + bottom) // 2
    row = list(mask.crop((left - 30, middle, left + 1, middle + 1)).tobytes())
    assert row == sorted(row)
    assert row[0] == 0
    assert row[-1] == 255
    assert len(set(row)) > 8


def test_a_feather_has_no_room_in_tiny_cells():
    assert feather_px((12, 12), Grid(6, 6)) == 1
    tiny = paste_back(written(photo(12, 12), "PNG"), edit((12, 12)), Grid(6, 6), {(0, 0)})
    assert opened(tiny.data).getpixel((11, 11)) == photo(12, 12).getpixel((11, 11))


def test_what_is_seen_through_stays_so():
    original = photo(*SIZE).convert("RGBA")
    original.putalpha(Image.linear_gradient("L").resize(SIZE))
    picture = opened(paste_back(written(original, "PNG"), edit(), GRID, {(0, 0)}).data)
    assert picture.mode == "RGBA"
    box = (300, 0, *SIZE)
    assert picture.crop(box).tobytes() == original.crop(box).tobytes()
    assert picture.getpixel((5, 5)) == (*RED, 255)


def test_a_jpeg_that_lies_on_its_side_is_upright():
    data = written(photo(*SIZE), "JPEG", exif=exif(6))
    result = paste_back(data, edit((400, 600)), Grid(5, 6), {(0, 0)})
    assert (result.width_px, result.height_px) == (400, 600)


def test_a_region_needs_cells_and_pictures():
    data = written(photo(*SIZE), "PNG")
    with pytest.raises(ValueError, match="cell"):
        paste_back(data, edit(), GRID, set())
    with pytest.raises(PictureError):
        paste_back(data, b"words", GRID, {(0, 0)})
    with pytest.raises(PictureError):
        paste_back(data[:900], edit(), GRID, {(0, 0)})
    with pytest.raises(PictureError):
        with_grid(b"words", GRID, max_bytes=MB)


@pytest.mark.parametrize("size", [(1600, 900), (900, 1600), (64, 64), (2000, 100), (3000, 3000)])
def test_the_grid_shows_on_any_picture(size: tuple[int, int]):
    for colour in ("black", "white", "#808080"):
        data = written(Image.new("RGB", size, colour), "PNG")
        on = grid(*size)
        drawn = with_grid(data, on, max_bytes=MB)
        picture = opened(drawn.data).convert("L")
        assert max(picture.size) <= 1280
        assert picture.size == (drawn.width_px, drawn.height_px)
        for column in range(1, on.columns):
            x = column * picture.width // on.columns
            cut = picture.crop((x - 4, 0, x + 4, picture.height)).resize((8, 1))
            darkest, lightest = cut.getextrema()
            assert isinstance(darkest, int)
            assert isinstance(lightest, int)
            assert lightest - darkest > 50


def test_what_is_not_chosen_is_dimmed():
    data = written(Image.new("RGB", SIZE, (200, 200, 200)), "PNG")
    picture = opened(with_grid(data, GRID, max_bytes=MB, chosen={(1, 1)}).data).convert("RGB")
    chosen, other = picture.getpixel((175, 140)), picture.getpixel((375, 140))
    assert isinstance(chosen, tuple)
    assert isinstance(other, tuple)
    assert alike(chosen, (200, 200, 200))
    assert alike(other, (100, 100, 100))

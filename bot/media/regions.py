"""A part of a picture: the grid to point with, and an edit that stays inside of it."""

from __future__ import annotations

import itertools
from collections.abc import Collection

from PIL import Image, ImageDraw, ImageFilter

from bot.domain.regions import Cell, Grid, label
from bot.domain.sheets import Drawn
from bot.media.canvas import ACCENT, INK, TEXT, badge, written
from bot.media.colours import opaque
from bot.media.decode import decode, open_picture, resized
from bot.media.encode import png
from bot.media.fit import MAX_SIDE_PX
from bot.media.sanitize import MAX_INPUT_PIXELS

SHOWN_PX = 1280
SMALLEST_PX = 480  # what is smaller is enlarged: the names must be readable
DIMMED = 0.5
FEATHER = 4  # the edge takes a quarter of a cell's shorter side
MOST_FEATHER_PX = 64


def with_grid(data: bytes, grid: Grid, *, max_bytes: int, chosen: Collection[Cell] = ()) -> Drawn:
    """The picture with the grid and the cells' names; what is not chosen is dimmed, if any is.

    Raises PictureError when it cannot be read, ValueError when nothing fits into `max_bytes`.
    """
    _, image = open_picture(data, max_pixels=MAX_INPUT_PIXELS)
    picture = opaque(decode(image, max_pixels=MAX_INPUT_PIXELS, max_side_px=SHOWN_PX))
    picture = picture.convert("RGB")
    if (longer := max(picture.size)) < SMALLEST_PX:
        width, height = (max(1, round(side * SMALLEST_PX / longer)) for side in picture.size)
        picture = resized(picture, (width, height))
    if chosen:
        dark = Image.eval(picture, lambda value: round(value * DIMMED))
        picture = Image.composite(picture, dark, _region(picture.size, grid, chosen))
    _lines(picture, grid)
    left, top, right, bottom = grid.box((0, 0), *picture.size)
    letter = max(11, min(26, (right - left) // 5, (bottom - top) // 3))
    for cell in itertools.product(range(grid.columns), range(grid.rows)):
        left, top, _, _ = grid.box(cell, *picture.size)
        picked = cell in chosen
        badge(
            picture,
            (left + 5, top + 5),
            label(cell),
            letter,
            ground=ACCENT if picked else INK,
            colour=INK if picked else TEXT,
            opacity=0.9 if picked else 0.7,
        )
    return written(picture, max_bytes)


def _lines(picture: Image.Image, grid: Grid) -> None:
    """White lines with a dark one on each side: one of them shows on any ground."""
    draw = ImageDraw.Draw(picture)
    across = [column * picture.width // grid.columns for column in range(1, grid.columns)]
    down = [row * picture.height // grid.rows for row in range(1, grid.rows)]
    for colour, weight in ((INK, 4), (TEXT, 2)):
        for at in across:
            draw.line((at, 0, at, picture.height), fill=colour, width=weight)
        for at in down:
            draw.line((0, at, picture.width, at), fill=colour, width=weight)


def paste_back(original: bytes, edited: bytes, grid: Grid, cells: Collection[Cell]) -> Drawn:
    """The original as PNG with these cells out of the edited picture.

    Inside the cells all is the edited picture, scaled to the original's size; around them it
    fades within a quarter of a cell, at most 64 px; beyond, every pixel is the original's, as
    `bot.media.decode.decode` gives it: upright and in sRGB. Raises PictureError when one of the
    two cannot be read, ValueError without cells.
    """
    if not cells:
        raise ValueError("a region needs a cell")
    below = _whole(original)
    above = _whole(edited).convert(below.mode)
    if above.size != below.size:
        above = resized(above, below.size)
    mask = feathered(below.size, grid, cells)
    result = Image.composite(above, below, mask)
    return Drawn(png(result), "image/png", *result.size)


def _whole(data: bytes) -> Image.Image:
    _, image = open_picture(data, max_pixels=MAX_INPUT_PIXELS)
    return decode(image, max_pixels=MAX_INPUT_PIXELS, max_side_px=MAX_SIDE_PX)


def feather_px(size: tuple[int, int], grid: Grid) -> int:
    """How far from the region the last pixel lies that is not the original's."""
    shorter = min(size[0] // grid.columns, size[1] // grid.rows)
    return max(1, min(MOST_FEATHER_PX, shorter // FEATHER))


def feathered(size: tuple[int, int], grid: Grid, cells: Collection[Cell]) -> Image.Image:
    """How much of the edit each pixel gets: 255 in the region, 0 beyond its feather."""
    region = _region(size, grid, cells)
    # A pixel's square of neighbours, all of it outside, gives 0. At an inner corner of the
    # region a quarter of it is inside, so four times its mean is full everywhere in the region.
    mean = region.filter(ImageFilter.BoxBlur(feather_px(size, grid)))
    return Image.eval(mean, _eased)


def _eased(mean: int) -> int:
    part = min(1.0, mean * 4 / 252)  # a quarter of 255 is cut to 63
    return round(255 * part * part * (3 - 2 * part))


def _region(size: tuple[int, int], grid: Grid, cells: Collection[Cell]) -> Image.Image:
    mask = Image.new("L", size)
    for cell in cells:
        mask.paste(255, grid.box(cell, *size))
    return mask

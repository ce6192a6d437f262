"""The look of what Easel draws: one dark ground that stands on Discord's light and dark alike."""

from __future__ import annotations

import functools
from typing import Literal

from PIL import Image, ImageDraw

from bot.domain.sheets import Drawn
from bot.media.encode import steps, webp
from bot.media.fonts import face, own
from bot.media.runs import advance_px, runs

GROUND = (30, 31, 36)
TILE = (43, 45, 51)
BLANK = (52, 54, 61)
MARK = (120, 124, 134)
LINE = (96, 100, 110)
TEXT = (240, 241, 244)
QUIET = (176, 181, 190)
ACCENT = (245, 179, 66)
INK = (24, 25, 29)

SMOOTH = 4  # masks are drawn so many times larger: Pillow draws hard edges


def canvas(width_px: int, height_px: int) -> Image.Image:
    """An empty ground."""
    return Image.new("RGB", (width_px, height_px), GROUND)


@functools.lru_cache(64)
def _rounded(size: tuple[int, int], radius_px: int) -> Image.Image:
    width, height = size
    large = Image.new("L", (width * SMOOTH, height * SMOOTH))
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, large.width - 1, large.height - 1), radius_px * SMOOTH, fill=255
    )
    return large.reduce(SMOOTH)


def plate(
    image: Image.Image,
    at: tuple[int, int],
    size: tuple[int, int],
    colour: tuple[int, int, int],
    *,
    radius_px: int = 10,
    opacity: float = 1,
) -> None:
    """Draw a rectangle with round corners."""
    mask = _rounded(size, radius_px)
    if opacity < 1:
        mask = Image.eval(mask, lambda value: round(value * opacity))
    image.paste(colour, (*at, at[0] + size[0], at[1] + size[1]), mask)


def put(
    image: Image.Image, picture: Image.Image, at: tuple[int, int], *, radius_px: int = 8
) -> None:
    """Draw a picture with round corners."""
    image.paste(picture, at, _rounded(picture.size, radius_px))


def say(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    size_px: int,
    colour: tuple[int, int, int] = TEXT,
    *,
    anchor: Literal["la", "mm"] = "la",
) -> None:
    """Draw a line of text that `bot.media.lettering` made drawable.

    Its left upper corner is here, or its middle. All fonts stand on one base line: that of
    Pillow's own, so that lines have the same distance whatever is written in them.
    """
    (left, top), (above, below) = at, own(size_px).getmetrics()
    if anchor == "la":
        base = top + above
    else:
        left, base = left - advance_px(text, size_px) / 2, top + (above - below) / 2
    draw = ImageDraw.Draw(image)
    for run in runs(text):
        letters = face(run.path, size_px)
        draw.text((left, base), run.text, colour, letters, "ls", direction=run.direction)
        left += run.advance_px(size_px)


def badge(
    image: Image.Image,
    at: tuple[int, int],
    text: str,
    size_px: int,
    *,
    ground: tuple[int, int, int] = INK,
    colour: tuple[int, int, int] = TEXT,
    opacity: float = 0.82,
) -> tuple[int, int]:
    """Draw a short text on a plate with its corner here; gives the plate's size in pixels."""
    width, height = badge_size(text, size_px)
    plate(image, at, (width, height), ground, radius_px=height // 3, opacity=opacity)
    say(image, (at[0] + width / 2, at[1] + height / 2), text, size_px, colour, anchor="mm")
    return width, height


def badge_size(text: str, size_px: int) -> tuple[int, int]:
    """The size in pixels that `badge` takes."""
    height = round(size_px * 1.5)
    return max(height, round(advance_px(text, size_px) + size_px * 0.8)), height


def written(image: Image.Image, max_bytes: int) -> Drawn:
    """The drawing as WebP within `max_bytes`. Raises ValueError when nothing can be so small."""
    for smaller, quality in steps(image):
        data = webp(smaller, quality)
        if len(data) <= max_bytes:
            return Drawn(data, "image/webp", *smaller.size)
    raise ValueError(f"no picture fits into {max_bytes} bytes")

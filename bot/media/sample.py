"""A picture to try things with."""

from __future__ import annotations

from PIL import Image, ImageDraw

from bot.media.encode import png

SIDE_PX = 256


def sample() -> bytes:
    """A red disc on white as PNG."""
    image = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    quarter = SIDE_PX // 4
    ImageDraw.Draw(image).ellipse((quarter, quarter, 3 * quarter, 3 * quarter), fill="red")
    return png(image)

"""Writing pictures: small functions that keep the interpreter's lock for a few ms at most."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from bot.media.decode import resized, scaled_size

QUALITIES = (92, 85, 75, 60)
"""Tried in this order; 92 is where a JPEG of a photograph stops showing what it lost."""

SMALLEST_SIDE_PX = 16
"""The last size tried; a picture of it takes less than 1 KiB."""


def jpeg(image: Image.Image, quality: int) -> bytes:
    """An RGB picture as baseline JPEG.

    Neither optimized nor progressive: Pillow then encodes the picture in one call with the
    interpreter's lock held (30 ms for 2048×1365, 390 ms for 20 megapixels), else in parts of
    64 KiB (5 ms).
    """
    return _written(image, "JPEG", quality=quality)


def webp(image: Image.Image, quality: int) -> bytes:
    """An RGB or RGBA picture as lossy WebP; thirty times slower than `jpeg`."""
    return _written(image, "WEBP", quality=quality)


def png(image: Image.Image) -> bytes:
    """A picture as PNG."""
    return _written(image, "PNG")


def _written(image: Image.Image, form: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def steps(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Ever smaller ways to write a picture: each quality, then the same with 3/4 of the sides."""
    side, smaller = max(image.size), image
    while True:
        for quality in QUALITIES:
            yield smaller, quality
        if side <= SMALLEST_SIDE_PX:
            return
        side = max(SMALLEST_SIDE_PX, side * 3 // 4)
        smaller = resized(image, scaled_size(image.size, side))

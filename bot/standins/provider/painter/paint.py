"""From an order to the bytes of a picture. Pure and slow: call it in a thread."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Sequence

from PIL import Image, ImageOps

from bot.standins.provider.painter import frame
from bot.standins.provider.painter.edit import edited, varied
from bot.standins.provider.painter.encode import png, png_of
from bot.standins.provider.painter.pil import resized
from bot.standins.provider.painter.scene import scene
from bot.standins.provider.painter.wishes import understand

LARGEST_DRAWN_PX = 1_600_000  # larger pictures are drawn smaller and scaled up


def paint(
    words: str,
    turn: int,
    inputs: Sequence[bytes],
    px: tuple[int, int],
    seed: int,
    size_bytes: int | None = None,
) -> bytes:
    """A PNG of `px` that shows the words, made from `inputs[0]` where there is one.

    The same order gives the same bytes. With `size_bytes` it is about that large.
    """
    # A picture is to be repeated, not to be secret.
    chance = random.Random(hashlib.sha256(f"{seed}:{words}".encode()).digest())  # noqa: S311
    wish = understand(words)
    shrink = max(1, -(-px[0] * px[1] // LARGEST_DRAWN_PX))
    width, height = (px[0], px[1]) if shrink == 1 else (px[0] // 2, px[1] // 2)
    if inputs:
        opened = [_opened(data, (width, height)) for data in inputs]
        first = ImageOps.fit(opened[0], (width, height), Image.Resampling.BILINEAR)
        if "variation" in words.lower():
            first = varied(first, chance)
        canvas = edited(first, wish, chance)
        frame.insets(canvas, opened[1:])
        frame.ring(canvas, max(2, turn))
    else:
        canvas = scene(width, height, wish, chance)
    frame.strip(canvas, words, turn if inputs else None)
    picture = canvas.picture()
    if picture.size != px:
        picture = resized(picture, px)
    return png(picture) if size_bytes is None else png_of(picture, size_bytes, chance)


def _opened(data: bytes, about: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", about)  # a large JPEG is read at a fraction of its size
        return picture.convert("RGB")

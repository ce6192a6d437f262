"""A perceptual hash: almost the same number for the same picture, re-encoded or resized.

Written here because the library for it, imagehash, brings numpy, scipy and PyWavelets, some
hundred MB, for forty lines. The method is pHash's: the signs of a small picture's lowest
frequencies (a discrete cosine transform) around their median; Zauner, «Implementation and
Benchmarking of Perceptual Image Hash Functions» (2010), chapter 3.2.1.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from PIL import Image

from bot.media.colours import opaque
from bot.media.decode import MAX_PIXELS, decode, open_picture

ALIKE = 10
"""Hashes that differ in at most so many bits are taken for the same picture."""

SIDE_PX = 32  # the picture that is transformed
LOW = 8  # frequencies of it that count, in each direction
CLEAR = 0.1
"""How far above the median a frequency has to be, as a part of their mean strength: in pictures
with symmetry most are nearly 0, and their signs change with every encoding (22 bits of 63)."""
_DECODED_PX = 256


def phash(data: bytes) -> int:
    """64 bits as a number from 0 to 2**63 - 1: the highest, of the mean brightness, is always 0.

    So it fits a database's signed integer. Of an animation the first frame counts, what is
    transparent is filled as for the models. A picture of one colour has 0. Raises PictureError.
    """
    _, image = open_picture(data, max_pixels=MAX_PIXELS)
    picture = opaque(decode(image, max_pixels=MAX_PIXELS, max_side_px=_DECODED_PX))
    small = picture.convert("L").resize(  # pyright: ignore[reportUnknownMemberType] (its stub names numpy types)
        (SIDE_PX, SIDE_PX), Image.Resampling.BOX
    )
    pixels = small.tobytes()
    rows = [_low(pixels[at : at + SIDE_PX]) for at in range(0, len(pixels), SIDE_PX)]
    columns = [_low([row[index] for row in rows]) for index in range(LOW)]
    found = [columns[x][y] for y in range(LOW) for x in range(LOW)][1:]
    median, mean = sorted(found)[len(found) // 2], sum(map(abs, found)) / len(found)
    least = median + max(CLEAR * mean, 1e-6)  # the latter is floating point's noise, if no more
    bits = 0
    for value in found:
        bits = bits << 1 | (value > least)
    return bits


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ; about 31 for pictures that have nothing in common."""
    return (one ^ other).bit_count()


def _low(values: Sequence[float]) -> list[float]:
    """The lowest frequencies of a row: its DCT-II, without the constant factors."""
    return [sum(map(float.__mul__, wave, map(float, values))) for wave in _waves()]


@functools.cache
def _waves() -> list[list[float]]:
    return [
        [math.cos(math.pi * frequency * (2 * at + 1) / (2 * SIDE_PX)) for at in range(SIDE_PX)]
        for frequency in range(LOW)
    ]

"""Pillow's calls whose types name NumPy, which is not installed: given plain types once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PIL import Image


def resized(
    picture: Image.Image, size: tuple[int, int], how: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """The picture scaled to `size`."""
    return picture.resize(size, how)  # pyright: ignore[reportUnknownMemberType] -- NumPy's type


def mapped(picture: Image.Image, value: Callable[[int], float]) -> Image.Image:
    """The picture with every 8-bit value replaced, the same way in all channels."""
    table = [min(255, max(0, round(value(number)))) for number in range(256)]
    return picture.point(table * len(picture.getbands()))  # pyright: ignore[reportUnknownMemberType] -- NumPy's type


def column(colours: Iterable[tuple[int, int, int]]) -> Image.Image:
    """A picture one pixel wide."""
    data = b"".join(bytes(colour) for colour in colours)
    return Image.frombytes("RGB", (1, len(data) // 3), data)


def colours_of(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The colours of an RGB picture, row by row."""
    data = picture.tobytes()
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]

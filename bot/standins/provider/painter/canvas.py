"""A surface to draw on: twice as large as the picture, so that edges come out smooth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.standins.provider.painter.pil import colours_of, column, mapped, resized

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]

FINER = 2  # pixels of the surface for one of the picture, in each direction


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the other."""
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return a, b, c


def lighter(colour: Colour, share: float) -> Colour:
    """A colour on its way to white."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: Colour, share: float) -> Colour:
    """A colour on its way to a deep blue, which shades better than black."""
    return mix(colour, (12, 16, 34), share)


class Canvas:
    """All coordinates and lengths are pixels of the picture, from its upper left corner.

    `finer` 1 is for what has no edges, and four times as fast.
    """

    def __init__(
        self, width: int, height: int, under: Image.Image | None = None, *, finer: int = FINER
    ) -> None:
        self._finer = finer
        self.width = width
        self.height = height
        self.unit = math.sqrt(width * height) / 100  # a length that suits every ratio
        size = (width * self._finer, height * self._finer)
        self._image = (
            Image.new("RGB", size)
            if under is None
            else resized(under, size, Image.Resampling.NEAREST)
        )
        self._opaque = ImageDraw.Draw(self._image)
        self._clear = ImageDraw.Draw(self._image, "RGBA")  # mixes, and so is slower

    def picture(self) -> Image.Image:
        """What was drawn, at the picture's size."""
        return self._image.reduce(self._finer) if self._finer > 1 else self._image

    def gradient(self, stops: Sequence[Colour], top: float, bottom: float) -> None:
        """Fill the whole width from `top` to `bottom` with colours that flow into each other."""
        first, last = round(top * self._finer), round(bottom * self._finer)
        flow = resized(column(stops), (1, max(1, last - first)))
        right = self._image.width
        for row, colour in enumerate(colours_of(flow), first):
            self._opaque.line((0, row, right, row), fill=colour)

    def polygon(self, points: Sequence[Point], fill: Colour, opacity: float = 1) -> None:
        """A filled shape."""
        self._on(opacity).polygon([self._at(*point) for point in points], fill=_ink(fill, opacity))

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: Colour, opacity: float = 1
    ) -> None:
        """A filled ellipse around (x, y)."""
        box = (*self._at(x - rx, y - ry), *self._at(x + rx, y + ry))
        self._on(opacity).ellipse(box, fill=_ink(fill, opacity))

    def sector(
        self,
        x: float,
        y: float,
        r: float,
        start: float,
        end: float,
        fill: Colour,
        opacity: float = 1,
    ) -> None:
        """A slice of a circle; degrees clockwise from three o'clock."""
        box = (*self._at(x - r, y - r), *self._at(x + r, y + r))
        self._on(opacity).pieslice(box, start, end, fill=_ink(fill, opacity))

    def arc(
        self,
        x: float,
        y: float,
        r: float,
        start: float,
        end: float,
        width: float,
        ink: Colour,
        opacity: float = 1,
    ) -> None:
        """A part of a ring."""
        box = (*self._at(x - r, y - r), *self._at(x + r, y + r))
        self._on(opacity).arc(
            box, start, end, fill=_ink(ink, opacity), width=max(1, round(width * self._finer))
        )

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: Colour,
        opacity: float = 1,
        radius: float = 0,
    ) -> None:
        """A filled rectangle, round at the corners by `radius`."""
        corners = (*self._at(left, top), *self._at(right, bottom))
        self._on(opacity).rounded_rectangle(corners, radius * self._finer, fill=_ink(fill, opacity))

    def line(self, points: Sequence[Point], width: float, ink: Colour, opacity: float = 1) -> None:
        """A line through points."""
        self._on(opacity).line(
            [self._at(*point) for point in points],
            fill=_ink(ink, opacity),
            width=max(1, round(width * self._finer)),
            joint="curve",
        )

    def glow(self, x: float, y: float, r: float, colour: Colour, strength: float) -> None:
        """Light that fades out at the distance `r`."""
        side = max(2, round(2 * r * self._finer))
        light = resized(mapped(_LIGHT, lambda value: value * strength), (side, side))
        corner = (round((x - r) * self._finer), round((y - r) * self._finer))
        self._image.paste(colour, (*corner, corner[0] + side, corner[1] + side), light)

    def veil(self, colour: Colour, opacities: Sequence[float]) -> None:
        """Lay a colour over everything, its opacity going through these from top to bottom."""
        greys = [round(255 * share) for share in opacities]
        stops = column((grey, grey, grey) for grey in greys).convert("L")
        mask = resized(stops, (1, self._image.height))
        mask = resized(mask, self._image.size, Image.Resampling.NEAREST)
        self._image.paste(colour, (0, 0), mask)

    def text(
        self, x: float, y: float, words: str, size: float, ink: Colour, *, anchor: str = "la"
    ) -> None:
        """One line of words."""
        self._opaque.text(
            self._at(x, y), words, font=font(size * self._finer), fill=ink, anchor=anchor
        )

    def paste(self, picture: Image.Image, x: float, y: float, side: float) -> None:
        """Put the middle of a picture into a square with its upper left corner at (x, y)."""
        px = round(side * self._finer)
        self._image.paste(ImageOps.fit(picture, (px, px)), self._at(x, y))

    def _on(self, opacity: float) -> ImageDraw.ImageDraw:
        return self._opaque if opacity >= 1 else self._clear

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round(x * self._finer), round(y * self._finer)


def font(size_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface: no file of the machine is needed."""
    return ImageFont.load_default(size_px)


def width_of(words: str, size: float) -> float:
    """The width of a line of words, in the same unit as `size`."""
    return font(size * FINER).getlength(words) / FINER


def wave(x: float, seeds: Sequence[float]) -> float:
    """A gentle curve between -1 and 1 over `x` (about one swing for each 1)."""
    a, b, c = seeds[:3]
    swing = math.sin(x * 6.3 * (0.5 + a) + b * 6.3)
    return 0.6 * swing + 0.4 * math.sin(x * 12.6 * (0.6 + b) + c * 6.3)


def _ink(colour: Colour, opacity: float) -> tuple[int, int, int, int]:
    return *colour, round(255 * min(1, opacity))


def _light() -> Image.Image:
    # Pillow's radial gradient is 0 in the middle; square it for a soft falling off.
    return mapped(Image.radial_gradient("L"), lambda value: 255 * max(0, 1 - value / 181) ** 2)


_LIGHT = _light()

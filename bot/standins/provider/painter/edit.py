"""An edit: made from the input picture, so that a person sees what it was made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from bot.standins.provider.painter import sky
from bot.standins.provider.painter.canvas import Canvas, Colour
from bot.standins.provider.painter.light import LIGHTS, Light
from bot.standins.provider.painter.pil import resized
from bot.standins.provider.painter.scene import things, weather
from bot.standins.provider.painter.wishes import Wish

TINTS: tuple[Colour, ...] = (
    (236, 120, 84), (88, 150, 214), (120, 186, 120), (196, 118, 190), (240, 190, 84),
    (76, 176, 178),
)  # fmt: skip
GRADES: Mapping[str, tuple[Colour, float, float]] = {
    "night": ((104, 112, 172), 0.85, 0.9),
    "sunset": ((255, 140, 90), 0.5, 0.96),
    "dawn": ((255, 198, 176), 0.4, 1.06),
    "day": ((255, 244, 214), 0.3, 1.22),
    "space": ((70, 50, 130), 0.8, 0.66),
    "snow": ((214, 230, 248), 0.5, 1.1),
    "rain": ((132, 150, 170), 0.6, 0.86),
    "fog": ((214, 220, 226), 0.3, 1.05),
}
"""Times and weathers: a colour to multiply with, how strongly, and the brightness after it."""


def _tinted(picture: Image.Image, colour: Colour, strength: float) -> Image.Image:
    light = tuple(round(255 - (255 - part) * strength) for part in colour)
    return ImageChops.multiply(picture, Image.new("RGB", picture.size, light))


def _grey(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture.convert("L"), cutoff=1).convert("RGB")


def _sepia(picture: Image.Image) -> Image.Image:
    return ImageOps.colorize(picture.convert("L"), (44, 28, 18), (252, 236, 204), (164, 122, 82))


def _sketch(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    soft = ImageChops.invert(grey).filter(ImageFilter.BoxBlur(6))
    # «Colour dodge» by hand: grey over the blurred negative leaves only the edges dark.
    lines = ImageChops.add(grey, soft, scale=1.0, offset=-20)
    return ImageOps.autocontrast(lines, cutoff=(1, 35)).convert("RGB")


def _painting(picture: Image.Image) -> Image.Image:
    small = picture.reduce(4).filter(ImageFilter.MedianFilter(5))
    return ImageEnhance.Color(resized(small, picture.size)).enhance(1.35)


def _pixels(picture: Image.Image) -> Image.Image:
    return resized(picture.reduce(16), picture.size, Image.Resampling.NEAREST)


STYLED: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "grey": _grey,
    "sepia": _sepia,
    "sketch": _sketch,
    "painting": _painting,
    "pixels": _pixels,
    "soft": lambda picture: picture.filter(ImageFilter.BoxBlur(5)),
    "poster": lambda picture: ImageOps.posterize(ImageEnhance.Color(picture).enhance(1.5), 3),
    "mirror": ImageOps.mirror,
    "upside": ImageOps.flip,
    "negative": ImageOps.invert,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.65),
}


def graded(picture: Image.Image, wish: Wish, chance: random.Random) -> Image.Image:
    """The picture in its new style, light and colours; some tint where nothing is known."""
    changed = False
    for style in wish.styles:
        picture = STYLED[style](picture)
        changed = True
    for name in (wish.time, *sorted(wish.weather)):
        if name is not None and name in GRADES:
            colour, strength, bright = GRADES[name]
            picture = ImageEnhance.Brightness(_tinted(picture, colour, strength)).enhance(bright)
            changed = True
    for colour in wish.colours[:2]:
        picture = Image.blend(_tinted(picture, colour, 0.75), picture, 0.25)
        changed = True
    if wish.things and not wish.adds:
        named = wish.things[0].colour
        if named is not None:
            picture = Image.blend(_tinted(picture, named, 0.75), picture, 0.25)
            changed = True
    if not changed and not wish.things:
        picture = _tinted(picture, chance.choice(TINTS), 0.5)
    return picture


def varied(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The same seen another way: perhaps from the other side, and in another tint."""
    turned = ImageOps.mirror(picture) if chance.random() < 0.5 else picture
    return _tinted(turned, chance.choice(TINTS), 0.4)


def brightest(picture: Image.Image) -> tuple[float, float]:
    """Where the upper part of a picture is lightest, in shares of its width and height."""
    columns, rows = 20, 20
    small = picture.convert("L").reduce(max(1, picture.width // 80))
    values = resized(small, (columns, rows), Image.Resampling.BOX).tobytes()[: columns * 8]
    place = max(range(len(values)), key=values.__getitem__)
    return (place % columns + 0.5) / columns, (place // columns + 0.5) / rows


def edited(first: Image.Image, wish: Wish, chance: random.Random) -> Canvas:
    """A canvas with the picture in its new light, and on it what comes on top.

    A moon goes where the picture is brightest, so that it takes the place of a sun.
    """
    width, height = first.size
    light: Light = LIGHTS[wish.time or "day"]
    back = Canvas(width, height, graded(first, wish, chance), finer=1)
    u = back.unit
    bright = brightest(first)
    x = min(max(bright[0], 0.14), 0.86) * width
    y = min(max(bright[1], 0.14), 0.4) * height
    if light.dark:
        back.glow(x, y, 30 * u, light.sun, 0.4)
    elif light.name in {"sunset", "dawn"}:
        back.glow(width / 2, 0.55 * height, 60 * u, light.sun, 0.5)
    # Only things, stars and weather have edges that need the finer surface.
    canvas = Canvas(width, height, back.picture(), finer=2 if wish.scenic else 1)
    if light.dark:
        sky.stars(canvas, height * 0.5, chance, count=70)
        sky.moon(canvas, x, y, 6.5 * u, light.sun)
    horizon = height * 0.6
    if "rainbow" in wish.weather:
        sky.rainbow(canvas, horizon)
    if wish.adds or not wish.things or wish.things[0].colour is None:
        side = chance.choice((0.3, 0.7))
        things(canvas, wish, light, horizon, chance, on_water=False, side=side)
    weather(canvas, wish, light, chance)
    return canvas

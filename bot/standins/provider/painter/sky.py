"""The upper half of a scene: sun and moon, stars, clouds, and what falls from them."""

from __future__ import annotations

import math
import random

from bot.standins.provider.painter.canvas import Canvas, Colour, Point, darker, lighter, mix
from bot.standins.provider.painter.light import Light

RAINBOW: tuple[Colour, ...] = (
    (224, 68, 60),
    (240, 142, 52),
    (248, 208, 76),
    (92, 178, 98),
    (62, 128, 206),
    (112, 82, 178),
)


def sky(
    width: int, height: int, light: Light, horizon: float, chance: random.Random
) -> tuple[Canvas, float]:
    """A canvas with a sky, its clouds and its sun or moon, and where that stands in x.

    The horizon's colour goes on below it: hills may leave a gap there.
    """
    back = Canvas(width, height, finer=1)
    back.gradient(light.sky, 0, horizon)
    back.box(0, horizon - 1, width, height, light.sky[-1])
    u = back.unit
    left, right = chance.uniform(0.14, 0.3), chance.uniform(0.7, 0.86)
    x = width * chance.choice((left, right))
    y = horizon * chance.uniform(0.22, 0.34)
    if light.name in {"sunset", "dawn"}:
        y = horizon - 7 * u
    if light.dark:
        back.glow(x, y, 28 * u, light.sun, 0.4)
    elif light.name != "rain":
        back.glow(x, y, 46 * u, light.sun, 0.55)
        back.glow(x, y, 16 * u, light.sun, 0.9)
    canvas = Canvas(width, height, back.picture())
    if light.dark:
        stars(canvas, horizon, chance)
        moon(canvas, x, y, 5.5 * u, light.sun)
    elif light.name != "rain":
        canvas.ellipse(x, y, 5.5 * u, 5.5 * u, light.sun)
    if light.name != "space":
        clouds(canvas, light, horizon, chance, away_from=(x, y))
    return canvas, x


def moon(canvas: Canvas, x: float, y: float, r: float, colour: Colour) -> None:
    """A full moon, without the glow around it."""
    canvas.ellipse(x, y, r, r, colour)
    for dx, dy, size in ((-0.35, -0.2, 0.24), (0.3, 0.3, 0.3), (0.25, -0.45, 0.15)):
        canvas.ellipse(x + dx * r, y + dy * r, size * r, size * r, darker(colour, 0.12))


def stars(canvas: Canvas, bottom: float, chance: random.Random, count: int = 110) -> None:
    """Stars, fewer and fainter towards `bottom`."""
    for _ in range(count):
        x = chance.uniform(0, canvas.width)
        y = bottom * chance.random() ** 1.4
        size = canvas.unit * chance.choice((0.1, 0.12, 0.15, 0.24))
        canvas.ellipse(x, y, size, size, (255, 252, 236), 0.9 - 0.6 * y / bottom)


def clouds(
    canvas: Canvas,
    light: Light,
    horizon: float,
    chance: random.Random,
    *,
    away_from: Point,
    count: int = 4,
) -> None:
    """Clouds with flat undersides, smaller and paler towards the horizon, none over the sun."""
    for number in range(count):
        x = canvas.width * (number + chance.uniform(0.1, 0.9)) / count
        share = chance.uniform(0.14, 0.8)
        size = canvas.unit * (4.2 - 2.6 * share) * chance.uniform(0.8, 1.2)
        if math.dist((x, share * horizon), away_from) < 18 * canvas.unit:
            continue
        thin = 0.55 if light.dark else 0.15 + 0.3 * share
        cloud(canvas, x, share * horizon, size, mix(light.cloud, light.at(share), thin))


def cloud(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """One cloud, about seven times `size` in width, standing on `y`."""
    canvas.box(x - 3.4 * size, y - size, x + 3.6 * size, y, colour, radius=0.5 * size)
    for centre, r in ((-2.1, 0.9), (-0.9, 1.4), (0.7, 1.75), (2.2, 1.1)):
        canvas.ellipse(x + centre * size, y - 0.9 * size, r * size, min(r, 1.2) * size, colour)
    canvas.box(x - 3.0 * size, y - 0.5 * size, x + 3.2 * size, y, colour, radius=0.25 * size)


def rainbow(canvas: Canvas, horizon: float) -> None:
    """An arch from one side to the other."""
    u = canvas.unit
    r = min(0.44 * canvas.width, 0.9 * horizon)
    for number, colour in enumerate(RAINBOW):
        canvas.arc(canvas.width / 2, horizon, r - 1.5 * u * number, 180, 360, 1.6 * u, colour, 0.6)


def snow(canvas: Canvas, chance: random.Random, count: int = 260) -> None:
    """Flakes, near and far."""
    u = canvas.unit
    for _ in range(count):
        size = u * chance.choice((0.18, 0.25, 0.25, 0.4, 0.6))
        x, y = chance.uniform(0, canvas.width), chance.uniform(0, canvas.height)
        canvas.ellipse(x, y, size, size, (255, 255, 255), chance.uniform(0.55, 0.95))


def rain(canvas: Canvas, chance: random.Random, count: int = 240) -> None:
    """Slanting drops."""
    u = canvas.unit
    for _ in range(count):
        x, y = chance.uniform(0, canvas.width * 1.1), chance.uniform(-5 * u, canvas.height)
        long = u * chance.uniform(2, 4.5)
        canvas.line(((x, y), (x - 0.25 * long, y + long)), 0.16 * u, (226, 236, 246), 0.5)


def fog(canvas: Canvas, light: Light) -> None:
    """Mist: everything pales, most around the horizon."""
    canvas.veil(lighter(light.sky[-1], 0.0 if light.dark else 0.3), (0.3, 0.5, 0.75, 0.4, 0.2))

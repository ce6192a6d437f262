"""Pictures for words that the painter does not know: shapes and colours drawn by their hash."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.standins.provider.painter.canvas import Canvas, Colour, darker, lighter, wave

PALETTES: tuple[tuple[Colour, ...], ...] = (
    ((244, 236, 220), (222, 84, 66), (240, 176, 72), (42, 86, 116), (122, 168, 156)),
    ((28, 36, 64), (238, 108, 92), (250, 204, 130), (94, 128, 196), (232, 226, 214)),
    ((236, 240, 234), (52, 116, 100), (148, 188, 120), (240, 150, 92), (70, 76, 110)),
    ((250, 232, 222), (178, 62, 98), (240, 140, 120), (82, 62, 118), (250, 196, 110)),
    ((20, 44, 58), (64, 170, 168), (246, 214, 142), (232, 112, 78), (222, 232, 226)),
)


def abstract(canvas: Canvas, colours: Sequence[Colour], chance: random.Random) -> None:
    """Fill the canvas; `colours` that were named come into it."""
    palette = list(chance.choice(PALETTES))
    for number, colour in enumerate(colours[:3]):
        palette[number + 1] = colour
    chance.choice((_tiles, _layers, _orbits))(canvas, palette, chance)


def _tiles(canvas: Canvas, palette: list[Colour], chance: random.Random) -> None:
    """Quarter circles, circles and bars in a grid."""
    side = min(canvas.width, canvas.height) / chance.choice((4, 5))
    for row in range(int(canvas.height / side) + 1):
        for column in range(int(canvas.width / side) + 1):
            x, y = column * side, row * side
            ground, ink, third = chance.sample(palette, 3)
            canvas.box(x, y, x + side + 1, y + side + 1, ground)
            kind = chance.randrange(5)
            if kind <= 1:
                corner = chance.randrange(4)
                cx, cy = x + side * (corner in {1, 2}), y + side * (corner in {2, 3})
                start = (0, 90, 180, 270)[corner]
                canvas.sector(cx, cy, side, start, start + 90, ink)
                canvas.sector(cx, cy, side * 0.5, start, start + 90, third)
            elif kind == 2:
                canvas.ellipse(x + side / 2, y + side / 2, side * 0.36, side * 0.36, ink)
                canvas.ellipse(x + side / 2, y + side / 2, side * 0.16, side * 0.16, third)
            elif kind == 3:
                for bar in range(4):
                    top = y + side * (bar + 0.5) / 4
                    canvas.box(x, top, x + side, top + side / 8, ink)
            else:
                canvas.polygon(((x, y + side), (x + side, y), (x + side, y + side)), ink)


def _layers(canvas: Canvas, palette: list[Colour], chance: random.Random) -> None:
    """A disc over waves that overlap like paper."""
    canvas.gradient((palette[0], lighter(palette[0], 0.4)), 0, canvas.height)
    u = canvas.unit
    canvas.ellipse(
        canvas.width * chance.uniform(0.25, 0.75),
        canvas.height * chance.uniform(0.22, 0.36),
        15 * u,
        15 * u,
        palette[2],
    )
    steps = 60
    for number in range(7):
        colour = darker(palette[1 + number % 4], 0.05 * number)
        seeds = [chance.random() for _ in range(3)]
        base = canvas.height * (0.36 + 0.09 * number)
        edge = [
            (canvas.width * step / steps, base + 6 * u * wave(step / steps, seeds))
            for step in range(steps + 1)
        ]
        shadow = [(x, y - 0.5 * u) for x, y in edge]
        below = [(canvas.width, canvas.height), (0, canvas.height)]
        canvas.polygon([*shadow, *reversed(edge)], (10, 14, 30), 0.16)
        canvas.polygon([*edge, *below], colour)


def _orbits(canvas: Canvas, palette: list[Colour], chance: random.Random) -> None:
    """Rings around one place, with discs on them."""
    canvas.gradient((darker(palette[0], 0.1), palette[0]), 0, canvas.height)
    u = canvas.unit
    x, y = canvas.width * chance.uniform(0.35, 0.65), canvas.height * chance.uniform(0.38, 0.58)
    for number in range(9, 0, -1):
        r = (4 + 7 * number) * u
        colour = palette[1 + number % 4]
        start = chance.uniform(0, 360)
        canvas.arc(x, y, r, start, start + chance.uniform(120, 320), 3.4 * u, colour)
        if number % 2:
            moons = lighter(colour, 0.25)
            canvas.ellipse(x + r * 0.7, y + r * 0.7, 2.6 * u, 2.6 * u, moons)
            canvas.ellipse(x - r * 0.7, y - r * 0.66, 1.6 * u, 1.6 * u, palette[4])
    canvas.ellipse(x, y, 6 * u, 6 * u, palette[3])
    canvas.ellipse(x, y, 3 * u, 3 * u, palette[1])

"""The lower half of a scene: sea, hills, mountains, woods, towns, deserts."""

from __future__ import annotations

import random

from bot.standins.provider.painter.canvas import Canvas, Colour, Point, darker, lighter, mix, wave
from bot.standins.provider.painter.light import Light

WALLS: tuple[Colour, ...] = (
    (232, 196, 140),
    (214, 112, 92),
    (240, 228, 206),
    (122, 158, 168),
    (226, 164, 96),
    (182, 196, 160),
    (200, 136, 136),
)
ROOFS: tuple[Colour, ...] = ((150, 70, 58), (92, 78, 84), (122, 84, 66))
LAMP: Colour = (255, 214, 122)


def sea(canvas: Canvas, light: Light, horizon: float, sun_x: float, chance: random.Random) -> None:
    """Water down to the lower edge, with the light's path and some swell."""
    u = canvas.unit
    canvas.gradient(light.sea, horizon, canvas.height)
    depth = canvas.height - horizon
    for _ in range(70):
        share = chance.random() ** 0.8
        y = horizon + share * depth
        long = u * (1 + 9 * share) * chance.uniform(0.6, 1.4)
        x = chance.uniform(0, canvas.width)
        pale = lighter(light.sea[0], 0.25)
        canvas.line(((x - long, y), (x + long, y)), u * (0.12 + 0.2 * share), pale, 0.3)
    for _ in range(46):
        share = chance.random() ** 1.2
        y = horizon + 0.3 * u + share * depth * 0.9
        x = sun_x + chance.uniform(-1, 1) * u * (2.5 + 9 * share)
        long = u * (0.6 + 3 * share) * chance.uniform(0.5, 1.3)
        canvas.line(((x - long, y), (x + long, y)), u * (0.16 + 0.24 * share), light.sun, 0.6)


def ridge(
    canvas: Canvas, base: float, height: float, colour: Colour, chance: random.Random
) -> None:
    """One range of rounded hills; everything below it is filled."""
    seeds = [chance.random() for _ in range(3)]
    canvas.polygon(_edge(canvas, base, height, seeds), colour)


def _edge(canvas: Canvas, base: float, height: float, seeds: list[float]) -> list[Point]:
    steps = 48
    points = [
        (canvas.width * step / steps, base - height * (0.5 + 0.5 * wave(step / steps, seeds)))
        for step in range(steps + 1)
    ]
    return [(0, canvas.height), *points, (canvas.width, canvas.height)]


def hills(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """Four ranges, the nearest the strongest in colour."""
    u = canvas.unit
    depth = canvas.height - horizon
    for number in range(4):
        near = number / 3
        colour = light.far(mix(light.land, (60, 110, 110), 0.35 * (1 - near)), 0.62 * (1 - near))
        base = horizon + depth * (0.1 + 0.55 * near)
        ridge(canvas, base, u * (9 - 2 * near), darker(colour, 0.12 * near), chance)


def mountains(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """Peaks with snow on the side of the light, behind low hills."""
    u = canvas.unit
    for distance, count, tall in ((0.55, 5, 24), (0.3, 4, 30)):
        rock = light.far(light.on((96, 108, 130)), distance)
        ice = light.far(light.on((240, 244, 250)), distance * 0.6)
        for number in range(count):
            x = canvas.width * (number + chance.uniform(0.1, 0.9)) / count
            high = u * tall * chance.uniform(0.7, 1.15)
            _peak(canvas, x, horizon + 3 * u, high, rock, ice, chance)
    hills(canvas, light, horizon, chance)


def _peak(
    canvas: Canvas,
    x: float,
    base: float,
    high: float,
    rock: Colour,
    ice: Colour,
    chance: random.Random,
) -> None:
    half = high * chance.uniform(0.75, 1.0)
    top = (x, base - high)
    foot = (x + 0.16 * half, base)
    canvas.polygon((top, (x - half, base), foot), rock)
    canvas.polygon((top, foot, (x + half, base)), darker(rock, 0.22))
    snow = 0.34 * high
    left, right = (x - half * 0.34, top[1] + snow), (x + half * 0.34, top[1] + snow)
    middle = (x + 0.03 * half, top[1] + snow * 1.15)
    notch = (x - half * 0.16, top[1] + snow * 0.72)
    other = (x + half * 0.17, top[1] + snow * 0.75)
    canvas.polygon((top, left, notch, middle), ice)
    canvas.polygon((top, middle, other, right), darker(ice, 0.14))


def forest(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """Rows of firs on hills."""
    u = canvas.unit
    hills(canvas, light, horizon, chance)
    green = mix(light.land, (28, 84, 70), 0.6)
    for row in range(3):
        near = row / 2
        colour = light.far(light.on(green), 0.5 * (1 - near))
        base = horizon + (canvas.height - horizon) * (0.22 + 0.3 * near)
        for number in range(26 - 7 * row):
            x = canvas.width * (number + chance.uniform(0, 1)) / (25 - 7 * row)
            tall = u * (7 + 8 * near) * chance.uniform(0.75, 1.25)
            fir(canvas, x, base + u * chance.uniform(-1, 2), tall, colour)


def fir(canvas: Canvas, x: float, base: float, tall: float, colour: Colour) -> None:
    """One fir in three tiers."""
    canvas.box(x - 0.04 * tall, base - 0.2 * tall, x + 0.04 * tall, base, darker(colour, 0.45))
    for tier in range(3):
        wide = tall * (0.3 - 0.07 * tier)
        low = base - tall * (0.12 + 0.26 * tier)
        shape = ((x - wide, low), (x + wide, low), (x, low - 0.42 * tall))
        canvas.polygon(shape, darker(colour, 0.12 * (2 - tier)))


def desert(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """Dunes, each with a side in the shade."""
    u = canvas.unit
    for number in range(4):
        near = number / 3
        sand = light.far(light.on((230, 178, 106)), 0.45 * (1 - near))
        base = horizon + (canvas.height - horizon) * (0.14 + 0.6 * near)
        seeds = [chance.random() for _ in range(3)]
        canvas.polygon(_edge(canvas, base, 10 * u, seeds), sand)
        shifted = [(px + 5 * u, py + 2.2 * u) for px, py in _edge(canvas, base, 10 * u, seeds)]
        canvas.polygon(shifted, darker(sand, 0.1))


def city(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """Two rows of towers with windows, and a street before them."""
    u = canvas.unit
    for row, distance in enumerate((0.5, 0.12)):
        x = -2 * u
        while x < canvas.width:
            wide = u * chance.uniform(6, 10)
            tall = u * chance.uniform(16, 36 - 12 * row)
            wall = light.far(light.on(chance.choice(((92, 104, 128), (120, 112, 130)))), distance)
            canvas.box(x, horizon - tall, x + wide, canvas.height, wall)
            _windows(canvas, x, horizon - tall, wide, tall, light, chance, lit=row == 1)
            x += wide + u * chance.uniform(0, 1.2)
    ground = light.on((88, 92, 100))
    canvas.box(0, horizon, canvas.width, canvas.height, ground)
    canvas.box(0, horizon, canvas.width, horizon + 2.2 * u, lighter(ground, 0.25))
    canvas.box(0, horizon + 2.2 * u, canvas.width, horizon + 2.7 * u, darker(ground, 0.3))
    middle = (horizon + canvas.height) / 2
    for number in range(9):
        left = canvas.width * (number + 0.2) / 9
        canvas.box(
            left, middle, left + canvas.width / 18, middle + 0.8 * u, light.on((240, 236, 220))
        )


def _windows(
    canvas: Canvas,
    x: float,
    top: float,
    wide: float,
    tall: float,
    light: Light,
    chance: random.Random,
    *,
    lit: bool,
) -> None:
    u = canvas.unit
    columns, rows = max(1, int(wide / (2 * u))), max(1, int(tall / (2.6 * u)))
    for column in range(columns):
        for row in range(rows):
            left = x + wide * (column + 0.25) / columns
            upper = top + tall * (row + 0.25) / rows
            glows = chance.random() < (0.5 if light.dark else 0.16)
            pane = LAMP if glows and lit else light.far(light.on((168, 196, 214)), 0.2)
            canvas.box(left, upper, left + 0.9 * u, upper + 1.3 * u, pane, 0.85)


def shore(canvas: Canvas, light: Light, horizon: float, chance: random.Random) -> None:
    """The houses of a harbour; the water is already there."""
    u = canvas.unit
    x = -u
    while x < canvas.width:
        if chance.random() < 0.1:
            x += 3 * u
        wide, tall = u * chance.uniform(4.6, 7), u * chance.uniform(5.5, 10)
        wall = light.on(chance.choice(WALLS))
        roof = light.on(chance.choice(ROOFS))
        canvas.box(x, horizon, x + wide, horizon + 0.55 * tall, wall, 0.32)
        house(canvas, x, horizon, wide, tall, wall, roof, light, chance)
        x += wide + u * chance.uniform(0, 0.5)
    canvas.box(0, horizon - 0.2 * u, canvas.width, horizon + 0.9 * u, light.on((112, 100, 94)))
    for _ in range(7):
        mast = chance.uniform(0.04, 0.96) * canvas.width
        tall = u * chance.uniform(7, 12)
        ink = light.on((70, 58, 54))
        canvas.line(((mast, horizon + u), (mast, horizon - tall)), 0.28 * u, ink)
        canvas.line(((mast, horizon - tall), (mast + 3 * u, horizon + u)), 0.12 * u, ink, 0.7)
        canvas.polygon(
            _hull(mast - 3 * u, mast + 3 * u, horizon + 0.6 * u, 1.7 * u),
            light.on(chance.choice(((240, 236, 226), (60, 84, 120), (150, 60, 54)))),
        )


def _hull(left: float, right: float, top: float, deep: float) -> tuple[Point, ...]:
    return ((left, top), (right, top), (right - deep, top + deep), (left + deep, top + deep))


def house(
    canvas: Canvas,
    x: float,
    base: float,
    wide: float,
    tall: float,
    wall: Colour,
    roof: Colour,
    light: Light,
    chance: random.Random,
) -> None:
    """A gabled house, its left lower corner at (x, base)."""
    top = base - tall
    canvas.box(x, top, x + wide, base, wall)
    canvas.box(x + 0.72 * wide, top, x + wide, base, darker(wall, 0.08))
    canvas.polygon(
        ((x - 0.06 * wide, top), (x + wide / 2, top - 0.5 * wide), (x + 1.06 * wide, top)), roof
    )
    for row in range(max(1, round(tall / wide * 1.6))):
        for column in (0.2, 0.6):
            glows = chance.random() < (0.7 if light.dark else 0.1)
            pane = LAMP if glows else light.on((86, 106, 128))
            left, upper = x + column * wide, top + (0.1 + 0.52 * row) * wide
            if upper + 0.3 * wide < base:
                canvas.box(left, upper, left + 0.2 * wide, upper + 0.28 * wide, pane)

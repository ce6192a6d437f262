"""Things of the land that are built or grow."""

from __future__ import annotations

import itertools
import math

from bot.standins.provider.painter.canvas import darker, lighter
from bot.standins.provider.painter.land import LAMP, fir
from bot.standins.provider.painter.land import house as gabled
from bot.standins.provider.painter.spot import Spot


def lighthouse(spot: Spot) -> None:
    """A striped tower on a rock; its lamp burns when it is dark."""
    c, white = spot.colour, spot.on((246, 242, 234))
    rock = spot.on((112, 104, 102))
    spot.shape(
        rock, (-0.48, -0.06), (-0.36, 0.03), (-0.2, 0.05), (0.16, 0.08), (0.3, 0.02), (0.46, -0.06)
    )
    spot.shape(
        darker(rock, 0.2), (0.02, -0.06), (0.1, 0.07), (0.16, 0.08), (0.3, 0.02), (0.46, -0.06)
    )
    foam = lighter(spot.light.sea[0], 0.5)
    for number, half in enumerate((0.52, 0.44)):
        spot.line(0.012, foam, (-half, -0.065 - 0.03 * number), (half, -0.065 - 0.03 * number))
    if spot.light.dark or spot.light.name in {"sunset", "rain"}:
        spot.canvas.glow(spot.x, spot.y - 0.86 * spot.size, 0.55 * spot.size, LAMP, 0.8)
    edge = [(0.13 - 0.05 * k / 5, 0.04 + 0.72 * k / 5) for k in range(6)]
    for number, ((low, y0), (high, y1)) in enumerate(itertools.pairwise(edge)):
        stripe = (c, white)[number % 2]
        spot.shape(stripe, (-low, y0), (low, y0), (high, y1), (-high, y1))
        spot.shape(darker(stripe, 0.16), (0.4 * low, y0), (low, y0), (high, y1), (0.4 * high, y1))
    spot.box(-0.12, 0.79, 0.12, 0.755, spot.on((60, 60, 70)), 0.01)
    spot.box(-0.065, 0.9, 0.065, 0.79, LAMP)
    spot.shape(c, (-0.1, 0.9), (0, 1.0), (0.1, 0.9))


def house(spot: Spot) -> None:
    """A cottage with a garden path."""
    s = spot.size
    gabled(
        spot.canvas, spot.x - 0.45 * s, spot.y, 0.9 * s, 0.55 * s,
        spot.colour, spot.on((124, 70, 60)), spot.light, spot.chance,
    )  # fmt: skip
    spot.box(-0.08, 0.3, 0.08, 0, spot.on((98, 62, 44)), 0.02)


def castle(spot: Spot) -> None:
    """A wall between two towers with flags."""
    stone = spot.on((186, 180, 176))
    spot.box(-0.42, 0.46, 0.42, 0, stone)
    for number in range(6):
        left = -0.4 + 0.14 * number
        spot.box(left, 0.53, left + 0.08, 0.45, stone)
    for x, wide, tall in ((-0.48, 0.2, 0.68), (0.48, 0.2, 0.68), (0, 0.24, 0.78)):
        spot.box(x - wide / 2, tall, x + wide / 2, 0, darker(stone, 0.08))
        spot.box(x + wide / 4, tall, x + wide / 2, 0, darker(stone, 0.2))
        top = tall + 0.2
        spot.shape(spot.colour, (x - 0.65 * wide, tall), (x, top), (x + 0.65 * wide, tall))
        spot.line(0.01, darker(stone, 0.5), (x, top), (x, top + 0.1))
        spot.shape(
            lighter(spot.colour, 0.2), (x, top + 0.1), (x + 0.1, top + 0.07), (x, top + 0.04)
        )
        pane = LAMP if spot.light.dark else darker(stone, 0.55)
        spot.box(x - 0.03, tall - 0.1, x + 0.03, tall - 0.22, pane, 0.03)
    spot.box(-0.09, 0.24, 0.09, 0, darker(stone, 0.6), 0.09)
    spot.box(-0.09, 0.12, 0.09, 0, darker(stone, 0.6))


def windmill(spot: Spot) -> None:
    """A tower mill with four sails."""
    wall = spot.on((240, 232, 216))
    spot.shape(wall, (-0.19, 0), (0.19, 0), (0.12, 0.56), (-0.12, 0.56))
    spot.shape(darker(wall, 0.15), (0.06, 0), (0.19, 0), (0.12, 0.56), (0.04, 0.56))
    spot.shape(spot.colour, (-0.15, 0.56), (0.15, 0.56), (0.06, 0.7), (-0.06, 0.7))
    spot.box(-0.05, 0.16, 0.05, 0, spot.on((110, 72, 50)), 0.02)
    start = spot.chance.uniform(0.2, 1.2)
    wood = spot.on((104, 78, 60))
    for quarter in range(4):
        a = start + quarter * math.pi / 2
        dx, dy = math.cos(a), math.sin(a)
        end = 0.42 * dx, 0.58 + 0.42 * dy
        spot.line(0.018, wood, (0, 0.58), end)
        near = 0.1 * dx, 0.58 + 0.1 * dy
        off = -0.1 * dy, 0.1 * dx
        spot.shape(
            lighter(spot.colour, 0.65), near, end, (end[0] + off[0], end[1] + off[1]),
            (near[0] + off[0], near[1] + off[1]),
        )  # fmt: skip
    spot.oval(0, 0.58, 0.03, 0.03, wood)


def tree(spot: Spot) -> None:
    """A broad-leaved tree; in snow a fir."""
    if spot.light.name == "snow":
        fir(spot.canvas, spot.x, spot.y, spot.size, spot.on((46, 104, 84)))
        return
    c = spot.colour
    bark = spot.on((104, 74, 54))
    spot.shape(bark, (-0.06, 0), (0.06, 0), (0.035, 0.5), (-0.035, 0.5))
    spot.line(0.03, bark, (0, 0.34), (0.16, 0.52))
    for x, y, r, shade in (
        (0.02, 0.62, 0.27, 0.22), (-0.22, 0.56, 0.19, 0.14), (0.24, 0.6, 0.2, 0.1),
        (-0.1, 0.74, 0.22, 0.04), (0.12, 0.78, 0.19, -0.1),
    ):  # fmt: skip
        spot.oval(x, y, r, r * 0.9, darker(c, shade) if shade > 0 else lighter(c, -shade))


def palm(spot: Spot) -> None:
    """A palm tree, leaning."""
    bark = spot.on((138, 104, 70))
    stem = [(0.18 * (t / 8) ** 2, 0.78 * t / 8) for t in range(9)]
    spot.line(0.05, bark, *stem)
    top = stem[-1]
    for angle in (-10, 25, 70, 110, 150, 195):
        a = math.radians(angle)
        middle = top[0] + 0.22 * math.cos(a), top[1] + 0.16 * math.sin(a) + 0.05
        end = top[0] + 0.42 * math.cos(a), top[1] + 0.3 * math.sin(a) - 0.12
        off = 0.05
        spot.shape(
            spot.colour, top, (middle[0], middle[1] + off), end, (middle[0], middle[1] - off)
        )
    for x in (-0.03, 0.04):
        spot.oval(top[0] + x, top[1] - 0.03, 0.03, 0.03, spot.on((110, 74, 44)))


def flower(spot: Spot) -> None:
    """A flower with eight petals."""
    green = spot.on((70, 136, 78))
    spot.line(0.03, green, (0, 0), (0.03, 0.35), (0, 0.66))
    spot.shape(green, (0.02, 0.2), (0.2, 0.38), (0.24, 0.3), (0.1, 0.18))
    spot.shape(green, (0.02, 0.12), (-0.17, 0.3), (-0.2, 0.22), (-0.07, 0.1))
    for number in range(8):
        a = number * math.pi / 4
        petal = spot.colour if number % 2 else lighter(spot.colour, 0.18)
        spot.oval(0.15 * math.cos(a), 0.72 + 0.15 * math.sin(a), 0.1, 0.1, petal)
    spot.oval(0, 0.72, 0.1, 0.1, spot.on((250, 204, 80)))


def umbrella(spot: Spot) -> None:
    """A parasol in gores."""
    c = spot.colour
    spot.line(0.03, spot.on((110, 84, 62)), (0, 0), (0, 0.86))
    s = spot.size
    spot.canvas.sector(spot.x, spot.y - 0.5 * s, 0.46 * s, 180, 360, c)
    for start in (205, 265, 320):
        pale = lighter(c, 0.75)
        spot.canvas.sector(spot.x, spot.y - 0.5 * s, 0.46 * s, start, start + 24, pale)
    spot.oval(0, 0.97, 0.025, 0.03, darker(c, 0.3))


def car(spot: Spot) -> None:
    """A small car from the side."""
    c, dark = spot.colour, (32, 34, 42)
    spot.shape(c, (-0.4, 0.34), (-0.28, 0.6), (0.2, 0.6), (0.4, 0.34))
    spot.shape(spot.on((168, 208, 226)), (-0.31, 0.36), (-0.23, 0.54), (-0.03, 0.54), (-0.03, 0.36))
    spot.shape(spot.on((168, 208, 226)), (0.03, 0.36), (0.03, 0.54), (0.17, 0.54), (0.3, 0.36))
    spot.box(-0.62, 0.38, 0.64, 0.12, c, 0.09)
    spot.box(-0.6, 0.2, 0.62, 0.14, darker(c, 0.25), 0.03)
    spot.oval(0.6, 0.29, 0.04, 0.04, LAMP)
    for x in (-0.36, 0.38):
        spot.oval(x, 0.12, 0.14, 0.14, dark)
        spot.oval(x, 0.12, 0.07, 0.07, (186, 190, 198))

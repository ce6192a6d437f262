"""Things of the sky."""

from __future__ import annotations

import math

from bot.standins.provider.painter.canvas import Point, darker, lighter, mix
from bot.standins.provider.painter.spot import Spot


def kite(spot: Spot) -> None:
    """A diamond in four shades, with a tail of bows and a string that leads down."""
    canvas, s = spot.canvas, spot.size
    lean = 0.32 if spot.x < canvas.width / 2 else -0.32
    turn = math.cos(lean), math.sin(lean)

    def at(x: float, y: float) -> Point:
        return (
            spot.x + s * (x * turn[0] - y * turn[1]),
            spot.y - s * (x * turn[1] + y * turn[0]),
        )

    top, left, right, low, middle = (
        at(0, 0.5), at(-0.34, 0.12), at(0.34, 0.12), at(0, -0.5), at(0, 0.12)
    )  # fmt: skip
    side = 1 if lean > 0 else -1
    end = (spot.x - side * 1.1 * s, canvas.height * 0.97)
    string = [
        (
            middle[0] + (end[0] - middle[0]) * t,
            middle[1] + (end[1] - middle[1]) * t**1.35,
        )
        for t in (step / 24 for step in range(25))
    ]
    canvas.line(string, 0.008 * s, lighter(spot.light.sky[-1], 0.5), 0.8)
    tail = [at(0.13 * math.sin(step / 3.2), -0.5 - 0.055 * step) for step in range(21)]
    canvas.line(tail, 0.014 * s, darker(spot.colour, 0.35))
    for number, knot in enumerate(tail[4::5]):
        bow = spot.on(((250, 206, 84), (246, 240, 228))[number % 2])
        for way in (-1, 1):
            tip, wing = knot[0] + way * 0.1 * s, 0.055 * s
            canvas.polygon((knot, (tip, knot[1] - wing), (tip, knot[1] + wing)), bow)
    c = spot.colour
    canvas.polygon((top, left, middle), lighter(c, 0.16))
    canvas.polygon((top, right, middle), c)
    canvas.polygon((low, left, middle), darker(c, 0.1))
    canvas.polygon((low, right, middle), darker(c, 0.26))
    stripe = mix(c, (255, 236, 200), 0.6)
    canvas.polygon((at(0, -0.5), at(-0.09, -0.336), at(0, -0.27), at(0.09, -0.336)), stripe)
    for one, other in ((top, low), (left, right)):
        canvas.line((one, other), 0.014 * s, darker(c, 0.45))


def balloon(spot: Spot) -> None:
    """A hot-air balloon in gores of two colours."""
    c, pale = spot.colour, mix(spot.colour, (255, 244, 220), 0.75)
    for number, wide in enumerate((0.4, 0.3, 0.19, 0.07)):
        spot.oval(0, 0.16, wide, 0.42, (c, pale, c, pale)[number])
    spot.shape(c, (-0.33, -0.08), (0.33, -0.08), (0.1, -0.34), (-0.1, -0.34))
    spot.shape(pale, (-0.15, -0.13), (0.15, -0.13), (0.05, -0.34), (-0.05, -0.34))
    rope = spot.on((90, 70, 56))
    for x in (-0.09, 0.09):
        spot.line(0.012, rope, (x, -0.34), (x * 0.8, -0.46))
    spot.box(-0.09, -0.45, 0.09, -0.6, spot.on((168, 116, 68)), 0.02)
    spot.box(-0.1, -0.45, 0.1, -0.485, spot.on((120, 80, 48)), 0.01)


def bird(spot: Spot) -> None:
    """A gull with spread wings."""
    flap = spot.chance.uniform(0.12, 0.3)
    tip = spot.on((60, 66, 80))
    for way in (-1, 1):
        spot.shape(
            spot.colour,
            (way * 0.02, 0.05),
            (way * 0.28, flap),
            (way * 0.6, flap * 0.55),
            (way * 0.28, flap - 0.09),
            (way * 0.04, -0.07),
        )
        spot.shape(
            tip, (way * 0.47, flap * 0.75), (way * 0.6, flap * 0.55), (way * 0.44, flap * 0.7)
        )
    spot.oval(0, -0.02, 0.16, 0.075, spot.colour)
    spot.oval(0.14, 0.02, 0.06, 0.055, spot.colour)
    spot.shape(spot.on((244, 170, 60)), (0.19, 0.04), (0.27, 0.01), (0.19, -0.01))


def rocket(spot: Spot) -> None:
    """A rocket on its flame, upright."""
    c, body = spot.colour, spot.on((238, 238, 242))
    spot.canvas.glow(spot.x, spot.y + 0.55 * spot.size, 0.5 * spot.size, (255, 190, 90), 0.8)
    spot.shape((255, 176, 66), (-0.1, -0.3), (0.1, -0.3), (0, -0.78))
    spot.shape((255, 238, 170), (-0.05, -0.3), (0.05, -0.3), (0, -0.55))
    spot.shape(c, (-0.12, -0.05), (-0.28, -0.36), (-0.1, -0.28))
    spot.shape(c, (0.12, -0.05), (0.28, -0.36), (0.1, -0.28))
    spot.oval(0, 0.05, 0.16, 0.42, body)
    spot.shape(c, (-0.125, 0.3), (-0.08, 0.41), (0, 0.5), (0.08, 0.41), (0.125, 0.3))
    spot.box(-0.14, -0.24, 0.14, -0.34, darker(body, 0.3), 0.02)
    spot.oval(0, 0.12, 0.075, 0.075, darker(c, 0.3))
    spot.oval(0, 0.12, 0.055, 0.055, spot.on((140, 204, 232)))


def plane(spot: Spot) -> None:
    """A small aeroplane from the side."""
    c, glass = spot.colour, spot.on((160, 210, 232))
    spot.shape(darker(c, 0.2), (-0.44, 0.02), (-0.58, 0.24), (-0.48, 0.24), (-0.28, 0.05))
    spot.oval(0, 0, 0.52, 0.12, c)
    spot.box(-0.4, -0.01, 0.45, -0.045, lighter(c, 0.7), 0.015)
    spot.shape(glass, (0.14, 0.09), (0.2, 0.16), (0.3, 0.14), (0.36, 0.07))
    spot.shape(darker(c, 0.28), (-0.08, -0.01), (0.18, -0.01), (-0.06, -0.27), (-0.2, -0.27))
    spot.oval(0.54, 0, 0.015, 0.16, spot.on((90, 90, 100)))

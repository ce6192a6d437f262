"""Animals that sit and look at you, and a robot."""

from __future__ import annotations

import math

from bot.standins.provider.painter.canvas import Colour, Point, darker, lighter
from bot.standins.provider.painter.spot import Spot

DARK: Colour = (26, 26, 34)


def _sitting(spot: Spot, belly: Colour) -> None:
    """A body and two front legs; the head is the animal's own."""
    c = spot.colour
    spot.oval(0, 0.02, 0.34, 0.035, darker(spot.light.land, 0.35))
    spot.oval(0, 0.26, 0.26, 0.28, darker(c, 0.08))
    spot.shape(c, (-0.2, 0.3), (-0.12, 0.56), (0.12, 0.56), (0.2, 0.3), (0.16, 0.02), (-0.16, 0.02))
    spot.oval(0, 0.32, 0.1, 0.16, belly)
    for way in (-1, 1):
        spot.oval(way * 0.08, 0.04, 0.075, 0.045, lighter(c, 0.12))


def _eyes(spot: Spot, y: float, apart: float, iris: Colour) -> None:
    for way in (-1, 1):
        spot.oval(way * apart, y, 0.043, 0.048, iris)
        spot.oval(way * apart, y, 0.02, 0.042, DARK)
        spot.oval(way * apart + 0.012, y + 0.016, 0.01, 0.01, (255, 255, 255))


def _tail(spot: Spot, ink: Colour, width: float, tip: Colour) -> None:
    bend: list[Point] = []
    for step in range(13):
        a = -1.3 + step * 0.24
        bend.append((0.2 + 0.26 * math.cos(a), 0.3 + 0.24 * math.sin(a)))
    spot.line(width, ink, *bend)
    for number, (x, y) in enumerate(bend[1:]):
        spot.oval(x, y, width / 2, width / 2, tip if number > 8 else ink)


def cat(spot: Spot) -> None:
    """A cat with whiskers."""
    c = spot.colour
    _tail(spot, c, 0.075, darker(c, 0.3))
    _sitting(spot, lighter(c, 0.45))
    for way in (-1, 1):
        spot.shape(c, (way * 0.2, 0.74), (way * 0.19, 1.0), (way * 0.04, 0.86))
        spot.shape((226, 150, 150), (way * 0.17, 0.8), (way * 0.165, 0.94), (way * 0.08, 0.86))
    spot.oval(0, 0.7, 0.23, 0.19, c)
    for x in (-0.06, 0, 0.06):
        spot.line(0.022, darker(c, 0.3), (x, 0.88), (x * 0.8, 0.8))
    spot.oval(0, 0.62, 0.1, 0.07, lighter(c, 0.5))
    _eyes(spot, 0.72, 0.095, (156, 196, 84))
    spot.shape((206, 110, 116), (-0.025, 0.665), (0.025, 0.665), (0, 0.64))
    for way in (-1, 1):
        for y in (0.6, 0.64):
            spot.line(0.007, (250, 250, 250), (way * 0.09, 0.63), (way * 0.34, y + 0.02))
        spot.line(0.01, DARK, (0, 0.64), (0, 0.615), (way * 0.03, 0.603), (way * 0.055, 0.615))


def dog(spot: Spot) -> None:
    """A dog with hanging ears."""
    c = spot.colour
    _tail(spot, c, 0.08, lighter(c, 0.4))
    _sitting(spot, lighter(c, 0.55))
    spot.oval(0, 0.72, 0.21, 0.21, c)
    spot.shape(lighter(c, 0.55), (-0.05, 0.92), (0.05, 0.92), (0.1, 0.6), (-0.1, 0.6))
    for way in (-1, 1):
        spot.oval(way * 0.22, 0.7, 0.075, 0.17, darker(c, 0.35))
    spot.oval(0, 0.6, 0.12, 0.095, lighter(c, 0.65))
    spot.oval(0, 0.645, 0.05, 0.036, DARK)
    spot.shape((222, 104, 112), (-0.035, 0.56), (0.035, 0.56), (0.025, 0.49), (-0.025, 0.49))
    _eyes(spot, 0.755, 0.095, (120, 82, 50))


def fox(spot: Spot) -> None:
    """A fox with a white tip to its tail."""
    c, white = spot.colour, spot.on((250, 244, 234))
    _tail(spot, c, 0.15, white)
    _sitting(spot, white)
    for way in (-1, 1):
        spot.shape(c, (way * 0.22, 0.76), (way * 0.2, 1.04), (way * 0.03, 0.88))
        spot.shape(DARK, (way * 0.205, 0.9), (way * 0.2, 1.04), (way * 0.12, 0.96))
    spot.shape(c, (-0.27, 0.74), (-0.18, 0.88), (0.18, 0.88), (0.27, 0.74), (0, 0.5))
    spot.shape(white, (-0.27, 0.74), (-0.1, 0.72), (0, 0.5))
    spot.shape(white, (0.27, 0.74), (0.1, 0.72), (0, 0.5))
    spot.oval(0, 0.52, 0.04, 0.035, DARK)
    _eyes(spot, 0.755, 0.1, (214, 150, 60))


def rabbit(spot: Spot) -> None:
    """A rabbit with long ears."""
    c = spot.colour
    spot.oval(0.24, 0.14, 0.09, 0.09, lighter(c, 0.7))
    _sitting(spot, lighter(c, 0.6))
    for way in (-1, 1):
        spot.oval(way * 0.1, 0.98, 0.065, 0.22, c)
        spot.oval(way * 0.1, 0.97, 0.032, 0.16, (232, 170, 172))
    spot.oval(0, 0.68, 0.2, 0.18, c)
    spot.oval(0, 0.61, 0.1, 0.07, lighter(c, 0.65))
    _eyes(spot, 0.71, 0.1, (110, 70, 60))
    spot.shape((214, 120, 126), (-0.025, 0.65), (0.025, 0.65), (0, 0.62))


def robot(spot: Spot) -> None:
    """A friendly robot."""
    c, steel = spot.colour, spot.on((196, 202, 212))
    for way in (-1, 1):
        spot.box(way * 0.12 - 0.06, 0.2, way * 0.12 + 0.06, 0, darker(steel, 0.2), 0.03)
        spot.line(0.05, darker(steel, 0.2), (way * 0.22, 0.46), (way * 0.36, 0.3 + 0.2 * (way > 0)))
        spot.oval(way * 0.36, 0.3 + 0.2 * (way > 0), 0.05, 0.05, c)
    spot.box(-0.24, 0.56, 0.24, 0.16, c, 0.06)
    spot.box(-0.14, 0.48, 0.14, 0.28, lighter(c, 0.6), 0.03)
    for number, lamp in enumerate(((230, 90, 80), (250, 206, 84), (100, 190, 120))):
        spot.oval(-0.08 + 0.08 * number, 0.38, 0.026, 0.026, lamp)
    spot.line(0.02, darker(steel, 0.3), (0, 0.86), (0, 0.97))
    spot.oval(0, 0.98, 0.035, 0.035, (230, 90, 80))
    spot.box(-0.2, 0.88, 0.2, 0.59, steel, 0.07)
    for way in (-1, 1):
        spot.oval(way * 0.09, 0.76, 0.055, 0.055, (250, 252, 255))
        spot.oval(way * 0.09, 0.76, 0.028, 0.028, (40, 120, 190))
    spot.box(-0.1, 0.68, 0.1, 0.65, darker(steel, 0.5), 0.015)

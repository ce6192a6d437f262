"""Things of the water."""

from __future__ import annotations

from bot.standins.provider.painter.canvas import darker, lighter, mix
from bot.standins.provider.painter.spot import Spot


def _wake(spot: Spot, half: float) -> None:
    pale = lighter(spot.light.sea[0], 0.35)
    for number in range(4):
        x, y = spot.chance.uniform(-0.2, 0.2), -0.03 - 0.045 * number
        long = half * (1.1 - 0.2 * number)
        spot.line(0.012, pale, (x - long, y), (x + long, y))


def boat(spot: Spot) -> None:
    """A sailing boat with main sail and jib, and its reflection."""
    hull = (
        spot.on((236, 228, 212))
        if spot.colour != spot.on((246, 244, 238))
        else spot.on((60, 84, 120))
    )
    c = spot.colour
    dim = mix(spot.light.sea[1], c, 0.4)
    spot.shape(dim, (0.02, -0.06), (0.02, -0.46), (0.3, -0.06))
    spot.shape(dim, (-0.03, -0.06), (-0.03, -0.4), (-0.28, -0.06))
    spot.line(0.02, spot.on((96, 72, 54)), (0, 0.05), (0, 0.98))
    spot.shape(c, (0.025, 0.16), (0.025, 0.95), (0.42, 0.16))
    spot.shape(darker(c, 0.14), (0.025, 0.16), (0.025, 0.4), (0.3, 0.4), (0.42, 0.16))
    spot.shape(lighter(c, 0.4), (-0.03, 0.18), (-0.03, 0.84), (-0.36, 0.18))
    spot.shape(hull, (-0.46, 0.12), (0.48, 0.12), (0.34, -0.04), (-0.34, -0.04))
    spot.shape(darker(c, 0.2), (-0.42, 0.075), (0.44, 0.075), (0.41, 0.04), (-0.39, 0.04))
    _wake(spot, 0.5)


def ship(spot: Spot) -> None:
    """A steamer with a funnel."""
    c = spot.colour
    white = spot.on((244, 242, 236))
    smoke = mix(spot.light.cloud, spot.light.at(0.5), 0.3)
    for x, y, r in ((0.16, 0.78, 0.07), (0.3, 0.88, 0.1), (0.5, 0.96, 0.13)):
        spot.oval(x, y, r * 1.3, r, smoke)
    spot.box(0.0, 0.7, 0.16, 0.3, c, 0.01)
    spot.box(0.0, 0.7, 0.16, 0.62, spot.on((46, 46, 56)), 0.01)
    spot.box(-0.5, 0.36, 0.42, 0.14, white, 0.02)
    spot.box(-0.4, 0.5, -0.06, 0.34, white, 0.02)
    for number in range(7):
        left = -0.44 + 0.12 * number
        pane = (255, 214, 122) if spot.light.dark else spot.on((92, 124, 150))
        spot.box(left, 0.29, left + 0.06, 0.22, pane, 0.01)
    spot.shape(darker(c, 0.2), (-0.8, 0.2), (0.72, 0.15), (0.6, -0.05), (-0.62, -0.05))
    spot.shape(white, (-0.79, 0.185), (0.715, 0.135), (0.7, 0.105), (-0.77, 0.15))
    _wake(spot, 0.8)


def whale(spot: Spot) -> None:
    """A whale's back and fluke, with a spout."""
    c = spot.colour
    spout = lighter(spot.light.sea[0], 0.7)
    for way in (-1, 1):
        spot.line(0.035, spout, (-0.32, 0.36), (-0.32 + way * 0.05, 0.62), (-0.32 + way * 0.2, 0.7))
    spot.canvas.sector(spot.x - 0.1 * spot.size, spot.y, 0.62 * spot.size, 180, 360, c)
    spot.shape(c, (0.46, 0), (0.62, 0.3), (0.72, 0.34), (0.78, 0))
    spot.shape(darker(c, 0.1), (0.66, 0.3), (0.42, 0.52), (0.72, 0.42), (1.0, 0.54), (0.78, 0.3))
    spot.shape(lighter(c, 0.55), (-0.72, 0), (-0.6, 0.16), (-0.28, 0.12), (-0.1, 0))
    spot.oval(-0.44, 0.22, 0.03, 0.03, (20, 24, 36))
    _wake(spot, 0.85)


def fish(spot: Spot) -> None:
    """A fish that jumps out of the water."""
    c = spot.colour
    spot.shape(darker(c, 0.2), (-0.3, 0.4), (-0.58, 0.62), (-0.58, 0.2))
    spot.shape(darker(c, 0.15), (-0.14, 0.56), (0.06, 0.76), (0.16, 0.54))
    spot.oval(0, 0.4, 0.38, 0.2, c)
    spot.oval(0.02, 0.34, 0.3, 0.11, lighter(c, 0.3))
    for x in (-0.12, 0.02):
        spot.line(0.02, darker(c, 0.25), (x, 0.52), (x + 0.05, 0.4), (x, 0.28))
    spot.oval(0.24, 0.45, 0.045, 0.045, (250, 250, 250))
    spot.oval(0.25, 0.45, 0.025, 0.025, (16, 18, 28))
    drop = lighter(spot.light.sea[0], 0.6)
    for x, y in ((-0.5, 0.04), (-0.36, 0.12), (0.3, 0.08), (0.44, 0.0)):
        spot.oval(x, y, 0.025, 0.035, drop)
    _wake(spot, 0.5)

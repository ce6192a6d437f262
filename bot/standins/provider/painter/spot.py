"""Where a thing stands and how it looks there: what every drawer of a thing is given."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.standins.provider.painter.canvas import Canvas, Colour
from bot.standins.provider.painter.light import Light


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the canvas.

    Things of the sky have their middle at (x, y), those of the water their waterline, those
    of the land their feet. `size` is about the thing's height; `colour` is in this light.
    """

    canvas: Canvas
    light: Light
    x: float
    y: float
    size: float
    colour: Colour
    chance: random.Random

    def on(self, colour: Colour) -> Colour:
        """Another colour in this light."""
        return self.light.on(colour)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: Colour,
        radius: float = 0,
    ) -> None:
        """A rectangle in units of `size` around the spot, y upwards."""
        x, y, s = self.x, self.y, self.size
        self.canvas.box(
            x + left * s, y - top * s, x + right * s, y - bottom * s, fill, radius=radius * s
        )

    def shape(self, fill: Colour, *points: tuple[float, float]) -> None:
        """A polygon in units of `size` around the spot, y upwards."""
        x, y, s = self.x, self.y, self.size
        self.canvas.polygon([(x + px * s, y - py * s) for px, py in points], fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """An ellipse in units of `size` around the spot, y upwards."""
        s = self.size
        self.canvas.ellipse(self.x + x * s, self.y - y * s, rx * s, ry * s, fill)

    def line(self, width: float, ink: Colour, *points: tuple[float, float]) -> None:
        """A line in units of `size` around the spot, y upwards."""
        x, y, s = self.x, self.y, self.size
        self.canvas.line([(x + px * s, y - py * s) for px, py in points], width * s, ink)

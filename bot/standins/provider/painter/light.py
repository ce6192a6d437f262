"""The colours of the times of day and of the weather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.standins.provider.painter.canvas import Colour, darker, mix


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of a time of day. `sky` runs from the top to the horizon."""

    name: str
    sky: tuple[Colour, ...]
    sun: Colour
    cloud: Colour
    sea: tuple[Colour, Colour]
    land: Colour
    shade: float  # how much of everything on the ground turns dark
    dark: bool = False

    def on(self, colour: Colour) -> Colour:
        """A thing's colour in this light."""
        return mix(darker(colour, self.shade), self.sky[-1], 0.08)

    def far(self, colour: Colour, distance: float) -> Colour:
        """A colour seen through `distance` (0 to 1) of air."""
        return mix(colour, self.sky[-1], distance)

    def at(self, share: float) -> Colour:
        """The sky's colour, 0 at the top and 1 at the horizon."""
        place = min(max(share, 0), 1) * (len(self.sky) - 1)
        lower = min(int(place), len(self.sky) - 2)
        return mix(self.sky[lower], self.sky[lower + 1], place - lower)


LIGHTS: Mapping[str, Light] = {
    light.name: light
    for light in (
        Light(
            "day",
            ((62, 146, 214), (128, 194, 232), (214, 236, 240)),
            (255, 250, 226),
            (255, 255, 255),
            ((78, 168, 196), (22, 90, 140)),
            (88, 152, 92),
            0.0,
        ),
        Light(
            "sunset",
            ((54, 48, 104), (166, 74, 116), (240, 132, 96), (252, 208, 138)),
            (255, 236, 184),
            (248, 166, 144),
            ((232, 146, 118), (58, 48, 98)),
            (104, 84, 96),
            0.28,
        ),
        Light(
            "dawn",
            ((104, 132, 190), (182, 172, 206), (248, 200, 182), (255, 232, 200)),
            (255, 246, 222),
            (255, 226, 214),
            ((200, 190, 200), (70, 102, 150)),
            (116, 144, 126),
            0.1,
        ),
        Light(
            "gold",
            ((84, 162, 192), (176, 206, 190), (250, 224, 166)),
            (255, 248, 212),
            (255, 246, 226),
            ((130, 180, 178), (30, 96, 124)),
            (140, 156, 82),
            0.04,
        ),
        Light(
            "night",
            ((8, 14, 42), (18, 32, 76), (52, 76, 130)),
            (246, 242, 220),
            (64, 82, 130),
            ((26, 46, 92), (8, 18, 46)),
            (38, 60, 88),
            0.38,
            dark=True,
        ),
        Light(
            "space",
            ((6, 6, 22), (20, 14, 50), (54, 28, 88)),
            (250, 240, 214),
            (84, 60, 124),
            ((46, 40, 90), (10, 10, 34)),
            (74, 66, 104),
            0.3,
            dark=True,
        ),
        Light(
            "rain",
            ((74, 88, 106), (120, 136, 152), (176, 188, 194)),
            (220, 226, 230),
            (104, 116, 132),
            ((116, 138, 152), (46, 66, 86)),
            (84, 112, 98),
            0.18,
        ),
        Light(
            "snow",
            ((124, 154, 188), (180, 202, 220), (228, 236, 242)),
            (255, 255, 250),
            (246, 248, 252),
            ((156, 184, 202), (66, 100, 132)),
            (222, 232, 240),
            0.04,
        ),
    )
}

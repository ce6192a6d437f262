"""A new picture: a scene of what the words name, or shapes where they name nothing known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from bot.standins.provider.painter import creatures, floating, flying, land, sky, standing
from bot.standins.provider.painter.abstract import abstract
from bot.standins.provider.painter.canvas import Canvas, Colour, lighter
from bot.standins.provider.painter.light import LIGHTS, Light
from bot.standins.provider.painter.spot import Spot
from bot.standins.provider.painter.wishes import LAND, SKY, THINGS, WATER, Thing, Wish

DRAWERS: Mapping[str, Callable[[Spot], None]] = {
    "kite": flying.kite,
    "balloon": flying.balloon,
    "bird": flying.bird,
    "rocket": flying.rocket,
    "plane": flying.plane,
    "boat": floating.boat,
    "ship": floating.ship,
    "whale": floating.whale,
    "fish": floating.fish,
    "lighthouse": standing.lighthouse,
    "house": standing.house,
    "castle": standing.castle,
    "windmill": standing.windmill,
    "tree": standing.tree,
    "palm": standing.palm,
    "flower": standing.flower,
    "umbrella": standing.umbrella,
    "car": standing.car,
    "cat": creatures.cat,
    "dog": creatures.dog,
    "fox": creatures.fox,
    "rabbit": creatures.rabbit,
    "robot": creatures.robot,
}

SIZES_U: Mapping[str, float] = {
    "kite": 30, "balloon": 30, "bird": 9, "rocket": 34, "plane": 24,
    "boat": 26, "ship": 26, "whale": 22, "fish": 20,
    "lighthouse": 46, "house": 26, "castle": 42, "windmill": 40, "tree": 34, "palm": 38,
    "flower": 26, "umbrella": 28, "car": 22,
    "cat": 36, "dog": 36, "fox": 36, "rabbit": 32, "robot": 38,
}  # fmt: skip
"""Heights in hundredths of the picture's mean side."""

OWN_COLOURS: Mapping[str, tuple[Colour, ...]] = {
    "bird": ((246, 244, 238),),
    "boat": ((246, 244, 238), (214, 54, 50), (240, 176, 72)),
    "whale": ((74, 104, 136),),
    "tree": ((88, 146, 84), (206, 132, 58), (104, 158, 92)),
    "palm": ((62, 138, 84),),
    "cat": ((226, 142, 70), (96, 98, 110), (236, 226, 208)),
    "dog": ((176, 124, 78), (206, 176, 132)),
    "fox": ((222, 112, 48),),
    "rabbit": ((196, 178, 158), (226, 222, 216)),
    "castle": ((88, 108, 170), (176, 70, 70)),
    "lighthouse": ((208, 56, 52),),
    "house": ((236, 214, 170), (214, 112, 92)),
}
"""Colours of things when the words name none."""

USUAL: tuple[Colour, ...] = (
    (214, 54, 50), (44, 104, 196), (238, 126, 44), (246, 200, 60), (66, 150, 88), (122, 70, 168),
)  # fmt: skip

WATERY = frozenset({"sea", "harbour"})
GROUNDS: Mapping[str, Callable[[Canvas, Light, float, random.Random], None]] = {
    "hills": land.hills,
    "mountains": land.mountains,
    "forest": land.forest,
    "desert": land.desert,
    "city": land.city,
}


def scene(width: int, height: int, wish: Wish, chance: random.Random) -> Canvas:
    """A canvas full of what was wished for."""
    if not wish.scenic:
        canvas = Canvas(width, height)
        abstract(canvas, wish.colours, chance)
        return canvas
    light = light_of(wish, chance)
    ground = wish.ground or _ground_for(wish, chance)
    horizon = height * (0.6 if ground in WATERY else 0.64)
    canvas, sun_x = sky.sky(width, height, light, horizon, chance)
    if "rainbow" in wish.weather:
        sky.rainbow(canvas, horizon)
    if ground == "harbour":
        colour = light.far(light.on(light.land), 0.5)
        land.ridge(canvas, horizon, 13 * canvas.unit, colour, chance)
    if ground in WATERY:
        land.sea(canvas, light, horizon, sun_x, chance)
    else:
        GROUNDS[ground](canvas, light, horizon, chance)
    if ground == "harbour":
        land.shore(canvas, light, horizon, chance)
    side = 0.6 if sun_x < width / 2 else 0.4
    things(canvas, wish, light, horizon, chance, on_water=ground in WATERY, side=side)
    weather(canvas, wish, light, chance)
    return canvas


def light_of(wish: Wish, chance: random.Random) -> Light:
    """The time of day that was asked for, else one that suits the weather, else any by day."""
    if wish.time is not None:
        return LIGHTS[wish.time]
    for name in ("rain", "snow"):
        if name in wish.weather:
            return LIGHTS[name]
    if any(thing.kind == "rocket" for thing in wish.things):
        return LIGHTS["space"]
    return LIGHTS[chance.choice(("day", "gold", "gold", "dawn", "sunset"))]


def _ground_for(wish: Wish, chance: random.Random) -> str:
    places = [THINGS[thing.kind] for thing in wish.things]
    if WATER in places or any(thing.kind in {"lighthouse", "palm"} for thing in wish.things):
        return "sea"
    if any(thing.kind == "car" for thing in wish.things):
        return "city"
    return "hills" if LAND in places else chance.choice(("hills", "mountains", "hills"))


def weather(canvas: Canvas, wish: Wish, light: Light, chance: random.Random) -> None:
    """What falls or hangs before everything else."""
    if "fog" in wish.weather:
        sky.fog(canvas, light)
    if "snow" in wish.weather:
        sky.snow(canvas, chance)
    if "rain" in wish.weather:
        sky.rain(canvas, chance)


def things(
    canvas: Canvas,
    wish: Wish,
    light: Light,
    horizon: float,
    chance: random.Random,
    *,
    on_water: bool,
    side: float,
) -> None:
    """Every thing at its place, the far ones first; `side` is where one alone stands."""
    ones = [thing for thing in wish.things for _ in range(min(thing.count, 5))]
    by_place = {
        place: [thing for thing in ones if THINGS[thing.kind] == place]
        for place in (SKY, WATER, LAND)
    }
    if on_water and any(thing.kind != "lighthouse" for thing in by_place[LAND]):
        bank(canvas, light, chance)
    for group in by_place.values():
        spots: list[tuple[Thing, Spot]] = []
        for number, thing in enumerate(group):
            x = _across(number, len(group), side, chance) * canvas.width
            size = SIZES_U[thing.kind] * canvas.unit / (1 + 0.22 * (len(group) - 1))
            y, share = _down(canvas, thing, horizon, chance, on_water=on_water)
            colour = light.on(thing.colour or chance.choice(OWN_COLOURS.get(thing.kind, USUAL)))
            spots.append((thing, Spot(canvas, light, x, y, size * share, colour, chance)))
        for thing, spot in sorted(spots, key=lambda one: one[1].y):
            DRAWERS[thing.kind](spot)


def bank(canvas: Canvas, light: Light, chance: random.Random) -> None:
    """Some land in front of the water, to stand on."""
    colour = light.on((150, 138, 116))
    top = canvas.height - 13 * canvas.unit
    land.ridge(canvas, top, 1.6 * canvas.unit, lighter(colour, 0.16), chance)
    land.ridge(canvas, top + 1.6 * canvas.unit, 1.6 * canvas.unit, colour, chance)


def _across(number: int, count: int, side: float, chance: random.Random) -> float:
    if count == 1:
        return side + chance.uniform(-0.06, 0.06)
    return 0.1 + 0.8 * (number + 0.5 + chance.uniform(-0.16, 0.16)) / count


def _down(
    canvas: Canvas, thing: Thing, horizon: float, chance: random.Random, *, on_water: bool
) -> tuple[float, float]:
    """Where a thing stands in y, and the share of its size that this distance leaves."""
    depth = canvas.height - horizon
    place = THINGS[thing.kind]
    if place == SKY:
        return horizon * chance.uniform(0.34, 0.56), chance.uniform(0.85, 1.0)
    if place == WATER:
        near = chance.uniform(0.22, 0.55)
        return horizon + near * depth, 0.7 + 0.5 * near
    if on_water and thing.kind == "lighthouse":
        return horizon + 0.2 * depth, 1.0
    return canvas.height - canvas.unit * chance.uniform(8.5, 11), 1.0

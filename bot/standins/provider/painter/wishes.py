"""What a prompt's words ask for, as far as the painter knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.standins.provider.painter.canvas import Colour

COLOURS: Mapping[str, Colour] = {
    "red": (214, 54, 50),
    "crimson": (176, 28, 52),
    "orange": (238, 126, 44),
    "yellow": (246, 200, 60),
    "gold": (226, 172, 58),
    "golden": (226, 172, 58),
    "green": (66, 150, 88),
    "emerald": (22, 138, 104),
    "turquoise": (52, 178, 176),
    "teal": (24, 128, 132),
    "blue": (44, 104, 196),
    "navy": (28, 48, 104),
    "purple": (122, 70, 168),
    "violet": (134, 84, 190),
    "pink": (238, 124, 164),
    "brown": (124, 82, 54),
    "black": (38, 38, 46),
    "white": (246, 244, 238),
    "grey": (134, 140, 150),
    "gray": (134, 140, 150),
    "silver": (184, 190, 200),
}

SKY, WATER, LAND = "sky", "water", "land"

THINGS: Mapping[str, str] = {
    "kite": SKY,
    "balloon": SKY,
    "bird": SKY,
    "rocket": SKY,
    "plane": SKY,
    "boat": WATER,
    "ship": WATER,
    "whale": WATER,
    "fish": WATER,
    "lighthouse": LAND,
    "house": LAND,
    "castle": LAND,
    "windmill": LAND,
    "tree": LAND,
    "palm": LAND,
    "flower": LAND,
    "cat": LAND,
    "dog": LAND,
    "fox": LAND,
    "rabbit": LAND,
    "robot": LAND,
    "car": LAND,
    "umbrella": LAND,
}
"""The things that can be drawn, and where they belong."""

ALSO: Mapping[str, str] = {
    "sailboat": "boat",
    "sail": "boat",
    "yacht": "boat",
    "vessel": "ship",
    "steamer": "ship",
    "airplane": "plane",
    "aeroplane": "plane",
    "aircraft": "plane",
    "seagull": "bird",
    "gull": "bird",
    "spaceship": "rocket",
    "kitten": "cat",
    "puppy": "dog",
    "bunny": "rabbit",
    "hare": "rabbit",
    "cottage": "house",
    "cabin": "house",
    "hut": "house",
    "home": "house",
    "fortress": "castle",
    "mill": "windmill",
    "rose": "flower",
    "tulip": "flower",
    "poppy": "flower",
    "pine": "tree",
    "oak": "tree",
    "parasol": "umbrella",
    "taxi": "car",
    "android": "robot",
}

TIMES: Mapping[str, str] = {
    **dict.fromkeys(("night", "midnight", "moon", "moonlight", "stars", "starry"), "night"),
    **dict.fromkeys(("sunset", "dusk", "evening", "twilight"), "sunset"),
    **dict.fromkeys(("dawn", "sunrise", "morning"), "dawn"),
    **dict.fromkeys(("day", "noon", "sunny", "daylight", "summer"), "day"),
    **dict.fromkeys(("space", "galaxy", "planet", "orbit", "cosmos"), "space"),
}

WEATHER: Mapping[str, str] = {
    **dict.fromkeys(("snow", "snowy", "snowing", "winter", "blizzard", "snowfall"), "snow"),
    **dict.fromkeys(("rain", "rainy", "raining", "storm", "stormy", "thunderstorm"), "rain"),
    **dict.fromkeys(("fog", "foggy", "mist", "misty", "haze", "hazy"), "fog"),
    "rainbow": "rainbow",
}

GROUNDS: Mapping[str, str] = {
    **dict.fromkeys(("harbour", "harbor", "port", "quay", "marina", "pier"), "harbour"),
    **dict.fromkeys(
        ("sea", "ocean", "beach", "coast", "shore", "lake", "bay", "island", "waves"), "sea"
    ),
    **dict.fromkeys(("mountain", "mountains", "alps", "peak", "peaks", "volcano"), "mountains"),
    **dict.fromkeys(("forest", "wood", "woods", "jungle"), "forest"),
    **dict.fromkeys(("city", "town", "street", "skyline", "tower", "towers", "village"), "city"),
    **dict.fromkeys(("desert", "dune", "dunes", "sand"), "desert"),
    **dict.fromkeys(("meadow", "field", "fields", "hill", "hills", "garden", "valley"), "hills"),
}

STYLES: Mapping[str, str] = {
    **dict.fromkeys(("monochrome", "greyscale", "grayscale", "noir"), "grey"),
    **dict.fromkeys(("sepia", "vintage", "old", "antique"), "sepia"),
    **dict.fromkeys(("sketch", "pencil", "drawing", "ink", "charcoal"), "sketch"),
    **dict.fromkeys(("watercolour", "watercolor", "painting", "oil", "painted"), "painting"),
    **dict.fromkeys(("pixel", "pixels", "pixelated", "mosaic"), "pixels"),
    **dict.fromkeys(("blur", "blurred", "blurry", "dreamy", "soft", "softly"), "soft"),
    **dict.fromkeys(("poster", "cartoon", "comic", "flat"), "poster"),
    **dict.fromkeys(("mirror", "mirrored", "flip", "flipped"), "mirror"),
    **dict.fromkeys(("upside", "overturned"), "upside"),
    **dict.fromkeys(("invert", "inverted", "negative"), "negative"),
    **dict.fromkeys(("brighter", "bright", "lighter"), "brighter"),
    **dict.fromkeys(("darker", "dark", "gloomy"), "darker"),
}

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "several": 3, "many": 5, "some": 3}
ADDING = frozenset({"add", "put", "place", "include", "insert", "with", "another", "more", "and"})


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to draw, `colour` when the words name one."""

    kind: str
    colour: Colour | None
    count: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A prompt, understood. `colours` are those that belong to no thing."""

    things: tuple[Thing, ...]
    time: str | None
    weather: frozenset[str]
    ground: str | None
    styles: tuple[str, ...]
    colours: tuple[Colour, ...]
    adds: bool

    @property
    def scenic(self) -> bool:
        """Whether there is anything to make a scene of."""
        return bool(self.things or self.time or self.weather or self.ground)


def understand(words: str) -> Wish:
    """Read a prompt."""
    tokens: list[str] = re.findall(r"[a-z]+", words.lower())
    things: dict[str, Thing] = {}
    loose: list[Colour] = []
    colour: Colour | None = None
    count = 1
    age = 0  # words since the last colour or number
    for token in tokens:
        age += 1
        if token in COLOURS:
            if colour is not None:
                loose.append(colour)
            colour, age = COLOURS[token], 0
        elif token in NUMBERS:
            count, age = NUMBERS[token], 0
        elif (kind := _thing(token)) is not None:
            near = age <= 2
            plural = 3 if token.endswith("s") else 1
            number = count if near and count > 1 else plural
            things.setdefault(kind, Thing(kind, colour if near else None, number))
            if colour is not None and not near:
                loose.append(colour)
            colour, count = None, 1
        elif token in TIMES or token in WEATHER:
            continue
        elif age > 2:
            count = 1
    if colour is not None:
        loose.append(colour)
    found = set(tokens)
    return Wish(
        things=tuple(things.values())[:6],
        time=next((TIMES[token] for token in tokens if token in TIMES), None),
        weather=frozenset(WEATHER[token] for token in tokens if token in WEATHER),
        ground=next((GROUNDS[token] for token in tokens if token in GROUNDS), None),
        styles=_styles(tokens, found),
        colours=tuple(loose),
        adds=bool(found & ADDING),
    )


def _thing(token: str) -> str | None:
    for form in (token, token.removesuffix("s"), token.removesuffix("es")):
        kind = ALSO.get(form, form)
        if kind in THINGS:
            return kind
    return None


def _styles(tokens: list[str], found: set[str]) -> tuple[str, ...]:
    styles = [STYLES[token] for token in tokens if token in STYLES]
    if {"black", "white"} <= found:
        styles.append("grey")
    return tuple(dict.fromkeys(styles))

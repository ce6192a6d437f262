"""`easel routes`: every way to a picture, what it can do and costs, and how it has done lately."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from bot.config import Config
from bot.domain.choose import CHEAPEST, FASTEST, UNMEASURED_S
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.pricing import dollars
from bot.domain.quotes import quote_usd_micros
from bot.domain.routes import DrawRequest, Route
from bot.errors import ConfigError
from bot.providers import keys
from bot.providers.registry import Catalogue
from bot.storage.lately import Lately
from bot.terminal import past
from bot.terminal.saying import facts, say
from bot.terminal.tools import catalogue_of

WISH = "A red kite over a harbour at dusk, seen from the water, painted in watercolours."
SQUARE = Stored(BlobKey("0" * 64), "image/png", 1024, 1024, 1_500_000)
WIDTH = 170  # of the table in a pipe or a file, where there is no window to fit


async def show(config: Config) -> None:
    """Print the table. Raises ConfigError, after it, when `EASEL_ROUTES` cannot be used."""
    catalogue = catalogue_of(config)
    ready = keys.providers(catalogue, config)
    wrong: ConfigError | None = None
    order: tuple[str, ...] = ()
    found = await past.by_route(config)
    try:
        order = _order(keys.for_pictures(catalogue, config), found)
    except ConfigError as error:
        wrong = error
    table = Table(title=f"Routes to {catalogue.model}", title_justify="left", box=None)
    for name in ("order", "route", "model", "can", "pictures in", "ratio", "size"):
        table.add_column(name, justify="right" if name == "order" else "left", overflow="fold")
    table.add_column("price", justify="right")
    table.add_column("lately", overflow="fold")
    table.add_column("state", overflow="fold")
    for name in sorted(catalogue.names, key=lambda one: _place(order, one)):
        route = catalogue.route(name)
        closed = keys.why_closed(catalogue, name, ready)
        table.add_row(
            str(order.index(name) + 1) if name in order else "",
            name,
            route.model,
            _can(route),
            _takes(route),
            _spelled(route, route.aspect_key),
            _spelled(route, route.size_key) if route.profile.sizes else "",
            dollars(price_usd_micros(route)),
            told(found.get(name)),
            closed.removeprefix(f"{name} ").partition(",")[0] or "open",
            style="dim" if closed else None,
        )
    output = Console(highlight=False)
    if not output.is_terminal:
        output = Console(highlight=False, width=max(WIDTH, output.width))
    output.print(table)
    _notes(catalogue)
    if wrong is not None:
        raise wrong


def price_usd_micros(route: Route) -> int:
    """The likely price of one picture of the usual size; of one description, if it draws none."""
    pictures = () if route.draws else (SQUARE,)
    words_alone = not (route.draws or route.edits)
    aspect = None if words_alone else "1:1"
    request = DrawRequest(WISH, pictures, (), aspect, in_words=words_alone)
    return quote_usd_micros(route, request)


def told(lately: Lately | None) -> str:
    """How a route has done lately, in a few words."""
    if lately is None:
        return ""
    took = "" if lately.took_s is None else f"{lately.took_s:.1f} s, "
    newest = f", newest: {lately.failure}" if lately.failure else ""
    return f"{took}{lately.drawn} of {lately.asked}{newest}"


def _order(ways: keys.Ways, found: Mapping[str, Lately]) -> tuple[str, ...]:
    """The names in the order in which they are asked for a new picture, or an edit."""

    def seconds(route: Route) -> float:
        took_s = found[route.name].took_s if route.name in found else None
        return UNMEASURED_S if took_s is None else took_s

    if ways.order not in {(CHEAPEST,), (FASTEST,)}:
        return tuple(route.name for route in ways.routes)
    drawing = [route for route in ways.routes if route.draws or route.edits]
    key = price_usd_micros if ways.order == (CHEAPEST,) else seconds
    return tuple(route.name for route in sorted(drawing, key=key))


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _can(route: Route) -> str:
    can = {"draw": route.draws, "edit": route.edits, "words": route.words}
    return ", ".join(name for name, able in can.items() if able)


def _spelled(route: Route, field: str) -> str:
    """How a ratio or size is sent: in a field of its own, or in the words of the prompt."""
    return (field or "in words") if route.draws or route.edits else ""


def _takes(route: Route) -> str:
    if not (route.edits or route.words):
        return ""
    return f"{route.profile.max_inputs}: {', '.join(route.inputs)}"


def _notes(catalogue: Catalogue) -> None:
    """What the table cannot say."""
    console = facts()
    profile = catalogue.profile
    say(
        console,
        f"Ratios: {', '.join(profile.aspects)}. Sizes: {', '.join(profile.sizes) or 'one'}.",
    )
    say(console, f"Models for EASEL_MODEL: {', '.join(catalogue.models)}.")
    say(
        console,
        "Price: the likely one of a picture 1:1, or of a description. Lately: the usual time, and "
        "how many of the last requests were drawn. Which routes rest, a running bot alone knows.",
    )

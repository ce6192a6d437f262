"""`easel draw`: one picture, by the same routes, transport and clean-up as on Discord."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config
from bot.domain.choose import choose
from bot.domain.pricing import dollars
from bot.domain.routes import DrawRequest, Profile
from bot.errors import CommandError, RequestError
from bot.providers import keys
from bot.terminal import past
from bot.terminal.files import as_stored, beside, cleaned, put
from bot.terminal.saying import WORDS_MAX, facts, say
from bot.terminal.tools import catalogue_of, only, opened
from bot.ui.words import plain


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed behind `easel draw`."""

    words: str
    images: tuple[Path, ...]
    aspect: str | None
    size: str | None
    route: str | None
    output: Path
    force: bool


async def draw(config: Config, order: Order) -> None:
    """Draw a picture into a file and say on standard error what it cost.

    All that can be wrong on this side is found before the provider is called, which costs.
    Raises ConfigError, CommandError, RequestError, PictureError or a ProviderError.
    """
    catalogue = catalogue_of(config)
    ways = (
        only(catalogue, config, order.route)
        if order.route
        else keys.for_pictures(catalogue, config)
    )
    _check(order, catalogue.profile)
    console = facts()
    async with opened(config, catalogue) as tools:
        inputs = await cleaned(order.images, catalogue.profile, tools.media, tools.workers)
        words, pictures = order.words.strip(), as_stored(inputs)
        request = DrawRequest(words, pictures, (), order.aspect, order.size)
        speeds = await past.speeds(config, ways.order)
        routes = choose(ways.routes, request, ways.order, speeds)
        if not routes:
            raise CommandError(_nobody(order, ways.order))
        files = [(one.media_type, one.data) for one in inputs]
        with beside(order.output) as unfinished:
            with console.status("Drawing") if console.is_terminal else contextlib.nullcontext():
                drawing = await tools.attempts.draw(
                    routes, request, files, timeout_s=config.timeout_s
                )
            result = drawing.result
            data = result.picture.read()  # of one picture there is room in memory
            media_type, width_px, height_px = await tools.media.probe(data)
            put(data, unfinished, order.output)
    cost, route = dollars(result.cost_usd_micros), drawing.route.name
    picture = f"{media_type}, {width_px} × {height_px}, {len(data):,} bytes"
    paid = f"{drawing.took_s:.1f} s, {cost}, {plain(result.model, 80)}, {route}"
    say(console, f"{order.output}: {picture}; {paid}")
    if result.words:
        say(console, plain(result.words, WORDS_MAX))


def _check(order: Order, profile: Profile) -> None:
    """Everything that can be known without reading a picture."""
    if not order.words.strip():
        raise RequestError("prompt_empty")
    if order.aspect and profile.aspects and order.aspect not in profile.aspects:
        raise CommandError(f"{profile.model} draws these shapes: {', '.join(profile.aspects)}.")
    if order.size and order.size not in profile.sizes:
        sizes = ", ".join(profile.sizes)
        raise CommandError(
            f"{profile.model} draws these sizes: {sizes}."
            if sizes
            else f"{profile.model} has one size; leave --size out, or set another EASEL_MODEL."
        )
    if len(order.images) > profile.max_inputs:
        raise CommandError(f"{profile.model} takes at most {profile.max_inputs} pictures.")
    if order.output.exists() and not order.force:
        raise CommandError(f"{order.output} is there already; --force overwrites it.")
    if order.output.exists() and not order.output.is_file():
        raise CommandError(f"{order.output} is not a file.")


def _nobody(order: Order, names: tuple[str, ...]) -> str:
    """Why no route is left. What depends on the model alone was checked before."""
    task = "change pictures" if order.images else "draw from words alone"
    if order.route:
        return f"The route {order.route} cannot {task}; name another with --route."
    return f"None of EASEL_ROUTES ({', '.join(names)}) can {task}; name another with --route."

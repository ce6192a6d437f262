"""One picture from the terminal, by the same routes, transport and clean-up as on Discord."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.config import Config
from bot.domain.ids import BlobKey
from bot.domain.images import Stored
from bot.domain.pricing import dollars
from bot.domain.routes import DrawRequest, Route
from bot.errors import CommandError, EaselError, PictureError, ProviderRefused, RequestError
from bot.media.pool import Media
from bot.media.sanitize import MAX_INPUT_BYTES, Cleaned
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.registry import load_catalogue
from bot.providers.transport import Transport
from bot.ui import texts
from bot.ui.words import plain
from bot.workers import Workers

WORDS_MAX = 500  # of the model's words that are shown beside a picture
_ESCAPED = re.compile(r"\\([^\w\s])|\u200b|\*\*")


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed behind `easel draw`."""

    words: str
    images: tuple[Path, ...]
    aspect: str | None
    route: str | None
    output: Path
    force: bool


async def draw(config: Config, order: Order) -> None:
    """Draw a picture into a file and say on standard error what it cost.

    All that can be wrong on this side is found before the provider is called, which costs.
    Raises ConfigError, CommandError, RequestError, PictureError or a ProviderError.
    """
    key = config.require_key()
    catalogue = load_catalogue(config.model)
    route = catalogue.route(order.route or config.routes[0])
    _check(order, route)
    provider = catalogue.provider("302ai", key=key, address=config.api_base)
    console = Console(stderr=True, highlight=False)
    async with (
        Workers(2) as workers,
        Fetcher(config.allowed_hosts) as fetcher,
        Transport() as transport,
    ):
        media = Media(workers)
        inputs = await _cleaned(order.images, route, media, workers)
        request = DrawRequest(order.words.strip(), _as_stored(inputs), (), order.aspect)
        files = [(one.media_type, one.data) for one in inputs]
        painter = Painter(transport, fetcher, {provider.name: provider})
        with _beside(order.output) as unfinished:
            started_s = time.monotonic()
            with console.status("Drawing") if console.is_terminal else contextlib.nullcontext():
                result = await painter.draw(route, request, files, timeout_s=config.timeout_s)
            took_s = time.monotonic() - started_s
            media_type, width_px, height_px = await media.probe(result.data)
            _put(result.data, unfinished, order.output)
    cost = dollars(result.cost_usd_micros)
    facts = f"{media_type}, {width_px} × {height_px}, {len(result.data):,} bytes"
    _say(console, f"{order.output}: {facts}; {took_s:.1f} s, {cost}, {result.model}, {route.name}")
    if result.words:
        _say(console, plain(result.words, WORDS_MAX))


def sentence(error: EaselError) -> str:
    """What a person is told about an error, without Discord's markup and limits."""
    values: dict[str, object] = dict(getattr(error, "values", {}))
    if isinstance(error, ProviderRefused) and error.words:
        values["words"] = error.words
    text = texts.sentence(getattr(error, "key", "error"), values)
    return _ESCAPED.sub(r"\1", text).replace(" Your limit is untouched.", "")


def _check(order: Order, route: Route) -> None:
    """Everything that can be known without reading a picture."""
    if not order.words.strip():
        raise RequestError("prompt_empty")
    profile = route.profile
    if order.aspect and profile.aspects and order.aspect not in profile.aspects:
        raise CommandError(f"{profile.model} draws these shapes: {', '.join(profile.aspects)}.")
    if len(order.images) > profile.max_inputs:
        raise CommandError(f"{profile.model} takes at most {profile.max_inputs} pictures.")
    if not (route.edits if order.images else route.draws):
        raise CommandError(f"The route {route.name} cannot do that; name another with --route.")
    if order.output.exists() and not order.force:
        raise CommandError(f"{order.output} is there already; --force overwrites it.")
    if order.output.exists() and not order.output.is_file():
        raise CommandError(f"{order.output} is not a file.")


async def _cleaned(
    images: Sequence[Path], route: Route, media: Media, workers: Workers
) -> list[Cleaned]:
    """The input pictures as they are sent. A sentence about one of them begins with its name."""
    cleaned: list[Cleaned] = []
    for image in images:
        try:
            data = await workers.run(_read, image)
        except OSError as error:
            raise CommandError(f"{image} cannot be read: {error.strerror}.") from error
        try:
            one = await media.clean(
                data,
                max_side_px=route.profile.max_input_side_px,
                max_bytes=route.profile.max_input_bytes,
            )
        except PictureError as error:
            raise CommandError(f"{image}: {sentence(error)}") from error
        cleaned.append(one)
    return cleaned


def _read(image: Path) -> bytes:
    with image.open("rb") as file:
        return file.read(MAX_INPUT_BYTES + 1)  # one more than is taken: it is refused as too large


def _as_stored(pictures: Sequence[Cleaned]) -> tuple[Stored, ...]:
    """The pictures as a request counts them; nothing is stored here."""
    return tuple(
        Stored(
            BlobKey(hashlib.sha256(one.data).hexdigest()),
            one.media_type,
            one.width_px,
            one.height_px,
            len(one.data),
        )
        for one in pictures
    )


@contextlib.contextmanager
def _beside(output: Path) -> Generator[Path]:
    """An empty file in the folder of `output`, which shows that the folder can be written.

    It is gone at the end unless it was moved. Raises CommandError when there can be none.
    """
    unfinished = output.resolve().with_name(f".{output.name}.{os.getpid()}.part")
    try:
        unfinished.touch(exist_ok=False)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _put(data: bytes, unfinished: Path, output: Path) -> None:
    """Write a picture so that `output` is never half of one. Raises CommandError."""
    try:
        unfinished.write_bytes(data)
        unfinished.replace(output.resolve())  # a symbolic link stays one
    except OSError as error:
        raise CommandError(f"{output} could not be written: {error.strerror}.") from error


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)

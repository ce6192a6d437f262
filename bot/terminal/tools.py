"""What a command needs that calls providers: the same parts as the bot's, opened for one call."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.config import Config
from bot.errors import ConfigError
from bot.media.pool import Media
from bot.providers import keys
from bot.providers.attempts import Attempts
from bot.providers.base import Provider
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.health import Health
from bot.providers.keys import Ways
from bot.providers.registry import Catalogue, load_catalogue
from bot.providers.transport import Transport
from bot.workers import Workers


@dataclass(frozen=True, slots=True)
class Tools:
    """Open parts."""

    providers: Mapping[str, Provider]
    workers: Workers
    media: Media
    transport: Transport
    painter: Painter
    attempts: Attempts


@asynccontextmanager
async def opened(config: Config, catalogue: Catalogue) -> AsyncGenerator[Tools]:
    """The parts, open inside `async with`."""
    providers = keys.providers(catalogue, config)
    async with (
        Workers(2) as workers,
        Fetcher(config.allowed_hosts) as fetcher,
        Transport() as transport,
    ):
        painter = Painter(transport, fetcher, providers, catalogue.routes)
        attempts = Attempts(painter, Health())
        yield Tools(providers, workers, Media(workers), transport, painter, attempts)


def catalogue_of(config: Config) -> Catalogue:
    """The catalogue of the configured model. Raises ConfigError."""
    return load_catalogue(config.model, config.catalogue)


def only(catalogue: Catalogue, config: Config, name: str) -> Ways:
    """The one route that a person named. Raises ConfigError when it cannot be asked."""
    if why := keys.why_closed(catalogue, name, keys.providers(catalogue, config)):
        raise ConfigError(why)
    return Ways((catalogue.route(name),), (name,))

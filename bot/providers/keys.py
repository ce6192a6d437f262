"""Which providers and routes the settings open: who has a key or an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config import Config
from bot.domain.choose import CHEAPEST, FASTEST
from bot.domain.routes import Route
from bot.errors import ConfigError
from bot.providers.base import Provider
from bot.providers.registry import Catalogue

SETTINGS: Mapping[str, str] = {
    "302ai": "EASEL_API_KEY",
    "google": "EASEL_GOOGLE_KEY",
    "openrouter": "EASEL_OPENROUTER_KEY",
    "openai-compatible": "EASEL_OPENAI_BASE",
}
"""The setting that opens a provider."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Routes that may be asked, and the order for `bot.domain.choose`."""

    routes: tuple[Route, ...]
    order: tuple[str, ...]


def providers(catalogue: Catalogue, config: Config) -> dict[str, Provider]:
    """The providers that can be called, by name, with their keys.

    Those of the settings need theirs; a provider that an operator's own file adds is called
    without a key.
    """
    keys = {
        "302ai": config.api_key,
        "google": config.google_key,
        "openrouter": config.openrouter_key,
        "openai-compatible": config.openai_key,
    }
    # The default of EASEL_API_BASE must not undo an operator's file.
    addresses = {
        "302ai": config.api_base if "api_base" in config.model_fields_set else "",
        "openai-compatible": config.openai_base,
    }
    found: dict[str, Provider] = {}
    for name in catalogue.providers:
        secret = keys.get(name)
        provider = catalogue.provider(
            name,
            key=secret.get_secret_value() if secret else "",
            address=addresses.get(name, ""),
        )
        keyless = name not in keys or name == "openai-compatible"
        if provider.address and (provider.key or keyless):
            found[name] = provider
    return found


def for_pictures(catalogue: Catalogue, config: Config) -> Ways:
    """The routes that pictures are drawn by: those of `EASEL_ROUTES`.

    Raises ConfigError with one sentence when it names a route that is unknown, has no key or
    answers in words only, or mixes `cheapest` or `fastest` with names.
    """
    ready = providers(catalogue, config)
    names = config.routes
    if CHEAPEST in names or FASTEST in names:
        if len(names) > 1:
            raise ConfigError(
                f"EASEL_ROUTES is either {CHEAPEST} or {FASTEST} or names of routes, not both."
            )
        routes = [
            catalogue.route(name)
            for name in catalogue.names
            if not why_closed(catalogue, name, ready)
        ]
        if not any(route.draws or route.edits for route in routes):
            raise ConfigError(f"No provider has a key: set {SETTINGS['302ai']}.")
        return Ways(tuple(routes), names)
    for name in names:
        if why := why_closed(catalogue, name, ready):
            raise ConfigError(f"EASEL_ROUTES: {why}")
    routes = [catalogue.route(name) for name in dict.fromkeys(names)]
    if not any(route.draws or route.edits for route in routes):
        raise ConfigError("EASEL_ROUTES names no route that draws pictures; chat is one.")
    return Ways(tuple(routes), names)


def for_words(catalogue: Catalogue, config: Config) -> Ways:
    """The routes that answer in words: every open one, those of `EASEL_ROUTES` first.

    Most routes draw only, so the setting does not shut the others out. There may be none.
    """
    ready = providers(catalogue, config)
    routes = [
        route
        for name in catalogue.names
        if (route := catalogue.route(name)).words and not why_closed(catalogue, name, ready)
    ]
    if config.routes in {(CHEAPEST,), (FASTEST,)}:
        return Ways(tuple(routes), config.routes)
    named = list(config.routes)
    routes.sort(key=lambda route: named.index(route.name) if route.name in named else len(named))
    return Ways(tuple(routes), tuple(route.name for route in routes))


def why_closed(catalogue: Catalogue, name: str, ready: Mapping[str, Provider]) -> str:
    """A sentence on why a route cannot be asked with these settings; "" when it can.

    Raises ConfigError for a name that is no route.
    """
    route = catalogue.route(name)
    if name not in catalogue.names:
        asking = [one for one in catalogue.names if catalogue.routes[one].poll == name]
        return f"{name} only collects the results of {' and '.join(asking)}."
    if route.provider in ready:
        return ""
    setting = SETTINGS.get(route.provider)
    if setting is None:
        return f"{name} needs an address for {route.provider}; EASEL_CATALOGUE's file gives none."
    return f"{name} needs {setting}, which is not set."

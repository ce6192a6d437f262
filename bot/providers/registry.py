"""Reads `catalogue.toml`, with an operator's file on top, into routes and providers."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Literal, TypeAlias, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
)

from bot.domain.pricing import Price
from bot.domain.routes import InputForm, Profile, Route
from bot.errors import ConfigError
from bot.providers.base import Provider

Module: TypeAlias = Literal["chat", "chat_async", "gemini", "percall", "asynchronous"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Price(_Row):
    call_usd_micros: NonNegativeInt = 0
    input_usd_micros_per_million: NonNegativeInt = 0
    output_usd_micros_per_million: NonNegativeInt = 0


class _Provider(_Row):
    address: str
    file_hosts: tuple[str, ...] = ()
    upload_path: str = ""
    upload_usd_micros: NonNegativeInt = 0
    record_path: str = ""
    free_paths: tuple[str, ...] = ()
    free_auth: Literal["bearer", "goog", "none"] = "bearer"
    balance_path: str = ""
    model_prefix: str = ""


class _Wire(_Row):
    module: Module
    history: bool = False
    inputs: tuple[InputForm, ...]
    aspect_key: str = ""
    size_key: str = ""
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    words_extra: dict[str, JsonValue] = Field(default_factory=dict)


class _Profile(_Row):
    aliases: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    max_inputs: NonNegativeInt
    max_input_side_px: PositiveInt
    max_input_bytes: PositiveInt
    successors: tuple[str, ...] = ()
    picture_tokens: tuple[tuple[str, int], ...] = Field(min_length=1)
    price: _Price
    source: str
    date: str


class _Route(_Row):
    provider: str
    wire: str
    method: Literal["GET", "POST"] = "POST"
    path: str
    query: dict[str, str] = Field(default_factory=dict)
    auth: Literal["bearer", "goog", "none"]
    draws: bool = False
    edits: bool = False
    words: bool = False
    history: bool | None = None  # None: as the wire has it
    inputs: tuple[InputForm, ...] | None = None
    aspect_key: str | None = None
    size_key: str | None = None
    models: tuple[str, ...] = ()  # empty: every model
    poll: str = ""
    price: _Price | None = None  # None: the model's list price
    source: str
    date: str
    note: str = ""


class _File(_Row):
    providers: dict[str, _Provider]
    wires: dict[str, _Wire]
    profiles: dict[str, _Profile]
    routes: dict[str, _Route]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The routes for one model, by name, in the order of the file."""

    model: str
    profile: Profile
    routes: Mapping[str, Route]
    providers: Mapping[str, Provider]
    models: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the routes that answer a request; results of others are not among them."""
        polled = {route.poll for route in self.routes.values()}
        return tuple(name for name in self.routes if name not in polled)

    def route(self, name: str) -> Route:
        """The route of that name. Raises ConfigError, with the nearest name, when there is none."""
        if found := self.routes.get(name):
            return found
        near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.0)
        raise ConfigError(
            f"{name} is not a route for {self.model}; did you mean {near[0]}?"
            if near
            else f"There are no routes for {self.model}."
        )

    def provider(self, name: str, *, key: str = "", address: str = "") -> Provider:
        """A provider with its key, and another address than the file's when one is given."""
        row = self.providers[name]
        return replace(row, key=key, address=address or row.address)


def load_catalogue(model: str, override: Path | None = None) -> Catalogue:
    """The catalogue for a model, which may be one that the file does not know.

    `override` is an operator's file of the same form; its fields replace the catalogue's.
    Raises ConfigError with one sentence when a file is missing or wrong.
    """
    text = resources.files("bot.providers").joinpath("catalogue.toml").read_text("utf-8")
    data: dict[str, object] = tomllib.loads(text)
    where = "The catalogue"
    if override is not None:
        where = str(override)
        try:
            data = _merged(data, tomllib.loads(override.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{where} cannot be read: {error}.") from None
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise ConfigError(f"{where}: {place}: {problem['msg']}.") from None
    _check_names(file, where)
    return _catalogue(file, model)


def _merged(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(under)
    for name, value in over.items():
        old = merged.get(name)
        # A price is replaced whole: a price by the call is not one by tokens besides.
        if isinstance(old, dict) and isinstance(value, dict) and name != "price":
            value = _merged(cast("dict[str, object]", old), cast("dict[str, object]", value))
        merged[name] = cast("object", value)
    return merged


def _check_names(file: _File, where: str) -> None:
    for name, route in file.routes.items():
        _known(f"{where}: routes.{name}.provider", route.provider, file.providers)
        _known(f"{where}: routes.{name}.wire", route.wire, file.wires)
        if route.poll:
            _known(f"{where}: routes.{name}.poll", route.poll, file.routes)


def _known(place: str, name: str, known: Iterable[str]) -> None:
    if name not in (names := list(known)):
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
        raise ConfigError(f"{place}: {name} is not known; did you mean {near[0]}?")


def _catalogue(file: _File, model: str) -> Catalogue:
    names = {alias: name for name, row in file.profiles.items() for alias in row.aliases}
    known = model if model in file.profiles else names.get(model, "*")
    row = file.profiles[known]
    profile = Profile(
        model=model,
        aspects=row.aspects,
        sizes=row.sizes,
        max_inputs=row.max_inputs,
        max_input_side_px=row.max_input_side_px,
        max_input_bytes=row.max_input_bytes,
        successors=tuple(name for name in row.successors if name != model),
        picture_tokens=row.picture_tokens,
    )
    routes = {
        name: _route(file, name, route, profile, known)
        for name, route in file.routes.items()
        if not route.models or known in route.models
    }
    providers = {
        name: Provider(
            name,
            one.address.rstrip("/"),
            "",
            one.file_hosts,
            one.upload_path,
            one.upload_usd_micros,
            one.record_path,
            one.free_paths,
            one.free_auth,
            one.balance_path,
        )
        for name, one in file.providers.items()
    }
    models = tuple(name for name in file.profiles if name != "*")
    return Catalogue(model, profile, routes, providers, models)


_PAGE_MODEL = "gemini-2.5-flash-image"
"""The model that the routes' own prices are for."""


def _route(file: _File, name: str, row: _Route, profile: Profile, known: str) -> Route:
    wire = file.wires[row.wire]
    prefix = file.providers[row.provider].model_prefix
    model = profile.model if "/" in profile.model else prefix + profile.model
    aspect_key = wire.aspect_key if row.aspect_key is None else row.aspect_key
    priced = row.price if known in {_PAGE_MODEL, "*"} else None
    price = priced or (_Price() if row.method == "GET" else file.profiles[known].price)
    return Route(
        name=name,
        provider=row.provider,
        wire=wire.module,
        method=row.method,
        path=row.path.replace("{model}", model),
        auth=row.auth,
        profile=profile,
        price=Price(**price.model_dump()),
        draws=row.draws,
        edits=row.edits,
        history=wire.history if row.history is None else row.history,
        aspect_field=bool(aspect_key),
        inputs=wire.inputs if row.inputs is None else row.inputs,
        model=model,
        words=row.words,
        query=tuple(row.query.items()),
        aspect_key=aspect_key,
        size_key=wire.size_key if row.size_key is None else row.size_key,
        extra=tuple(wire.extra.items()),
        words_extra=tuple(wire.words_extra.items()),
        poll=row.poll,
        source=row.source if priced else f"{file.profiles[known].source}; {row.source}",
        date=row.date,
        note=row.note,
    )

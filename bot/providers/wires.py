"""The wire formats by the name that the catalogue has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from bot.domain.routes import DrawRequest, Route
from bot.providers.base import HttpAnswer, HttpRequest, Input, Outcome
from bot.providers.wire import asynchronous, chat, chat_async, gemini, percall


class Wire(Protocol):
    """A module of `bot/providers/wire`."""

    def build(self, request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest:
        """The request to send."""
        ...

    def parse(self, answer: HttpAnswer, route: Route) -> Outcome:
        """What the answer means."""
        ...


class LaterWire(Wire, Protocol):
    """A wire whose answer is asked for with an id."""

    def poll(self, route: Route, request_id: str) -> HttpRequest:
        """The question for a result."""
        ...

    def parse_result(self, answer: HttpAnswer, route: Route, request_id: str) -> Outcome:
        """What the answer to it means."""
        ...


LATER_WIRES: Mapping[str, LaterWire] = MappingProxyType(
    {"asynchronous": asynchronous, "chat_async": chat_async}
)
WIRES: Mapping[str, Wire] = MappingProxyType(
    {"chat": chat, "gemini": gemini, "percall": percall, **LATER_WIRES}
)

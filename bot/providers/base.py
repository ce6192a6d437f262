"""What a wire turns a request into, and what it reads out of an answer. No I/O here.

A wire is a module in `bot/providers/wire/` with two pure functions:

    build(request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest
    parse(answer: HttpAnswer, route: Route) -> Outcome

`parse` gets answers of status 200 only; errors are mapped in `bot/providers/errors.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.domain.pricing import Tokens


@dataclass(frozen=True, slots=True)
class Input:
    """An input picture in the form the route takes: `url`, or base64 text `b64`."""

    media_type: str
    url: str = ""
    b64: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as pure data. `path` is put behind the provider's address."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as pure data. `body` may be large; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture inside the answer, decoded. `media_type` is what the answer says; sniff it."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A picture behind an address. The transport checks the host before it fetches."""

    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The answer holds at least one picture. `words` is the text beside it."""

    pictures: tuple[Inline | Link, ...]
    words: str = ""
    tokens: Tokens | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The answer is text alone."""

    text: str
    tokens: Tokens | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model or a filter declined. `reason` is Google's name for it, or «text»."""

    reason: str
    words: str = ""
    tokens: Tokens | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The work goes on at the provider under this id."""

    request_id: str


Outcome: TypeAlias = Drawn | Words | Refusal | Pending

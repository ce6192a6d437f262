"""What a wire turns a request into, and what it reads out of an answer. No I/O here.

A wire is a module in `bot/providers/wire/` with two pure functions:

    build(request: DrawRequest, route: Route, inputs: Sequence[Input]) -> HttpRequest
    parse(answer: HttpAnswer, route: Route) -> Outcome

`parse` gets answers of status 2xx only; errors are mapped in `bot/providers/errors.py`.
It raises BadAnswer for an answer that cannot be read, and the mapped ProviderError for an
error that came with status 200.

A wire whose answer comes later has two more: `poll(route, request_id) -> HttpRequest` and
`parse_result(answer, route, request_id) -> Outcome`. `route` is then the route of the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.domain.pricing import Tokens
from bot.spool import Received


@dataclass(frozen=True, slots=True)
class Input:
    """An input picture in the form the route takes: `url`, or base64 text `b64`."""

    media_type: str
    url: str = ""
    b64: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a route's calls go. An empty `key` sends no authorisation (a server of one's own).

    `file_hosts` are the hosts its result pictures may lie on; `upload_path` takes input
    pictures (empty: it has no upload); `record_path` tells a call's true cost. `free_paths` are
    calls that cost nothing and show whether key and model are accepted (`{model}` in one stands
    for the model's name); `balance_path` tells what is left of the account.
    """

    name: str
    address: str
    key: str = field(default="", repr=False)
    file_hosts: tuple[str, ...] = ()
    upload_path: str = ""
    upload_usd_micros: int = 0
    record_path: str = ""
    free_paths: tuple[str, ...] = ()
    free_auth: str = "bearer"
    balance_path: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send as a form's field `name`."""

    name: str
    filename: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as pure data. `path` is put behind the provider's address."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Mapping[str, object] | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as pure data; header names are in lower case.

    In place of the long base64 runs of its JSON, `body` has markers (`bot/providers/lift.py`);
    `runs` are the pictures that they stand for.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    runs: tuple[Received, ...] = ()

    @property
    def request_id(self) -> str:
        """The provider's name for this call (302.AI: header `request-id`), or ""."""
        return self.headers.get("request-id") or self.headers.get("x-request-id", "")


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture inside the answer, decoded. `media_type` is what the answer says; sniff it."""

    media_type: str
    picture: Received


@dataclass(frozen=True, slots=True)
class Link:
    """A picture behind an address. The transport checks the host before it fetches."""

    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The answer holds at least one picture. `words` is the text beside it.

    `paid_usd_micros` is the provider's own figure, where the answer has one (OpenRouter).
    """

    pictures: tuple[Inline | Link, ...]
    words: str = ""
    tokens: Tokens | None = None
    model: str = ""
    paid_usd_micros: int | None = None


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

"""The endpoints that draw, as data: path, key, and the two functions of their wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from bot.standins.provider import chat, google, submit
from bot.standins.provider.asks import Ask, Incoming, Looks, Shape
from bot.standins.provider.calls import Said
from bot.standins.provider.errors import FAMILIES, USUAL, Family

Read: TypeAlias = Callable[[Incoming], Ask]
Write: TypeAlias = Callable[[Ask, Said, Looks], dict[str, object]]


class Queue(Enum):
    """When a call is answered with a ticket instead of a picture."""

    NEVER = "never"
    ASYNC = "?async=true"  # mechanism A
    RUN_ASYNC = "?run_async=true"  # mechanism B
    REQUEST_ID = "always"  # mechanism C, endpoints 9 and 10


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way to ask. `family` is the route's name as far as it is known before the body."""

    family: str
    path: str
    read: Read
    write: Write
    auth: str = "bearer"  # or `goog`
    errors: Family = USUAL
    queue: Queue = Queue.ASYNC


def _chat(ask: Ask, said: Said, looks: Looks) -> dict[str, object]:
    return chat.write(ask, said, looks.shape)


def _openrouter(ask: Ask, said: Said, looks: Looks) -> dict[str, object]:
    del looks
    return chat.write(ask, said, Shape.IMAGES)


_GOOGLE = "/models/{model}:generateContent"
_SUBMIT = "/302/submit/gemini-2.5-flash-image"

ENDPOINTS = (
    Endpoint("chat", "/v1/chat/completions", chat.read, _chat),
    Endpoint("gemini", f"/v1beta{_GOOGLE}", google.read, google.write, auth="goog"),
    Endpoint("gemini", f"/v1/v1beta{_GOOGLE}", google.read, google.write, auth="goog"),
    Endpoint("original", "/google/v1/models/{model}", google.read_original, google.write),
    Endpoint("per-call-image", _SUBMIT, submit.read_image, submit.write),
    Endpoint("per-call-edit", f"{_SUBMIT}-edit", submit.read_edit, submit.write),
    Endpoint(
        "async-image",
        f"{_SUBMIT}-async",
        submit.read_image_async,
        submit.write,
        queue=Queue.REQUEST_ID,
    ),
    Endpoint(
        "async-edit",
        f"{_SUBMIT}-edit-async",
        submit.read_edit_async,
        submit.write,
        queue=Queue.REQUEST_ID,
    ),
    Endpoint(
        "unified",
        "/302/v2/image/generate",
        submit.read_unified,
        submit.write_unified,
        queue=Queue.RUN_ASYNC,
    ),
    Endpoint(
        "openrouter",
        "/api/v1/chat/completions",
        chat.read_openrouter,
        _openrouter,
        errors=FAMILIES["openrouter"],
        queue=Queue.NEVER,
    ),
    Endpoint(
        "google",
        f"/google.own/v1beta{_GOOGLE}",
        google.read_own,
        google.write,
        auth="goog",
        errors=FAMILIES["google"],
        queue=Queue.NEVER,
    ),
)

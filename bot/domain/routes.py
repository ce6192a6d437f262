"""Routes: a provider's address, a wire format and what the model can do, with a price."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversations import Line
from bot.domain.images import Stored
from bot.domain.pricing import Price


class InputForm(StrEnum):
    """How a route takes input pictures."""

    URL = "url"
    INLINE = "inline"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model can do. `aspects` may be empty: then the words carry the ratio.

    `picture_tokens` are the tokens of one picture by size; the first is the usual one, under
    the size "" for a model that has no choice of size.
    """

    model: str
    aspects: tuple[str, ...]
    sizes: tuple[str, ...]
    max_inputs: int
    max_input_side_px: int
    max_input_bytes: int
    successors: tuple[str, ...] = ()
    picture_tokens: tuple[tuple[str, int], ...] = (("", 1_290),)


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a picture. `name` is what `EASEL_ROUTES` lists.

    `model` is the model's name as this provider spells it. `aspect_key` and `size_key` are the
    spellings of those fields, empty where the route has none; `aspect_field` says the former.
    `words` means that it answers in words when asked to. `poll` names the route that has the
    result of an asynchronous one. `extra` are fields that each request's body carries,
    `words_extra` those that it carries instead when words are asked for.
    """

    name: str
    provider: str
    wire: str
    method: str
    path: str
    auth: str
    profile: Profile
    price: Price
    draws: bool
    edits: bool
    history: bool
    aspect_field: bool
    inputs: tuple[InputForm, ...]
    model: str = ""
    words: bool = False
    query: tuple[tuple[str, str], ...] = ()
    aspect_key: str = ""
    size_key: str = ""
    extra: tuple[tuple[str, object], ...] = ()
    words_extra: tuple[tuple[str, object], ...] = ()
    poll: str = ""
    source: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What a wire turns into an HTTP request. `pictures[0]` is the one to work on.

    `in_words` asks for an answer in words instead of a picture.
    """

    words: str
    pictures: tuple[Stored, ...] = ()
    history: tuple[Line, ...] = ()
    aspect: str | None = None
    size: str | None = None
    in_words: bool = False

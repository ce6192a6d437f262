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
    """What a model can do. `aspects` may be empty: then the words carry the ratio."""

    model: str
    aspects: tuple[str, ...]
    sizes: tuple[str, ...]
    max_inputs: int
    max_input_side_px: int
    max_input_bytes: int
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a picture. `name` is what `EASEL_ROUTES` lists."""

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


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What a wire turns into an HTTP request. `pictures[0]` is the one to work on."""

    words: str
    pictures: tuple[Stored, ...] = ()
    history: tuple[Line, ...] = ()
    aspect: str | None = None
    size: str | None = None

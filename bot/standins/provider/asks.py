"""What every wire is read into, and what each shows of the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.standins.provider.errors import ApiError, bad_request
from bot.standins.provider.pictures import FileHost, Received

PIXELS = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "21:9": (1536, 672),
}
"""Ratio → pixels of gemini-2.5-flash-image, from Google's documentation."""

FURTHER_PIXELS = {"1:4": (512, 2048), "4:1": (2048, 512), "1:8": (352, 2816), "8:1": (2816, 352)}
"""The further ratios of gemini-3.1-flash-image; the sizes are an estimate."""

PICTURE_TOKENS = 1290  # one picture, in or out, Google's pricing page

SIZES = {"512": 0.5, "1K": 1.0, "2K": 2.0, "4K": 4.0}

PICTURE_MODELS = frozenset(
    {
        "gemini-2.5-flash-image",
        "gemini-2.5-flash-image-preview",
        "gemini-3-pro-image",
        "gemini-3-pro-image-preview",
        "gemini-3.1-flash-image",
        "gemini-3.1-flash-image-preview",
        "gemini-3.1-flash-lite-image",
        "gemini-nano-banana-2.1",
    }
)
WORD_MODELS = frozenset({"gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-flash-preview"})

RATIO_IN_WORDS = re.compile(r"(?<![\d:])(\d{1,2}:\d{1,2})(?![\d:])")


class Shape(StrEnum):
    """How an answer is written; the last three hold for every wire, the others for chat."""

    MARKDOWN_LINK = "markdown_link"
    MARKDOWN_DATA = "markdown_data"
    BARE_LINK = "bare_link"
    BARE_DATA = "bare_data"
    BARE_BASE64 = "bare_base64"
    PARTS = "parts"
    IMAGES = "images"
    IMAGE = "image"
    TEXT_AND_PICTURE = "text_and_picture"
    TEXT = "text"
    EMPTY = "empty"


LINKED = frozenset({Shape.MARKDOWN_LINK, Shape.BARE_LINK, Shape.PARTS, Shape.TEXT_AND_PICTURE})


@dataclass(frozen=True, slots=True)
class Looks:
    """Which of the documented spellings the answers use.

    `google` is `url`, `b64_json`, `snake` or `both`, and empty for what was asked; `submit` is
    `images`, `output`, `outputs` or `image_url`. A fault of the link needs one that has a link.
    """

    shape: Shape
    google: str = ""
    submit: str = "images"
    link_needed: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request's contents, before anything is checked."""

    model: str  # from the path, or empty
    body: Mapping[str, object]
    query: Mapping[str, str]
    files: FileHost
    models: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that was understood. `pictures[0]` is the one to work on."""

    route: str
    model: str
    words: str
    turn: int = 1
    pictures: tuple[Received, ...] = ()
    aspect: str | None = None
    size: str = "1K"
    in_words: bool = False  # the answer is text
    form: str = ""  # `url`, `b64_json` or empty: which form was asked for
    json_answer: bool = False  # the text is to be JSON


def known_model(model: str, models: frozenset[str]) -> str:
    """The model's name. An unknown or withdrawn one has no channel. Raises ApiError 503."""
    if model not in models:
        raise ApiError(503, -10008, f"No available channel for model {model}")
    return model


def ratio_in(words: str) -> str | None:
    """The ratio that a prompt names, or None."""
    for found in RATIO_IN_WORDS.finditer(words):
        if found[1] in PIXELS or found[1] in FURTHER_PIXELS:
            return found[1]
    return None


def ratio(value: object, where: str, *, model: str) -> str | None:
    """A ratio field, None when it is not given. Raises ApiError 400."""
    if value is None:
        return None
    if isinstance(value, str) and (value in PIXELS or ("3.1" in model and value in FURTHER_PIXELS)):
        return value
    raise bad_request(f"{where}: {value!r} is not a ratio of this model")


def size(value: object, where: str, *, model: str) -> str:
    """An image size field. Raises ApiError 400."""
    if value is None:
        return "1K"
    if isinstance(value, str) and value in SIZES and not model.startswith("gemini-2.5"):
        return value
    raise bad_request(f"{where}: {value!r} is not a size of this model")


def output_px(ask: Ask) -> tuple[int, int]:
    """The size of the picture to make: by the ratio asked for, else that of the input."""
    table = PIXELS | FURTHER_PIXELS
    if ask.aspect is not None:
        width, height = table[ask.aspect]
    elif ask.pictures:
        first = ask.pictures[0]
        shape = first.width_px / first.height_px
        width, height = min(PIXELS.values(), key=lambda px: abs(px[0] / px[1] - shape))
    else:
        width, height = PIXELS["1:1"]
    scale = SIZES[ask.size]
    return round(width * scale), round(height * scale)

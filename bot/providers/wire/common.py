"""What the wires share: finding pictures in text and in values, and counting tokens.

All patterns are possessive or exclude their own beginning, so that they take linear time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from bot.domain.pricing import Tokens
from bot.domain.routes import DrawRequest, Route
from bot.errors import RequestError
from bot.providers.base import Inline, Input, Link
from bot.providers.lift import Lifted

Found: TypeAlias = Inline | Link

_DATA = r"data:(image/[\w.+-]++)(?:;(?!base64,)[\w.=-]++)*+;base64,"
MARKDOWN_DATA = re.compile(
    r"!?\[[^\[\]\n]*+\]\(\s*+<?" + _DATA + r"([A-Za-z0-9+/=_\s-]++)>?[^()\n]*+\)?"
)
MARKDOWN_LINK = re.compile(
    r"!\[[^\[\]\n]*+\]\(\s*+<?(https?://(?:[^\s<>()\"]|\([^\s<>()\"]*+\))++)>?[^()\n]*+\)?"
)
BARE_DATA = re.compile(_DATA + r"\s*+([A-Za-z0-9+/=_-]++)")
BARE_LINK = re.compile(r"https?://[^\s<>()\"'\[\]`]++")
_MARKDOWN_ANY = re.compile(r"\[[^\[\]\n]*+\]\(\s*+<?(https?://[^\s<>()]++)>?[^()\n]*+\)")
_IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|webp|gif|avif)$", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]++={0,2}\s*+")
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")

_REFUSING = frozenset(
    {
        "BLOCKLIST",
        "CONTENT_FILTER",
        "IMAGE_OTHER",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "IMAGE_SAFETY",
        "LANGUAGE",
        "NO_IMAGE",
        "OTHER",
        "PROHIBITED_CONTENT",
        "RECITATION",
        "SAFETY",
        "SPII",
    }
)


def refusing(reason: object) -> str:
    """A finish reason that means «declined», in capitals, or ""."""
    name = reason.upper() if isinstance(reason, str) else ""
    return name if name in _REFUSING else ""


def check_inputs(route: Route, inputs: Sequence[Input]) -> None:
    """Raises RequestError (`too_many_pictures`) when there are more than the model takes."""
    allowed = route.profile.max_inputs
    if len(inputs) > allowed:
        raise RequestError("too_many_pictures", limit=allowed, given=len(inputs))


def with_aspect(request: DrawRequest, route: Route) -> str:
    """The wish, with the ratio and size in words where the route has no field for them."""
    said = [request.words]
    if request.aspect and not route.aspect_key:
        said.append(f"Aspect ratio {request.aspect}.")
    if request.size and not route.size_key:
        said.append(f"Resolution {request.size}.")
    return "\n\n".join(said)


def address(one: Input) -> str:
    """An input as an address: its own, or a data URI."""
    return one.url or f"data:{one.media_type};base64,{one.b64}"


def clean(text: str) -> str:
    """A text that can be stored and posted: no NUL, no half surrogate pairs, no blank edges."""
    text = text.replace("\0", "").encode("utf-8", "replace").decode()
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def mapping(value: object) -> Mapping[str, object]:
    """The value when it is an object, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    """The value when it is a list, nothing for null or "", else a list of it alone."""
    if isinstance(value, list):
        return cast("list[object]", value)
    return () if value is None or value == "" else (value,)


def string(value: object) -> str:
    """The value when it is a text, else ""."""
    return value if isinstance(value, str) else ""


def first_string(value: Mapping[str, object], *names: str) -> str:
    """The first of these fields that is a text with something in it."""
    return next((found for name in names if (found := string(value.get(name)))), "")


def tokens(usage: object, input_name: str, output_name: str) -> Tokens | None:
    """The counts of a usage object, or None when it has none worth the name."""
    fields = mapping(usage)
    counts = [count(fields.get(name)) for name in (input_name, output_name)]
    if counts[0] is None and counts[1] is None:
        return None
    found = Tokens(counts[0] or 0, counts[1] or 0)
    return found if found.input or found.output else None


def count(value: object) -> int | None:
    """A number that counts something, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) and 0 <= value < 1 << 31 else None


def inline(lifted: Lifted, media_type: str, text: str) -> Inline | None:
    """A picture from base64 text, or None when it is not base64."""
    data = lifted.decode(text)
    return None if data is None else Inline(media_type.lower(), data)


def _unnamed(lifted: Lifted, text: str) -> Inline | None:
    """A picture from base64 that nothing says is one: by its first bytes."""
    found = inline(lifted, "", text)
    if found is None:
        return None
    head = found.picture.head
    return found if head.startswith(_BEGINNINGS) or head[4:8] == b"ftyp" else None


def picture(lifted: Lifted, value: object, depth: int = 3) -> Found | None:
    """A picture in a value: an address, a data URI, base64, or an object that holds one."""
    if isinstance(value, str):
        value = value.strip()
        if value.startswith(("https://", "http://")):
            return Link(value)
        if found := BARE_DATA.match(value):
            return inline(lifted, found[1], found[2])
        return _unnamed(lifted, value)
    fields = mapping(value)
    if not fields or not depth:
        return None
    for name in ("image_url", "url", "inlineData", "inline_data", "source", "image"):
        if (inner := fields.get(name)) and (found := picture(lifted, inner, depth - 1)):
            return found
    media_type = first_string(fields, "mimeType", "mime_type", "media_type", "content_type")
    for name in ("data", "b64_json"):
        text = string(fields.get(name)).strip()
        if text.startswith(("https://", "http://", "data:")):
            return picture(lifted, text)
        if text and (found := inline(lifted, media_type, text)):
            return found
    return None


def pictures(lifted: Lifted, values: object) -> tuple[Found, ...]:
    """The pictures of a list of values."""
    found = (picture(lifted, value) for value in items(values))
    return tuple(one for one in found if one)


def take(
    pattern: re.Pattern[str], text: str, read: Callable[[re.Match[str]], Found | None]
) -> tuple[tuple[Found, ...], str]:
    """The pictures that a pattern finds in a text, and the text without them."""
    found: list[Found] = []

    def replace(match: re.Match[str]) -> str:
        one = read(match)
        if one is None:
            return match[0]
        found.append(one)
        return ""

    rest = pattern.sub(replace, text)
    return tuple(found), rest


def in_text(lifted: Lifted, text: str) -> tuple[tuple[Found, ...], str]:
    """The pictures in a text, by the first way of writing them that finds one; and the rest.

    The order: Markdown data URI, Markdown link, bare data URI, bare link that ends in an
    image type; then a text that is one address, or base64 of a picture, alone.
    """
    found, rest = take(MARKDOWN_DATA, text, lambda match: inline(lifted, match[1], match[2]))
    if found:
        return found, rest
    found, rest = take(MARKDOWN_LINK, text, lambda match: Link(match[1]))
    if found:
        return _once(found), _without(rest, found)
    found, rest = take(BARE_DATA, text, lambda match: inline(lifted, match[1], match[2]))
    if found:
        return found, rest
    found, rest = take(BARE_LINK, text, _image_link)
    if found:
        return _once(found), rest
    alone = text.strip()
    if BARE_LINK.fullmatch(alone):
        return (Link(alone),), ""
    if len(alone) >= 16 and _BASE64.fullmatch(alone):
        only = _unnamed(lifted, alone)
        if only:
            return (only,), ""
    return (), text


def _image_link(match: re.Match[str]) -> Link | None:
    url = match[0].rstrip(".,;:!?*")
    return Link(url) if _IMAGE_PATH.search(re.split(r"[?#]", url, maxsplit=1)[0]) else None


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each address once: some relays show a picture and offer it for download below."""
    return tuple(dict.fromkeys(found))


def _without(text: str, found: Iterable[Found]) -> str:
    """A text without further links to the pictures that were taken out of it."""
    urls = {one.url for one in found if isinstance(one, Link)}
    return _MARKDOWN_ANY.sub(lambda match: "" if match[1] in urls else match[0], text)

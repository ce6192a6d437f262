"""What the server was asked and what it answered: kept for the tests to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from bot.standins.provider.pictures import Received

SECRET_HEADERS = frozenset({"authorization", "x-goog-api-key"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived. `key` is `right`, `wrong` or `missing`; its value is not kept.

    `route` is the catalogue's name (`chat`, `gemini-edit`, …) or that of a support endpoint:
    `task-result`, `unified`, `unified-result`, `models`, `balance`, `record`, `prices`,
    `upload`, `file`. `body` is the parsed JSON body, None without one.
    """

    route: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    key: str
    body: object
    pictures: tuple[Received, ...]
    request_id: str
    at_s: float  # Unix time of arrival


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture that the server made, `url` being its address on the file host."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What one call was answered with, whatever the wire; `billed_usd_micros` is its cost.

    A call whose connection was cut is here too when it was drawn: it is billed.
    """

    request_id: str
    route: str
    model: str
    pictures: tuple[Painted, ...]
    text: str
    refusal: str  # the fault's kind, or empty
    reason: str  # Google's name for the refusal
    input_tokens: int
    output_tokens: int
    billed_usd_micros: int
    took_s: float


def without_bytes(call: Call) -> Call:
    """A call that is long past: what was said stays, pictures leave their hash."""
    bare = tuple(replace(picture, data=b"") for picture in call.pictures)
    return replace(call, body=shortened(call.body), pictures=bare)


def headers_without_key(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names in lower case; the key's value is left out, its scheme stays."""
    kept: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower in SECRET_HEADERS:
            value = "Bearer …" if value.startswith("Bearer ") else "…"
        kept[lower] = value
    return kept


def as_json(call: Call) -> dict[str, object]:
    """A call for other processes; pictures as hashes, the body without their base64."""
    return {
        "route": call.route,
        "method": call.method,
        "path": call.path,
        "query": dict(call.query),
        "headers": dict(call.headers),
        "key": call.key,
        "body": shortened(call.body),
        "pictures": [
            {
                "sha256": picture.sha256,
                "size_bytes": picture.size_bytes,
                "media_type": picture.media_type,
                "width_px": picture.width_px,
                "height_px": picture.height_px,
                "source": picture.source,
            }
            for picture in call.pictures
        ],
        "request_id": call.request_id,
        "at_s": call.at_s,
    }


def shortened(value: object) -> object:
    """JSON with every long text cut to its beginning."""
    if isinstance(value, str):
        return value if len(value) <= 4000 else f"{value[:60]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [shortened(one) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        return {name: shortened(one) for name, one in named.items()}
    return value

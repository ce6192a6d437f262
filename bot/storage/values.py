"""Domain values as JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast

from bot.domain.ids import BlobKey, JobId
from bot.domain.images import AttachmentSource, BlobSource, Source, Stored, TurnSource
from bot.domain.jobs import Wish


def from_stored(picture: Stored) -> dict[str, object]:
    """A picture as JSON."""
    return asdict(picture)


def to_stored(value: Mapping[str, Any]) -> Stored:
    """A picture from JSON."""
    return Stored(
        BlobKey(value["key"]),
        value["media_type"],
        value["width_px"],
        value["height_px"],
        value["size_bytes"],
    )


def from_source(source: Source) -> dict[str, object]:
    """Where a picture comes from, with its kind."""
    match source:
        case AttachmentSource():
            return {"kind": "attachment", **asdict(source)}
        case TurnSource(turn):
            return {"kind": "turn", "turn": turn}
        case BlobSource(picture, of):
            kept = from_stored(picture)
            origin = {} if of is None else {"of": from_source(of)}
            return {"kind": "blob", "picture": kept, **origin}


def to_source(value: Mapping[str, Any]) -> Source:
    """Where a picture comes from. Raises ValueError for a kind that is not known here."""
    if value["kind"] != "blob":
        return _to_origin(value)
    of: Mapping[str, Any] | None = value.get("of")
    return BlobSource(to_stored(value["picture"]), None if of is None else _to_origin(of))


def _to_origin(value: Mapping[str, Any]) -> AttachmentSource | TurnSource:
    match value["kind"]:
        case "attachment":
            return AttachmentSource(
                value["url"], value["channel_id"], value["message_id"], value["attachment_id"]
            )
        case "turn":
            return TurnSource(JobId(value["turn"]))
        case kind:
            raise ValueError(f"a source of the unknown kind {kind!r}")


def from_wish(wish: Wish) -> dict[str, object]:
    """A wish as JSON."""
    return {**asdict(wish), "sources": [from_source(source) for source in wish.sources]}


def to_wish(value: Mapping[str, Any]) -> Wish:
    """A wish from JSON. Raises ValueError for a source that is not known here."""
    parent: str | None = value["parent"]
    return Wish(
        words=value["words"],
        sources=tuple(to_source(source) for source in value["sources"]),
        parent=None if parent is None else JobId(parent),
        aspect=value["aspect"],
        private=value["private"],
        size=value["size"],
        style=value.get("style"),
        exact=value.get("exact", ""),
        told=value.get("told"),
        region=value.get("region"),
        characters=tuple(value.get("characters", ())),
        spoiler=value.get("spoiler", False),
        subject_id=value.get("subject_id"),
        numbered=value.get("numbered", False),
    )


def plain(value: object) -> object:
    """A value of an error as JSON has it: lists and mappings as such, the unknown as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value)
        return {str(key): plain(item) for key, item in pairs.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in cast("Iterable[object]", value)]
    return str(value)

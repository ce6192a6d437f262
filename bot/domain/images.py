"""Pictures as values: where one comes from, and how one is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.ids import BlobKey, JobId

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
}
"""The picture types Easel reads and posts, with the ending of their files."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in the blob store: its bytes are the file that `key` names."""

    key: BlobKey
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class AttachmentSource:
    """A picture attached on Discord.

    `url` is signed and expires; with `message_id` the message is fetched again for a fresh one.
    """

    url: str
    channel_id: int | None = None
    message_id: int | None = None
    attachment_id: int | None = None


@dataclass(frozen=True, slots=True)
class TurnSource:
    """One of our own pictures, by the job that made it."""

    turn: JobId


@dataclass(frozen=True, slots=True)
class BlobSource:
    """A picture that was cleaned before, and where it was from, to be had anew when it is gone.

    Without `of` it is to be had from here alone: whoever deleted it wanted it gone.
    """

    picture: Stored
    of: AttachmentSource | TurnSource | None = None


Source: TypeAlias = AttachmentSource | TurnSource | BlobSource

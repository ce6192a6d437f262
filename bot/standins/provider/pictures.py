"""The pictures of a request: taken from it, checked as the documentation says, and kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from bot.standins.provider.errors import ApiError, bad_request

LARGEST_BYTES = 7 * 1024 * 1024  # inline limit in Google's documentation of the model
SMALLEST_SIDE_PX = 64
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
DATA_URI = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Received:
    """An input picture as it arrived. `source` is `inline`, `link` or `upload`.

    `data` is empty in calls that are long past; its hash and size stay.
    """

    data: bytes
    media_type: str
    width_px: int
    height_px: int
    source: str
    sha256: str
    size_bytes: int


def received(data: bytes, media_type: str, px: tuple[int, int], source: str) -> Received:
    """An input picture with its hash and size."""
    sha256 = hashlib.sha256(data).hexdigest()
    return Received(data, media_type, *px, source, sha256, len(data))


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the file host."""

    data: bytes
    media_type: str


class FileHost:
    """The files behind the links, at most `room_bytes` of them; the oldest go first."""

    def __init__(self, room_bytes: int = 256 * 1024 * 1024) -> None:
        self.base = ""
        self._room_bytes = room_bytes
        self._held_bytes = 0
        self._files: OrderedDict[str, Kept] = OrderedDict()

    def keep(self, name: str, data: bytes, media_type: str) -> str:
        """Store a file and return its address."""
        old = self._files.pop(name, None)
        self._held_bytes += len(data) - (len(old.data) if old else 0)
        self._files[name] = Kept(data, media_type)
        while self._held_bytes > self._room_bytes and len(self._files) > 1:
            _, gone = self._files.popitem(last=False)
            self._held_bytes -= len(gone.data)
        return f"{self.base}/file/{name}"

    def get(self, name: str) -> Kept | None:
        """The file of that name, or None."""
        return self._files.get(name)

    def behind(self, url: str) -> Kept | None:
        """The file that one of our own links points to, or None."""
        return self.get(url.removeprefix(f"{self.base}/file/"))


@lru_cache(maxsize=8)  # the picture of a conversation comes again with every turn
def check(data: bytes, declared: str, source: str) -> Received:
    """Decode a picture and look at its size. Raises ApiError 400 or 413."""
    if len(data) > LARGEST_BYTES:
        raise ApiError(413, -10003, f"image larger than {LARGEST_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            media_type = TYPES[picture.format or ""]
            width, height = picture.size
            picture.load()
    except (OSError, KeyError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise bad_request("Unable to process input image") from error
    if declared and declared != media_type:
        raise bad_request(f"the image is {media_type}, not {declared}")
    if min(width, height) < SMALLEST_SIDE_PX:
        raise bad_request(f"image smaller than {SMALLEST_SIDE_PX}x{SMALLEST_SIDE_PX}")
    return received(data, media_type, (width, height), source)


def from_base64(text: object, declared: object, where: str) -> Received:
    """A picture as inline base64. Raises ApiError 400 or 413."""
    if not isinstance(text, str) or not text:
        raise bad_request(f"{where}: the data must be base64 text")
    if declared not in TYPES.values():
        raise bad_request(f"{where}: Unsupported MIME type: {declared}")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"{where}: the data is not base64") from error
    return check(data, str(declared), "inline")


def from_link(url: object, files: FileHost, where: str) -> Received:
    """A picture behind a link. Raises ApiError 400 or 413.

    Only our own file host is read: a stand-in must not reach for the network.
    """
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise bad_request(f"{where} must be an http(s) link")
    kept = files.behind(url)
    if kept is None:
        raise bad_request(f"{where}: failed to download the image")
    return check(kept.data, "", "link")


def from_address(url: object, files: FileHost, where: str) -> Received:
    """A picture as a link or as a `data:` URI. Raises ApiError 400 or 413."""
    if isinstance(url, str) and (found := DATA_URI.fullmatch(url)):
        return from_base64(found[2], found[1], where)
    return from_link(url, files, where)

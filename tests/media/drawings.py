"""What the tests of the drawings share: tiles of real and of broken pictures."""

from __future__ import annotations

from bot.domain.sheets import Drawn, Read
from bot.errors import PictureError
from tests.media.pictures import SHARED, opened, photo, png_header, written

NAMES = (
    "Mia",
    "Grüße aus Köln — «straße» 🙂",
    "日本語の言葉",
    "Мария\nat the sea",
    "",
    "\u202eright to left مرحبا",
    "👩\u200d🎨" * 40,
    "words " * 200,
    "a" * 4000,
    "\ud800\0\x1b[31m\U0010ffff",
)


def files() -> list[bytes]:
    """Pictures of many shapes and types, and files that are none."""
    whole = [
        written(photo(*size), form)
        for size, form in (
            ((300, 300), "PNG"),
            ((900, 300), "JPEG"),
            ((200, 700), "WEBP"),
            ((3000, 1), "PNG"),
            ((1, 2000), "PNG"),
            ((1, 1), "GIF"),
        )
    ]
    whole.append(written(photo(200, 200).quantize(16), "PNG", transparency=2))
    broken = [b"", b"words", whole[0][:600], png_header(60_000, 60_000)]
    hostile = sorted((SHARED / "hostile").glob("*.*")) if SHARED.is_dir() else []
    return [*whole, *broken, *(path.read_bytes() for path in hostile)]


def read_of(data: bytes) -> Read:
    return lambda: data


def gone() -> bytes:
    raise PictureError("picture_not_kept")


def lost() -> bytes:
    raise FileNotFoundError


def reads() -> list[Read]:
    return [*map(read_of, files()), gone, lost]


def check(drawn: Drawn, max_bytes: int) -> None:
    assert len(drawn.data) <= max_bytes
    image = opened(drawn.data)
    assert image.size == (drawn.width_px, drawn.height_px)
    assert image.get_format_mimetype() == drawn.media_type

"""Pictures made for tests, and ways to look into written ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageFile

SHARED = Path(__file__).parents[3] / "shared" / "pictures"

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 40), (40, 50, 210), (250, 250, 250)

SECRET = b"here it was taken"


def shared(folder: str) -> list[Path]:
    """The shared pictures of a folder, or one name that `data_of` skips."""
    found = sorted(path for path in (SHARED / folder).glob("*.*") if path.suffix != ".md")
    return found or [SHARED / folder / "missing"]


def data_of(path: Path) -> bytes:
    if not path.is_file():
        pytest.skip(f"{path.parent.name}/{path.name}: the shared pictures are not here")
    return path.read_bytes()


def written(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def opened(data: bytes) -> ImageFile.ImageFile:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def corners(width: int = 160, height: int = 96) -> Image.Image:
    """Red and green above, blue and white below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def photo(width: int = 320, height: int = 240) -> Image.Image:
    """Many colours, soft as a photograph, the same in every run."""
    waves = [
        Image.linear_gradient("L").rotate(angle).resize((width, height)) for angle in (0, 90, 180)
    ]
    return Image.merge("RGB", waves)


def exif(orientation: int | None = None) -> Image.Exif:
    """EXIF with a place on earth, a comment and, if asked for, an orientation."""
    block = Image.Exif()
    block[0x010E] = SECRET.decode()  # ImageDescription
    block[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}  # GPSInfo
    if orientation is not None:
        block[0x0112] = orientation
    return block


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] (untyped in Pillow)


def corner_colours(image: Image.Image) -> list[tuple[int, ...]]:
    """Top left, top right, bottom left, bottom right; a little inside the edges."""
    right, bottom = image.width - 6, image.height - 6
    found = [image.getpixel(at) for at in ((5, 5), (right, 5), (5, bottom), (right, bottom))]
    return [value for value in found if isinstance(value, tuple)]


def alike(one: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The markers and bodies up to the first scan."""
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def png_chunks(data: bytes) -> list[bytes]:
    at, names = 8, list[bytes]()
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return names


def assert_bare(data: bytes) -> None:
    """Nothing is in the file but what the pixels need."""
    if data.startswith(b"\x89PNG"):
        assert set(png_chunks(data)) == {b"IHDR", b"IDAT", b"IEND"}
        return
    allowed = {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, tables, frame
    segments = list(jpeg_segments(data))
    assert {marker for marker, _ in segments} <= allowed
    assert [body[:5] for marker, body in segments if marker == 0xE0] == [b"JFIF\0"]
    assert data.endswith(b"\xff\xd9")


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_header(width: int, height: int) -> bytes:
    """The beginning of an RGB PNG that claims a size; what follows is a single empty row."""
    ihdr = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + ihdr + png_chunk(b"IDAT", zlib.compress(b"\0" * 64))

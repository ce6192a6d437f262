"""The one place where Pillow opens a file, and the limits it does so under.

Pillow's own limits are values of its modules, so they are set here, once, at import.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from bot.errors import PictureError
from bot.media.colours import resizable, to_srgb
from bot.media.scans import check_scans
from bot.media.sniff import sniff

_READERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
# Registered here: else Pillow would import every format it knows in search of these.
_PLUGINS = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

MAX_PIXELS = 100_000_000
"""No picture above this is ever decoded; callers ask for less."""

MAX_READS = 100_000
"""Reads that opening one file may take. A PNG of 50 MiB in chunks of 8 KiB takes about 20,000;
one of empty chunks, made to keep a thread busy for a minute, millions."""

LARGE_PIXELS = 16_000_000
"""Pictures above this are decoded one at a time. With 50 megapixels a WebP takes 770 MiB, a PNG
with alpha 640, a JPEG scaled down to 2048 px 190 (measured); at this size a third."""

_one_large = threading.Lock()

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # its default, all processors, would starve the loop
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# Odd metadata; we drop it all. A filter in each call is no way: it is not safe among threads.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_ORIENTATION = 0x0112  # EXIF 2.32, table 4
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class _CountedReads(io.BytesIO):
    """A file in memory that refuses to be read without end."""

    _left = MAX_READS

    def __repr__(self) -> str:
        return "the file"  # in Pillow's messages, which are to be the same in each run

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise OSError(f"more than {MAX_READS} reads")
        return super().read(size)


@contextmanager
def _as_picture_errors(max_pixels: int) -> Generator[None]:
    """Turn whatever Pillow raises into a PictureError.

    It raises OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError,
    KeyError, TypeError, OverflowError and more for broken files, by format and place.
    """
    try:
        yield
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(max_pixels) from error
    except Exception as error:
        raise PictureError("picture_broken", detail=repr(error)) from error


def too_many_pixels(max_pixels: int) -> PictureError:
    """The error of a picture with more pixels than are decoded."""
    return PictureError("picture_too_many_pixels", limit_megapixels=max_pixels // 1_000_000)


def open_picture(data: bytes, *, max_pixels: int) -> tuple[str, ImageFile.ImageFile]:
    """The media type and the picture with its header read and nothing decoded.

    Raises PictureError: those of `sniff`, `picture_too_many_pixels` (value `limit_megapixels`),
    `picture_broken`.
    """
    media_type = sniff(data)
    with _as_picture_errors(max_pixels):
        if media_type == "image/jpeg":
            check_scans(data)
        image = Image.open(_CountedReads(data), formats=[_READERS[media_type]])
    if image.width * image.height > max_pixels:
        raise too_many_pixels(max_pixels)
    return media_type, image


def verify(image: ImageFile.ImageFile, *, max_pixels: int) -> None:
    """Read the first frame to its last byte. Raises PictureError when it is broken.

    A PNG is not decoded: each of its chunks has a checksum, and the last one a name (IEND), so
    what was cut or changed on the way shows in a twentieth of the time (measured). The other
    formats have no sums, so of them only the decoder can tell. The picture cannot be used after.
    """
    width, height = image.size
    with _as_picture_errors(max_pixels):
        if image.format == "PNG":
            image.verify()
            return
        image.draft(None, (-(-width // 8), -(-height // 8)))  # JPEG: all is read, less computed
        with _room_for(image):
            image.load()


def decode(image: ImageFile.ImageFile, *, max_pixels: int, max_side_px: int) -> Image.Image:
    """The first frame: upright, in sRGB, scaled down to `max_side_px`, without metadata.

    Its mode is RGB, or RGBA where the file has transparency. Raises PictureError.
    """
    size = scaled_size(image.size, max_side_px)
    with _as_picture_errors(max_pixels):
        image.draft(None, size)  # JPEG: decode at 1/2, 1/4 or 1/8 where that is large enough
        with _room_for(image):
            image.load()
            picture = resizable(image)
            if picture.size != size:
                picture = resized(picture, size)
        picture = to_srgb(picture, image.info.get("icc_profile"))
        transpose = _UPRIGHT.get(_orientation(image))
        if transpose is not None:
            picture = picture.transpose(transpose)
        picture.info.clear()  # savers write the profile, comment and text they find here
    return picture


@contextmanager
def _room_for(image: Image.Image) -> Generator[None]:
    if image.width * image.height <= LARGE_PIXELS:
        yield
    else:
        with _one_large:
            yield


def scaled_size(size: tuple[int, int], max_side_px: int) -> tuple[int, int]:
    """A size with its longer side at most `max_side_px`, in proportion, each side at least 1."""
    longer = max(size)
    if longer <= max_side_px:
        return size
    width, height = (max(1, round(side * max_side_px / longer)) for side in size)
    return width, height


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in another size."""
    return image.resize(  # pyright: ignore[reportUnknownMemberType] (its stub names numpy types)
        size, Image.Resampling.LANCZOS, reducing_gap=2.0
    )


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; as it is (1) where the EXIF block cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (as for pictures; a picture is fine without its EXIF)
        return 1

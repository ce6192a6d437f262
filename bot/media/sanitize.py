"""Input pictures: from any file a person uploads to one that is safe to keep and to send.

What comes out holds pixels and nothing else. What was transparent is filled: the model has no
alpha channel, and the colours hidden under transparent pixels (whatever was erased there) must
not be sent. So the result is always opaque: a PNG for pictures of few colours (drawings, logos,
text), where JPEG smears, and a JPEG for all others.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from bot.errors import PictureError
from bot.media.colours import opaque
from bot.media.decode import decode, open_picture
from bot.media.encode import jpeg, png, steps

MAX_INPUT_BYTES = 50 * 1024 * 1024
MAX_INPUT_PIXELS = 50_000_000
MIN_SIDE_PX = 64  # 302.AI refuses smaller pictures with status 400
FEW_COLOURS = 64  # a photograph in greys has up to 256


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An input picture as it is kept and sent: upright, opaque, in sRGB, without metadata."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int


def clean(data: bytes, *, max_side_px: int, max_bytes: int) -> Cleaned:
    """Decode, turn upright, strip and re-encode a picture; of animations the first frame.

    The result has sides of 64 to `max_side_px` and at most `max_bytes`. Raises PictureError:
    `picture_too_large` (value `limit_bytes`), `picture_not_a_picture`, `picture_format` (`format`),
    `picture_too_many_pixels` (`limit_megapixels`), `picture_too_small` (`width`, `height`,
    `minimum`, in pixels), `picture_broken`. The same bytes always give the same error.
    Raises ValueError when `max_bytes` has no room for any picture.
    """
    if len(data) > MAX_INPUT_BYTES:
        raise PictureError("picture_too_large", limit_bytes=MAX_INPUT_BYTES)
    _, image = open_picture(data, max_pixels=MAX_INPUT_PIXELS)
    width, height = image.size
    if min(width, height) < MIN_SIDE_PX:
        raise PictureError("picture_too_small", width=width, height=height, minimum=MIN_SIDE_PX)
    picture = decode(image, max_pixels=MAX_INPUT_PIXELS, max_side_px=max_side_px)
    picture = _padded(opaque(picture))
    if picture.getcolors(FEW_COLOURS) is not None:
        written = png(picture)
        if len(written) <= max_bytes:
            return Cleaned(written, "image/png", *picture.size)
    for step, quality in steps(picture):
        smaller = _padded(step)
        written = jpeg(smaller, quality)
        if len(written) <= max_bytes:
            return Cleaned(written, "image/jpeg", *smaller.size)
    raise ValueError(f"no picture fits into {max_bytes} bytes")


def _padded(image: Image.Image) -> Image.Image:
    """The picture with white at its long sides, where scaling has made it too narrow to send."""
    size = max(image.width, MIN_SIDE_PX), max(image.height, MIN_SIDE_PX)
    if size == image.size:
        return image
    ground = Image.new("RGB", size, "white")
    ground.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return ground

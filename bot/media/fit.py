"""Results: checked to be pictures, and made to fit Discord's upload limit.

They are posted as the provider made them, byte for byte, unless they are too large.
"""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadAnswer, PictureError
from bot.media.decode import MAX_PIXELS, decode, open_picture, verify
from bot.media.encode import jpeg, steps, webp

MAX_SIDE_PX = 16_383  # WebP's limit (RFC 9649); JPEG's is 65,535


def probe(source: bytes | Path) -> tuple[str, int, int]:
    """The media type, width and height (as stored, in px) of a result, read to its last byte.

    `source` is the picture or the file it is in. Raises BadAnswer `bad_picture` when it is no
    picture of a type Easel posts, is broken or cannot be read, or has more than 100 megapixels.
    """
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
        media_type, image = open_picture(data, max_pixels=MAX_PIXELS)
        width, height = image.size
        verify(image, max_pixels=MAX_PIXELS)
    except (PictureError, OSError) as error:
        raise BadAnswer("bad_picture", detail=str(error)) from error
    return media_type, width, height


def fit(data: bytes, media_type: str, limit_bytes: int) -> tuple[bytes, str]:
    """The same bytes where they fit, else the picture written again within `limit_bytes`.

    Quality is lowered first, then size. Opaque pictures become JPEG; those with transparency
    WebP, which keeps it (JPEG for all would lose it, WebP for all take 1.5 s for 4096×4096).
    Raises BadAnswer `bad_picture` as `probe` does, ValueError when nothing can be so small.
    """
    if len(data) <= limit_bytes:
        return data, media_type
    try:
        _, image = open_picture(data, max_pixels=MAX_PIXELS)
        picture = decode(image, max_pixels=MAX_PIXELS, max_side_px=MAX_SIDE_PX)
    except PictureError as error:
        raise BadAnswer("bad_picture", detail=str(error)) from error
    seen_through = picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)
    write, written_type = (webp, "image/webp") if seen_through else (jpeg, "image/jpeg")
    for smaller, quality in steps(picture if seen_through else picture.convert("RGB")):
        written = write(smaller, quality)
        if len(written) <= limit_bytes:
            return written, written_type
    raise ValueError(f"no picture fits into {limit_bytes} bytes")

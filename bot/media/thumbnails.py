"""Small pictures to draw with, whatever the files are: what cannot be read is drawn blank."""

from __future__ import annotations

from PIL import Image, ImageDraw

from bot.domain.sheets import Read
from bot.errors import EaselError
from bot.media.canvas import BLANK, MARK
from bot.media.colours import opaque
from bot.media.decode import MAX_PIXELS, decode, open_picture, resized


def thumbnail(read: Read, width_px: int, height_px: int) -> Image.Image:
    """The picture in RGB within this size, never enlarged; a blank one of that size else.

    JPEG files are decoded small; of other files one is in memory at its own size at a time.
    """
    try:
        _, image = open_picture(read(), max_pixels=MAX_PIXELS)
        picture = decode(image, max_pixels=MAX_PIXELS, max_side_px=max(width_px, height_px))
    except (EaselError, OSError):
        return blank(width_px, height_px)
    return opaque(within(picture, width_px, height_px))


def within(picture: Image.Image, width_px: int, height_px: int) -> Image.Image:
    """The picture scaled down to this size, in proportion."""
    by = min(width_px / picture.width, height_px / picture.height)
    if by >= 1:
        return picture
    return resized(picture, (max(1, round(picture.width * by)), max(1, round(picture.height * by))))


def blank(width_px: int, height_px: int) -> Image.Image:
    """Stands for a picture that cannot be shown: a frame that is crossed out."""
    image = Image.new("RGB", (width_px, height_px), BLANK)
    side = max(8, min(width_px, height_px) // 5)
    left, top = (width_px - side) // 2, (height_px - side) // 2
    right, bottom, line = left + side, top + side, max(2, side // 14)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((left, top, right, bottom), radius=side // 6, outline=MARK, width=line)
    inner = side // 4
    draw.line((left + inner, top + inner, right - inner, bottom - inner), fill=MARK, width=line)
    draw.line((left + inner, bottom - inner, right - inner, top + inner), fill=MARK, width=line)
    return image

"""Before and after: two pictures side by side, each with its label."""

from __future__ import annotations

from bot.domain.sheets import Drawn, Tile
from bot.media.canvas import TEXT, canvas, put, say, written
from bot.media.lettering import wrapped
from bot.media.thumbnails import thumbnail

WIDTH_PX = 1600
HIGHEST_PX = 1200
MARGIN_PX = 20
GAP_PX = 16
LETTER_PX = 40  # Discord shows the whole at a third of its width
LABEL_PX = 60


def compare(before: Tile, after: Tile, *, max_bytes: int) -> Drawn:
    """Draw the two as large as their places allow; the captions are the labels.

    Raises ValueError when nothing fits into `max_bytes`.
    """
    place = (WIDTH_PX - 2 * MARGIN_PX - GAP_PX) // 2
    pair = [(each, thumbnail(each.read, place, HIGHEST_PX)) for each in (before, after)]
    height = max(picture.height for _, picture in pair)
    widths = [max(picture.width, LABEL_PX * 5) for _, picture in pair]
    image = canvas(sum(widths) + 2 * MARGIN_PX + GAP_PX, height + LABEL_PX + 2 * MARGIN_PX)
    left = MARGIN_PX
    for (tile, picture), width in zip(pair, widths, strict=True):
        for line in wrapped(tile.caption, LETTER_PX, width, 1):
            middle = left + width / 2, MARGIN_PX + LETTER_PX / 2
            say(image, middle, line, LETTER_PX, TEXT, anchor="mm")
        at = (
            left + (width - picture.width) // 2,
            MARGIN_PX + LABEL_PX + (height - picture.height) // 2,
        )
        put(image, picture, at)
        left += width + GAP_PX
    return written(image, max_bytes)

"""Contact sheets: many pictures on one, each with its number and a caption.

Winners are shown by the same sheet, their places instead of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from bot.domain.sheets import Drawn, Tile
from bot.media.canvas import INK, QUIET, TEXT, TILE, badge, canvas, plate, put, say, written
from bot.media.lettering import wrapped
from bot.media.thumbnails import thumbnail

MOST_TILES = 12
WIDTH_PX = 1200
ONE_PX = 720  # the width for a single picture
MARGIN_PX = 24
GAP_PX = 16
PAD_PX = 10  # between a tile's edge and what is in it

_MEDALS = {1: (242, 193, 78), 2: (201, 206, 214), 3: (208, 139, 91)}


@dataclass(frozen=True, slots=True)
class _Card:
    number: str
    medal: tuple[int, int, int] | None
    picture: Image.Image
    lines: list[str]


def contact_sheet(
    tiles: Sequence[Tile],
    *,
    max_bytes: int,
    title: str = "",
    first: int = 1,
    most: int = MOST_TILES,
) -> Drawn:
    """Draw at most `most` tiles, numbered from `first`, each row as high as it needs.

    Raises ValueError without a tile, or when nothing fits into `max_bytes`.
    """
    if not tiles:
        raise ValueError("a sheet needs a tile")
    columns = _columns(min(len(tiles), most))
    width = WIDTH_PX if columns > 1 else ONE_PX
    tile = (width - 2 * MARGIN_PX - (columns - 1) * GAP_PX) // columns
    letter = 24 if columns <= 2 else 20
    inner = tile - 2 * PAD_PX
    cards = [
        _Card(
            number=str(each.place or first + index),
            medal=None if each.place is None else _MEDALS.get(each.place),
            picture=thumbnail(each.read, inner, inner),
            lines=wrapped(each.caption, letter, inner, 2),
        )
        for index, each in enumerate(tiles[:most])
    ]
    rows = [cards[at : at + columns] for at in range(0, len(cards), columns)]
    heads = wrapped(title, 30, width - 2 * MARGIN_PX, 1)
    top = MARGIN_PX + (52 if heads else 0)
    heights = [_height(row, letter) for row in rows]
    sheet = canvas(width, top + sum(heights) + GAP_PX * (len(rows) - 1) + MARGIN_PX)
    for head in heads:
        say(sheet, (MARGIN_PX, MARGIN_PX), head, 30)
    for row, height in zip(rows, heights, strict=True):
        left = (width - len(row) * tile - (len(row) - 1) * GAP_PX) // 2
        for card in row:
            _draw(sheet, card, (left, top), (tile, height), letter)
            left += tile + GAP_PX
        top += height + GAP_PX
    return written(sheet, max_bytes)


def _columns(count: int) -> int:
    if count <= 3:
        return count
    return 2 if count == 4 else 3 if count in {5, 6, 9} else 4


def _height(row: Sequence[_Card], letter: int) -> int:
    said = max(len(card.lines) for card in row)
    words = said * _line(letter) + PAD_PX if said else 0
    return max(card.picture.height for card in row) + words + 2 * PAD_PX


def _line(letter: int) -> int:
    return round(letter * 1.3)


def _draw(
    sheet: Image.Image, card: _Card, at: tuple[int, int], size: tuple[int, int], letter: int
) -> None:
    (left, top), (width, height) = at, size
    plate(sheet, at, size, TILE, radius_px=14)
    words = len(card.lines) * _line(letter) + PAD_PX if card.lines else 0
    room = height - 2 * PAD_PX - words
    put(
        sheet,
        card.picture,
        (
            left + (width - card.picture.width) // 2,
            top + PAD_PX + (room - card.picture.height) // 2,
        ),
    )
    corner = left + PAD_PX + 6, top + PAD_PX + 6
    if card.medal is None:
        badge(sheet, corner, card.number, letter + 2)
    else:
        badge(sheet, corner, card.number, letter + 10, ground=card.medal, colour=INK, opacity=1)
    line_top = top + height - PAD_PX - len(card.lines) * _line(letter) + 2
    for index, line in enumerate(card.lines):
        where = left + PAD_PX + 2, line_top + index * _line(letter)
        say(sheet, where, line, letter, TEXT if index == 0 else QUIET)

"""The family of a picture drawn as a tree, along its longer side: what fits Discord's width."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw

from bot.domain.sheets import Drawn, Read
from bot.domain.trees import Layout, Placed
from bot.media.canvas import (
    ACCENT,
    LINE,
    QUIET,
    TEXT,
    TILE,
    badge,
    badge_size,
    canvas,
    plate,
    put,
    say,
    written,
)
from bot.media.lettering import wrapped
from bot.media.thumbnails import blank, thumbnail

PICTURE_PX = 164
PAD_PX = 8
LETTER_PX = 20
LINE_PX = 25
BOX = (PICTURE_PX + 2 * PAD_PX, PICTURE_PX + 2 * PAD_PX + 2 * LINE_PX + 6)
BESIDE_PX = 28  # between two boxes of a level
BETWEEN_PX = 56  # between two levels
MARGIN_PX = 36
SMALLEST_PX = 420  # Discord enlarges what is smaller than its column
WEIGHT_PX = 4

ROW = 5  # boxes in a row of a family without branches

Point = tuple[int, int]
Places = Mapping[str, Point]


def draw_tree(layout: Layout, pictures: Mapping[str, Read], *, max_bytes: int) -> Drawn:
    """Draw what `bot.domain.trees.lay_out` chose, with the pictures by the nodes' ids.

    A line with a number on it stands for so many that are left out between two; a number at a
    box, for so many left out behind it. Raises ValueError when there is nothing to draw.
    """
    if not layout.placed:
        raise ValueError("a tree needs a node")
    places, (width, height) = _snake(layout) if layout.slots == 1 else _spread(layout)
    size = max(SMALLEST_PX, width + 2 * MARGIN_PX), max(SMALLEST_PX, height + 2 * MARGIN_PX)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    corners = {one: (left + x, top + y) for one, (x, y) in places.items()}
    image = canvas(*size)
    across = layout.levels >= layout.slots
    for one in layout.placed:
        if one.parent is not None:
            _branch(image, corners[one.parent], corners[one.node.id], one.skipped, across=across)
    for one in layout.placed:
        _box(image, corners[one.node.id], one, pictures.get(one.node.id))
    return written(image, max_bytes)


def _snake(layout: Layout) -> tuple[Places, Point]:
    """One after the other, to the right and in the next row back; and the size in pixels."""
    step = BOX[0] + BETWEEN_PX, BOX[1] + BETWEEN_PX
    places: dict[str, Point] = {}
    for one in layout.placed:
        row, column = divmod(one.level, ROW)
        if row % 2:
            column = ROW - 1 - column
        places[one.node.id] = column * step[0], row * step[1]
    rows, columns = -(-layout.levels // ROW), min(ROW, layout.levels)
    return places, (columns * step[0] - BETWEEN_PX, rows * step[1] - BETWEEN_PX)


def _spread(layout: Layout) -> tuple[Places, Point]:
    """Levels to the right where they are more than the slots, else downwards."""
    across = layout.levels >= layout.slots
    gaps = (BETWEEN_PX, BESIDE_PX) if across else (BESIDE_PX, BETWEEN_PX)
    step = BOX[0] + gaps[0], BOX[1] + gaps[1]
    places: dict[str, Point] = {}
    for one in layout.placed:
        column, row = (one.level, one.slot) if across else (one.slot, one.level)
        places[one.node.id] = round(column * step[0]), round(row * step[1])
    columns, rows = layout.levels, layout.slots
    if not across:
        columns, rows = rows, columns
    return places, (columns * step[0] - gaps[0], rows * step[1] - gaps[1])


def _branch(image: Image.Image, parent: Point, child: Point, skipped: int, *, across: bool) -> None:
    """A line between the middles of two boxes, with one step halfway; the boxes cover its ends."""
    (x, y), (end_x, end_y) = (
        (corner[0] + BOX[0] // 2, corner[1] + BOX[1] // 2) for corner in (parent, child)
    )
    middle = (x + end_x) // 2, (y + end_y) // 2
    if x == end_x or y == end_y:
        points, number = [(x, y), (end_x, end_y)], middle
    elif across:
        points = [(x, y), (middle[0], y), (middle[0], end_y), (end_x, end_y)]
        number = middle[0], end_y
    else:
        points = [(x, y), (x, middle[1]), (end_x, middle[1]), (end_x, end_y)]
        number = end_x, middle[1]
    draw, half = ImageDraw.Draw(image), WEIGHT_PX // 2
    for start, end in itertools.pairwise(points):
        (left, top), (right, bottom) = map(min, start, end), map(max, start, end)
        draw.rectangle((left - half, top - half, right + half - 1, bottom + half - 1), fill=LINE)
    if skipped:
        _number(image, lambda size: (number[0] - size[0] // 2, number[1] - size[1] // 2), skipped)


def _number(image: Image.Image, at: Callable[[Point], Point], count: int) -> None:
    """So many are left out: a badge whose place follows from its size."""
    text = f"+{count}"
    badge(image, at(badge_size(text, LETTER_PX)), text, LETTER_PX, ground=LINE, opacity=1)


def _box(image: Image.Image, at: Point, one: Placed, read: Read | None) -> None:
    (left, top), (width, height) = at, BOX
    if one.node.current:
        edge = 5
        outer = width + 2 * edge, height + 2 * edge
        plate(image, (left - edge, top - edge), outer, ACCENT, radius_px=16)
    plate(image, at, BOX, TILE, radius_px=12)
    picture = (
        blank(PICTURE_PX, PICTURE_PX) if read is None else thumbnail(read, PICTURE_PX, PICTURE_PX)
    )
    room = PAD_PX + (PICTURE_PX - picture.width) // 2, PAD_PX + (PICTURE_PX - picture.height) // 2
    put(image, picture, (left + room[0], top + room[1]))
    for index, line in enumerate(wrapped(one.node.caption, LETTER_PX, PICTURE_PX, 2)):
        where = left + PAD_PX, top + PAD_PX + PICTURE_PX + 5 + index * LINE_PX
        say(image, where, line, LETTER_PX, TEXT if index == 0 else QUIET)
    if one.hidden:
        _number(
            image,
            lambda size: (left + width - size[0] + 8, top + height - size[1] + 8),
            one.hidden,
        )

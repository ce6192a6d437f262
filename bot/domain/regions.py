"""A part of a picture, chosen on a grid: `B2–C3` is two columns of two rows.

Columns have letters from the left, rows have numbers from the top. Pictures have no masks in
this model's interface (Google's page), so the model is told where in words, and what it
changes elsewhere is pasted back from the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.invalid import Invalid

SHORT_CELLS = 5  # along the shorter side: large enough to have a legible label
LONG_CELLS = 12  # at most along the longer one
TEXT_MAX = 400  # characters of a choice that are read
SAME_SHAPE = 1.05  # models answer in sizes near a ratio (1344 × 768 for 16:9), up to 4 % off it
TOLD_MAX = 6  # rectangles that are told one by one; of more, the one around them all

Cell: TypeAlias = tuple[int, int]
"""Column and row, each from 0."""

_DASH = r"[-:~\u2010-\u2015\u2212\u301c]"
_ITEM = re.compile(rf"([A-Z])(\d{{1,2}})(?:\s*{_DASH}\s*([A-Z])(\d{{1,2}}))?(?=[\s,;]|$)")
_BETWEEN = re.compile(r"[\s,;]*")


@dataclass(frozen=True, slots=True)
class Grid:
    """How many columns and rows a picture is divided into."""

    columns: int
    rows: int

    def box(self, cell: Cell, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        """A cell's left, top, right and bottom edge in a picture of that size, in pixels.

        Right and bottom are the next cell's left and top: cells neither overlap nor leave gaps.
        """
        column, row = cell
        return (
            column * width_px // self.columns,
            row * height_px // self.rows,
            (column + 1) * width_px // self.columns,
            (row + 1) * height_px // self.rows,
        )


def grid(width_px: int, height_px: int) -> Grid:
    """The grid for a picture: nearly square cells, five along the shorter side."""
    longer = round(SHORT_CELLS * max(width_px, height_px) / min(width_px, height_px))
    longer = min(longer, LONG_CELLS)
    return Grid(longer, SHORT_CELLS) if width_px >= height_px else Grid(SHORT_CELLS, longer)


def label(cell: Cell) -> str:
    """What a cell is called: (1, 2) is `B3`."""
    return f"{chr(ord('A') + cell[0])}{cell[1] + 1}"


def parse(text: str, on: Grid) -> frozenset[Cell]:
    """The cells that a text names: `B2–C3`, `b2`, `A1, c4-d3`.

    Raises Invalid: `region_empty`, `region_unclear` (what could not be read in `part`),
    `region_outside` (`part`, and `last`, the cell at the lower right).
    """
    text = unicodedata.normalize("NFKC", text[:TEXT_MAX]).upper()
    cells: set[Cell] = set()
    at = _after_blanks(text, 0)
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            raise Invalid("region_unclear", part=text[at:].split()[0][:20])
        one = _corner(item[1], item[2])
        other = _corner(item[3], item[4]) if item[3] else one
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(one, other, strict=True))
        if right >= on.columns or bottom >= on.rows or top < 0:
            last = label((on.columns - 1, on.rows - 1))
            raise Invalid("region_outside", part=item[0], last=last)
        cells |= {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}
        at = _after_blanks(text, item.end())
    if not cells:
        raise Invalid("region_empty")
    return frozenset(cells)


def written(cells: Iterable[Cell]) -> str:
    """Cells as text, always in the same way: `parse` reads the same cells out of it."""
    return ", ".join(
        label(start) if start == end else f"{label(start)}–{label(end)}"
        for start, end in rectangles(cells)
    )


def rectangles(cells: Iterable[Cell]) -> tuple[tuple[Cell, Cell], ...]:
    """Cells as rectangles, each by its first and last cell; they do not overlap."""
    left = set(cells)
    found: list[tuple[Cell, Cell]] = []
    while left:
        top, start = min((row, column) for column, row in left)
        end = start
        while (end + 1, top) in left:
            end += 1
        bottom = top
        while all((column, bottom + 1) in left for column in range(start, end + 1)):
            bottom += 1
        found.append(((start, top), (end, bottom)))
        left -= {(x, y) for x in range(start, end + 1) for y in range(top, bottom + 1)}
    return tuple(found)


def only_there(change: str, cells: frozenset[Cell], on: Grid) -> str:
    """What the model is told for a change of these cells alone.

    After Google's pattern for a «semantic mask»: change only this, keep everything else.
    """
    where = rectangles(cells)
    if len(where) > TOLD_MAX:
        corners = [corner for pair in where for corner in pair]
        columns, rows = zip(*corners, strict=True)
        where = (((min(columns), min(rows)), (max(columns), max(rows))),)
    places = "; and ".join(_told(start, end, on) for start, end in where)
    return (
        f"Using the given image, change only one area of it: {places}. "
        f"The change in that area: {change.strip().rstrip('.')}. "
        "Let it blend in at the edges. Keep everything outside that area exactly the same: "
        "subjects, colours, light, framing and size. Draw no grid, frame or labels."
    )


def same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a picture of one width and height can be laid over another undistorted."""
    return _stretch(one, other) <= SAME_SHAPE


def aspect_of(size: tuple[int, int], aspects: Iterable[str]) -> str | None:
    """The ratio, of those that a model has (`16:9`), that a picture's width and height have."""
    sides = {aspect: aspect.partition(":") for aspect in aspects}
    stretch = {
        aspect: _stretch(size, (int(across), int(down)))
        for aspect, (across, _, down) in sides.items()
    }
    nearest = min(stretch, key=lambda aspect: stretch[aspect], default=None)
    return nearest if nearest is not None and stretch[nearest] <= SAME_SHAPE else None


def _stretch(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How much wider or higher, in proportion, the one is than the other; 1 for the same shape."""
    ratio = one[0] * other[1] / (one[1] * other[0])
    return max(ratio, 1 / ratio)


def _after_blanks(text: str, at: int) -> int:
    blanks = _BETWEEN.match(text, at)
    assert blanks is not None  # it matches nothing, too
    return blanks.end()


def _corner(letter: str, number: str) -> Cell:
    return ord(letter) - ord("A"), int(number) - 1


def _told(start: Cell, end: Cell, on: Grid) -> str:
    if start == (0, 0) and end == (on.columns - 1, on.rows - 1):
        return "the whole image"
    across = _percent(start[0], end[0], on.columns)
    down = _percent(start[1], end[1], on.rows)
    side = ("left", "center", "right")[_third(start[0], end[0], on.columns)]
    level = ("top", "middle", "bottom")[_third(start[1], end[1], on.rows)]
    name = "center" if (level, side) == ("middle", "center") else f"{level} {side}"
    return (
        f"the {name}, from {across[0]}% to {across[1]}% of the width, counted from the left, "
        f"and from {down[0]}% to {down[1]}% of the height, counted from the top"
    )


def _percent(start: int, end: int, of: int) -> tuple[int, int]:
    return round(100 * start / of), round(100 * (end + 1) / of)


def _third(start: int, end: int, of: int) -> int:
    """Which third the middle of a stretch lies in."""
    return min(2, 3 * (start + end + 1) // (2 * of))

"""A line of text as runs from left to right, each of one font and one direction."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from unicodedata import bidirectional, category

from bot.media.fonts import JOINERS, OWN, SHAPES, covering, face

_WORDS = re.compile(r"\S+\s*|\s+")
_RIGHT = frozenset({"R", "AL"})
_NUMBER = frozenset({"EN", "AN"})
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are drawn with one font; without a direction as they stand."""

    text: str
    path: str
    direction: Literal["ltr", "rtl"] | None = None

    def advance_px(self, size_px: int) -> float:
        """How far to the right of it the next run begins."""
        return face(self.path, size_px).getlength(self.text, direction=self.direction)


def advance_px(line: str, size_px: int) -> float:
    """How wide a line is drawn."""
    return sum(run.advance_px(size_px) for run in runs(line))


def is_joined(character: str) -> bool:
    """Whether it belongs to the character before it."""
    return category(character) in {"Mn", "Mc", "Me"} or character in JOINERS


def clusters(text: str) -> list[str]:
    """The characters, each with its marks."""
    found: list[str] = []
    for character in text:
        if found and is_joined(character):
            found[-1] += character
        else:
            found.append(character)
    return found


@functools.lru_cache(1024)
def runs(line: str) -> tuple[Run, ...]:
    """The runs of a line: one, where one font has it all, else as few as its words allow."""
    whole, levels = covering(line), _levels(line)
    if whole is not None and (not any(levels) or (SHAPES and whole != OWN)):
        return (Run(line, whole),)  # Raqm puts directions in order by itself
    found: list[tuple[int, Run]] = []
    for (level, path), part in groupby(
        zip(levels, _paths(line), line, strict=True), key=lambda one: one[:2]
    ):
        found.append((level, _run("".join(one[2] for one in part), path, right=level == 1)))
    return tuple(run for _, run in _as_seen(found))


def _run(text: str, path: str, *, right: bool) -> Run:
    if SHAPES and path != OWN:
        return Run(text, path, "rtl" if right else "ltr")
    # Without Raqm, letters to be joined stand apart, but in the right order.
    return Run("".join(reversed(clusters(text))).translate(_MIRRORED) if right else text, path)


def _paths(line: str) -> Iterable[str]:
    """The font of each character: the word's, where one font has all of it."""
    for word in _WORDS.findall(line):
        path = covering(word)
        for cluster in [word] if path is not None else clusters(word):
            # `drawable` left nothing that no font has; what came around it is a box.
            found = path if path is not None else covering(cluster)
            yield from [found or OWN] * len(cluster)


def _as_seen(found: list[tuple[int, Run]]) -> list[tuple[int, Run]]:
    """Runs in the order in which they are read, as they stand from left to right."""
    for lowest in (2, 1):
        turned: list[tuple[int, Run]] = []
        for high, part in groupby(found, key=lambda one: one[0] >= lowest):
            order = -1 if high else 1
            turned += list(part)[::order]
        found = turned
    return found


def _levels(line: str) -> list[int]:
    """How deep each character is: 1 from right to left, 0 and 2 from left to right.

    It is Unicode's algorithm (UAX #9) for a line without embeddings, of which `drawable` leaves
    none: the first letter with a direction gives the line's.
    """
    kinds = [bidirectional(character) for character in line]
    first = next((kind for kind in kinds if kind == "L" or kind in _RIGHT), "L")
    if not _RIGHT.intersection(kinds):
        return [0] * len(line)
    base, deep = ("R", 2) if first in _RIGHT else ("L", 0)
    sides: list[str] = []  # what a character is for those without a direction beside it
    levels: list[int] = []
    last = base
    for at, kind in enumerate(kinds):
        around = kinds[at - 1 : at + 2]
        if kind in {"CS", "ES"} and len(around) == 3 and {around[0], around[2]} <= _NUMBER:
            kind = around[0]
        if kind == "L" or kind in _RIGHT:
            last = "L" if kind == "L" else "R"
            sides.append(last)
            levels.append(deep if last == "L" else 1)
        elif kind in _NUMBER:
            sides.append(last)
            levels.append(deep if last == "L" else 2)
        elif kind == "NSM" and sides:
            sides.append(sides[-1])
            levels.append(levels[-1])
        else:
            sides.append("")
            levels.append(0)
    at = 0
    for side, part in groupby(sides):
        end = at + len(list(part))
        if not side:
            before = sides[at - 1] if at else base
            after = sides[end] if end < len(sides) else base
            of = before if before == after else base
            levels[at:end] = [deep if of == "L" else 1] * (end - at)
        at = end
    return levels

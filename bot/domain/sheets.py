"""What the pictures that Easel draws itself are made of: sheets of tiles, and trees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Read: TypeAlias = Callable[[], bytes]
"""Gives a picture's file when it is its turn, in a worker's thread, so that of many pictures
only one is in memory. What it cannot give (it raises an EaselError or OSError) is drawn blank."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a sheet. With a `place` its number is a medal's, else a running one."""

    read: Read
    caption: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One picture of a family. A `parent` that is not among the nodes counts as none."""

    id: str
    parent: str | None
    caption: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that Easel drew."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int

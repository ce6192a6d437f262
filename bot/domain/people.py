"""What people can set for themselves."""

from __future__ import annotations

from enum import StrEnum


class Remix(StrEnum):
    """Who may go on from somebody's pictures: edit and vary them, ask for the same again."""

    EVERYONE = "everyone"
    ME = "me"

"""What is said beside a blend: which picture is which."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ui import layout
from bot.ui.base import EaselLayout
from bot.ui.texts import say
from bot.ui.words import safe

NAME_MAX = 80  # units of a file's name


def numbered(names: Sequence[str]) -> EaselLayout:
    """The numbers that pictures have in the words, by the names of their files, in order."""
    shown = [
        say("blend_number", number=number, name=safe(name, NAME_MAX) or "–")
        for number, name in enumerate(names, 1)
    ]
    return layout.notice(say("blend_numbers", pictures=", ".join(shown)))

"""Words as captions: what the fonts can draw of them, and how they break into lines.

What no font has is spelled otherwise (letters with marks lose these), pictographs are dropped,
and of what is left over a run becomes one «…».
"""

from __future__ import annotations

import re
from bisect import bisect_right
from unicodedata import category, name, normalize

from bot.media.fonts import JOINERS, SHAPES, covering
from bot.media.runs import advance_px, clusters, is_joined

MOST_CHARACTERS = 300  # of a text; no caption has room for more
MOST_MARKS = 3  # on a letter; a pile of them would stand in the line above

_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), "•": "·", "„": "“"})
_ALIKE = str.maketrans(
    {
        "×": "x",
        "→": ">",
        "←": "<",
        "€": "EUR",
        "£": "GBP",
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
    }
)
_UNSEEN = {"Cf", "Cs", "Co", "Cn"}
_DROPPED = {"So", "Sk"}
_LETTERS = {"Lo", "Mn", "Mc"}
_GAPS = re.compile(r"…(?:\s*…)+")


def drawable(text: str) -> str:
    """One line of what the fonts can draw of a text."""
    kept: list[str] = []
    for character in normalize("NFC", text[:MOST_CHARACTERS]).translate(_SIGNS):
        if is_joined(character):
            if kept and _can_follow(kept[-1], character):
                kept[-1] += character
        else:
            kept += _kept(character)
    return _GAPS.sub("…", " ".join("".join(kept).split()))


def _can_follow(cluster: str, mark: str) -> bool:
    """Whether one font has both, and the mark is of a script that cannot do without."""
    if len(cluster) > MOST_MARKS or category(cluster[-1]) not in _LETTERS:
        return False
    if mark in JOINERS:
        return SHAPES
    return not name(mark, "").startswith("COMBINING") and covering(cluster + mark) is not None


def _kept(character: str) -> str:
    """As it is or, where no font has it, taken apart: only then, or «…» would become three dots."""
    if character.isspace() or category(character) == "Cc":
        return " "
    if category(character) in _UNSEEN:
        return ""
    if covering(character) is not None:
        return character
    spelled = character.translate(_ALIKE)
    return "".join(map(_part, spelled if spelled != character else normalize("NFKD", character)))


def _part(character: str) -> str:
    if character.isspace():
        return " "
    if is_joined(character):
        return ""
    if covering(character) is not None:
        return character
    return "" if category(character) in _DROPPED else "…"


def wrapped(text: str, size_px: int, width_px: int, most: int) -> list[str]:
    """A text in at most `most` lines of this width; the last ends in «…» where it was cut.

    Its own line breaks hold, but the first is cut rather than continued, so that a name on a
    line of its own never takes the room of what follows.
    """
    parts = [part for part in map(drawable, text[:MOST_CHARACTERS].splitlines()) if part]
    lines: list[str] = []
    for index, part in enumerate(parts):
        room = 1 if index == 0 and len(parts) > 1 else most - len(lines)
        lines += _broken(part, size_px, width_px, room)
    if len(lines) == most and len(parts) > most and not lines[-1].endswith("…"):
        lines[-1] = _ended(lines[-1], size_px, width_px)
    return lines


def _broken(text: str, size_px: int, width_px: int, most: int) -> list[str]:
    lines: list[str] = []
    while text and len(lines) < most:
        line = text if _fits(text, size_px, width_px) else _cut(text, size_px, width_px)
        text = text[len(line) :].strip()
        if text and len(lines) == most - 1:
            line = _ended(line, size_px, width_px)
        lines.append(line.strip())
    return lines


def _fits(text: str, size_px: int, width_px: int) -> bool:
    return advance_px(text, size_px) <= width_px


def _cut(text: str, size_px: int, width_px: int) -> str:
    """As much of the text as fits, to the end of a word where that leaves half of it."""
    length = bisect_right(
        range(1, len(text) + 1), width_px, key=lambda end: advance_px(text[:end], size_px)
    )
    space = text.rfind(" ", 0, length + 1)
    if space >= length // 2 and space > 0:
        length = space
    # Without what followed, one font may have it all, in which it is wider.
    while length and (is_joined(text[length]) or not _fits(text[:length], size_px, width_px)):
        length -= 1
    return text[:length] or clusters(text)[0]


def _ended(line: str, size_px: int, width_px: int) -> str:
    line = line.rstrip(" …")
    while line and not _fits(f"{line}…", size_px, width_px):
        line = line[:-1].rstrip()
    return f"{line}…"

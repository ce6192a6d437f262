"""Words drawn with the font that Pillow brings along, since a machine may have no other.

It has the letters of ASCII and a few signs. Letters with marks lose these, and of what is left
over pictographs are dropped and other scripts become one «…».
"""

from __future__ import annotations

import functools
import re
from unicodedata import category, normalize

from PIL import Image, ImageDraw, ImageFont

MOST_CHARACTERS = 300  # of a text; no caption has room for more

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "×": "x",
        "•": "·",
        "→": ">",
        "←": "<",
        "„": "“",
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
_DROPPED = {"Mn", "Me", "Cf", "So", "Sk", "Cs", "Co", "Cn"}
_GAPS = re.compile(r"…(?:\s*…)+")
_NO_LETTER = "\U0010ffff"


@functools.cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font in a size."""
    found = ImageFont.load_default(size_px)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


@functools.lru_cache(4096)
def _has(character: str) -> bool:
    """Whether the font has a shape of its own for it, and not the box for what is missing."""
    return _shape(character) != _shape(_NO_LETTER)


def _shape(character: str) -> bytes:
    image = Image.new("L", (48, 48))
    ImageDraw.Draw(image).text((8, 8), character, fill=255, font=font(20))
    return image.tobytes()


def drawable(text: str) -> str:
    """One line of what the font can draw of a text."""
    kept: list[str] = []
    for character in text[:MOST_CHARACTERS].translate(_ALIKE):
        # Taken apart only where it must be: «…» would become three dots.
        kept += character if _has(character) else map(_kept, normalize("NFKD", character))
    return _GAPS.sub("…", " ".join("".join(kept).split()))


def _kept(character: str) -> str:
    if character.isspace() or category(character) == "Cc":
        return " "
    if _has(character):
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
    return font(size_px).getlength(text) <= width_px


def _cut(text: str, size_px: int, width_px: int) -> str:
    """As much of the text as fits, to the end of a word where that leaves half of it."""
    length = len(text)
    while length > 1 and not _fits(text[:length], size_px, width_px):
        length -= 1
    space = text.rfind(" ", 0, length + 1)
    return text[:space] if space >= length // 2 and space > 0 else text[:length]


def _ended(line: str, size_px: int, width_px: int) -> str:
    line = line.rstrip(" …")
    while line and not _fits(f"{line}…", size_px, width_px):
        line = line[:-1].rstrip()
    return f"{line}…"

"""Fonts: the one that Pillow brings along, and for what it lacks those of the machine.

Pillow's has the letters of ASCII and a few signs. Which others there are is found out once, by the
names of their files: each system keeps its fonts in folders that Pillow searches.
"""

from __future__ import annotations

import functools
import threading

from PIL import Image, ImageDraw, ImageFont, features

OWN = ""
"""Pillow's own font, where others have the path of their file."""

NAMES = (
    # Of many scripts: Linux, Windows, macOS.
    "DejaVuSans",
    "NotoSans-Regular",
    "segoeui",
    "Arial Unicode",
    "arialuni",
    "LiberationSans-Regular",
    # Chinese, Japanese and Korean.
    "NotoSansCJK-Regular",
    "wqy-microhei",
    "wqy-zenhei",
    "DroidSansFallbackFull",
    "DroidSansFallback",
    "msyh",
    "YuGothR",
    "malgun",
    "Hiragino Sans GB",
    "AppleSDGothicNeo",
    # South and South-East Asia, and what the first ones may lack.
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansThai-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansBengali-Regular",
    "NotoSansTamil-Regular",
    "LeelawUI",
    "Nirmala",
    "FreeSans",
    "FreeSerif",
)

SHAPES = bool(features.check("raqm")) and bool(features.check("fribidi"))
"""Whether Pillow joins and orders letters as Arabic and Indic scripts need it."""

JOINERS = "\u200c\u200d"
"""What says, without a shape of its own, that letters are to be joined or not."""

FANCY = range(0x1D400, 0x20000)
"""Letters in fancy dress, which are plain ones again, and pictographs, of which fonts without
colours have one and lack the next: no font is asked for them."""

_PROBE_PX = 20
_NO_LETTER = "\U0010ffff"
_looking = threading.Lock()


@functools.cache
def _looked_up() -> tuple[str, ...]:
    found = [OWN]
    for name in NAMES:
        try:
            font = ImageFont.truetype(name, _PROBE_PX)
        except OSError:
            continue
        found.append(str(font.path))
    return tuple(found)


def fonts() -> tuple[str, ...]:
    """The fonts that there are, Pillow's own first."""
    with _looking:  # drawings begin in several threads
        return _looked_up()


# A size of a font takes from 0.1 to 2 MB, and a drawing has three sizes.
@functools.lru_cache(16)
def face(path: str, size_px: int) -> ImageFont.FreeTypeFont:
    """A font in a size."""
    if path:
        engine = ImageFont.Layout.RAQM if SHAPES else ImageFont.Layout.BASIC
        return ImageFont.truetype(path, size_px, layout_engine=engine)
    return own(size_px)


@functools.cache
def own(size_px: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font in a size."""
    found = ImageFont.load_default(size_px)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def covering(text: str) -> str | None:
    """The first font that has all of a text, its spaces aside."""
    return next((path for path in fonts() if all(_has(path, each) for each in text)), None)


@functools.lru_cache(16_384)
def _has(path: str, character: str) -> bool:
    """Whether the font has a shape of its own for it, and not the box for what is missing."""
    if character == " ":
        return True
    if path and (character in JOINERS or ord(character) in FANCY):
        return character in JOINERS
    shape = _shape(path, character)
    return any(shape) and shape != _box(path)


@functools.cache
def _box(path: str) -> bytes:
    return _shape(path, _NO_LETTER)


def _shape(path: str, character: str) -> bytes:
    image = Image.new("L", (48, 48))
    ImageDraw.Draw(image).text((8, 8), character, fill=255, font=_probe(path))
    return image.tobytes()


@functools.cache
def _probe(path: str) -> ImageFont.FreeTypeFont:
    # A mark has a shape by itself only where nothing is put together.
    if path:
        return ImageFont.truetype(path, _PROBE_PX, layout_engine=ImageFont.Layout.BASIC)
    return own(_PROBE_PX)

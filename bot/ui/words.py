"""The words of people and of the model, made harmless before Discord shows them.

A backslash before any character that is neither a letter, a digit nor a space shows that
character alone (Discord's Markdown, as in Khan Academy's simple-markdown). It also tears
apart what the server and the client look for in the raw text: `<@…>`, `https://`,
`discord.gg/…`. `@everyone` and `@here` have no such character inside; a zero-width space
parts them, as `discord.utils.escape_mentions` does it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ELLIPSIS = "…"
MARKUP = frozenset("\\`*_~|[]()<>#@:/")
"""Characters that may begin formatting, a mention, an emoji, a link or an invite."""

_BLANK = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing although Unicode calls them letters, marks or symbols."""

READ_MAX = 20_000  # characters that are looked at; no message shows as many
_MARKS_IN_A_ROW = 6  # more than any living script stacks on one letter
_LIST = re.compile(r"[-+]|\d+[.)]")
_JOINERS = "\u200c\u200d"  # needed inside Indic and Persian words and family emoji
_AUDIENCE = re.compile(r"everyone|here", re.IGNORECASE)


def units(text: str) -> int:
    """The length of a text in UTF-16 units.

    Discord does not say if it counts these or code points; this is the larger number.
    """
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text: str, limit: int, *, lines: bool = False) -> str:
    """The text without anything invisible, cut to `limit` units; for places without Markdown.

    Gone are control, direction and zero-width characters, lone surrogates and towers of
    marks. Blanks are drawn together. Line breaks become blanks unless `lines` is true; then
    at most one line stays empty between two.
    """
    return cut(_clean(text, lines=lines), limit)


def safe(text: str, limit: int, *, lines: bool = False) -> str:
    """The text as `plain` gives it, and so that Discord shows each character as itself.

    `limit` counts the backslashes too, so the answer always fits. It may be empty.
    """
    clean = _clean(text, lines=lines)
    atoms: list[str] = []
    guarded = 0  # the end of a list mark at the start of a line
    for at, character in enumerate(clean):
        if at == 0 or clean[at - 1] == "\n":
            mark = _LIST.match(clean, at)
            guarded = mark.end() if mark else 0
        atom = f"\\{character}" if character in MARKUP or at + 1 == guarded else character
        if character == "@" and _AUDIENCE.match(clean, at + 1):
            atom += "\u200b"
        atoms.append(atom)
    return cut(atoms, limit)


def _clean(text: str, *, lines: bool) -> str:
    rows = [" ".join(_visible(row).split()) for row in text[:READ_MAX].splitlines()]
    if not lines:
        return " ".join(row for row in rows if row)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip("\n")


def _visible(row: str) -> str:
    kept: list[str] = []
    marks = 0
    for at, character in enumerate(row):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _BLANK or marks > _MARKS_IN_A_ROW:
            continue
        hidden = category == "Cf" or (category[0] == "C" and not character.isspace())
        if hidden and not (character in _JOINERS and _joins(row, at)):
            continue
        kept.append(character)
    return "".join(kept)


def _joins(row: str, at: int) -> bool:
    """Whether a joiner stands between two characters that it can change: nothing Latin."""
    return 0 < at < len(row) - 1 and row[at - 1] > "\u036f" and row[at + 1] > "\u036f"


def cut(atoms: Iterable[str], limit: int) -> str:
    """The pieces put together; those that do not fit `limit` units become an ellipsis."""
    pieces = list(atoms)
    if sum(map(units, pieces)) <= limit:
        return "".join(pieces)
    room = limit - len(ELLIPSIS)
    kept: list[str] = []
    for atom in pieces:
        room -= units(atom)
        if room < 0:
            break
        kept.append(atom)
    return ("".join(kept).rstrip() + ELLIPSIS) if limit > 0 else ""

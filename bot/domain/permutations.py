r"""Several wishes in one: `{red,blue} kite` is a red kite and a blue kite.

A group is a pair of braces with a comma between them; several groups multiply. An empty choice
leaves the group out: `{red,} kite` is a red kite and a kite. `\{`, `\}` and, in a group, `\,`
stand for the characters themselves. Plain text are braces without a comma or a partner, and a
text that is a JSON object as a whole: people paste such prompts.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from typing import TypeAlias

from bot.domain.invalid import Invalid

_ESCAPED = re.compile(r"\\([{},])")
_MARK = re.compile(r"\\[{},]|[{},]")

Part: TypeAlias = tuple[str, ...]
"""The choices at one place of the text: one for plain text, several for a group."""


def count(text: str) -> int:
    """How many wishes a text has; costs no more than reading it, whatever the number.

    Raises Invalid (`permutation_nested`) as `expand` does.
    """
    return math.prod(map(len, _parts(text)))


def expand(text: str, limit: int) -> tuple[str, ...]:
    """The wishes of a text, the last group changing fastest.

    Raises Invalid: `permutation_nested` for a group within a group, `too_many_wishes` for
    more than `limit`, `prompt_empty` when nothing is left of one of them.
    """
    parts = _parts(text)
    if math.prod(map(len, parts)) > limit:
        raise Invalid("too_many_wishes", limit=limit)
    wishes = tuple(_joined(chosen) for chosen in itertools.product(*parts))
    if not all(wishes):
        raise Invalid("prompt_empty")
    return wishes


def _parts(text: str) -> list[Part]:
    parts: list[Part] = []
    done = 0
    for start, end, commas in _groups(text):
        edges = [start, *commas, end]
        choices = [text[one + 1 : next_] for one, next_ in itertools.pairwise(edges)]
        parts.append((_plain(text[done:start]),))
        # The same choice twice would be paid twice.
        parts.append(tuple(dict.fromkeys(_plain(choice).strip() for choice in choices)))
        done = end + 1
    parts.append((_plain(text[done:]),))
    return parts


def _groups(text: str) -> Iterator[tuple[int, int, list[int]]]:
    """Each group's opening and closing brace and the commas between them, in order."""
    if _is_json(text):
        return
    opened: list[tuple[int, list[int], bool]] = []  # where, its commas, has it a group inside
    found: list[tuple[int, int, list[int]]] = []
    for mark in _MARK.finditer(text):
        match mark[0]:
            case "{":
                opened.append((mark.start(), [], False))
            case "," if opened:
                opened[-1][1].append(mark.start())
            case "}" if opened:
                start, commas, holds_group = opened.pop()
                if commas and holds_group:
                    raise Invalid("permutation_nested")
                if commas:
                    found.append((start, mark.start(), commas))
                if opened and (commas or holds_group):
                    outer, outer_commas, _ = opened[-1]
                    opened[-1] = (outer, outer_commas, True)
            case _:
                pass
    yield from found


def _is_json(text: str) -> bool:
    if not text.strip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _joined(chosen: tuple[str, ...]) -> str:
    """The chosen parts as one text; an empty one takes a blank beside it along."""
    said = ""
    for part in chosen:
        said += part[1:] if part.startswith(" ") and (not said or said[-1].isspace()) else part
    return said.strip()

"""Prompts, read out of a model's answer in whatever form it gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

PROMPT_MAX = 2000  # characters: what a wish may have
READ_MAX = 40_000  # characters of an answer that are looked at

_FENCE = re.compile(r"^[ \t]*+```\w*+[ \t]*+$", re.MULTILINE)
_NUMBER = re.compile(
    r"^[ \t]*+[#*_>]*+[ \t]*+(?:(?:prompt|option|version|variant)[ \t]*+)?"
    r"#?\d{1,2}+[ \t]*+[.):\]\-–—*]++[ \t]*+",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET = re.compile(r"^[ \t]*+[-*•–—+][ \t]++", re.MULTILINE)
_LABEL = re.compile(
    r"^(?:(?:improved|better|softer|new|revised|final)[ ])?prompt[ ]*:[ ]*", re.IGNORECASE
)
_EMPHASIS = re.compile(r"\*\*|__|`+|^#+[ ]+|^>[ ]*", re.MULTILINE)
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "「": "」"}
_FIELDS = ("prompt", "text", "description", "content")


def prompts_in(answer: str, wanted: int) -> tuple[str, ...]:
    """Up to `wanted` prompts, none of them empty or twice; empty when there are none.

    The answer may be JSON, a numbered list, a list with bullets, or paragraphs; each prompt may
    stand in quotes and run over several lines. What is said before and behind a list is left out.
    """
    answer = _FENCE.sub("", answer[:READ_MAX]).strip()
    found = _in_json(answer) or _in_list(answer) or _in_paragraphs(answer)
    return tuple(dict.fromkeys(found))[:wanted]


def prompt_in(answer: str) -> str:
    """The one prompt of an answer; the first of several; "" when there is none."""
    answer = _FENCE.sub("", answer[:READ_MAX]).strip()
    found = _in_json(answer) or _parts(_NUMBER, answer)
    if not found:
        paragraphs = [part for part in re.split(r"\n\s*\n", answer) if not _announces(part)]
        lines = [line for part in paragraphs for line in part.split("\n") if not _announces(line)]
        found = _tidied([" ".join(_BULLET.sub("", line) for line in lines)])
    return found[0] if found else ""


def _in_json(answer: str) -> list[str]:
    """The prompts of a JSON value, which may have words around it."""
    for opening, closing in ("[]", "{}"):
        start, end = answer.find(opening), answer.rfind(closing)
        if 0 <= start < end:
            try:
                value: object = json.loads(answer[start : end + 1])
            except (ValueError, RecursionError):
                continue
            if found := _tidied(_texts(value)):
                return found
    return []


def _texts(value: object) -> Iterator[str]:
    """The prompts in a value: itself, those of a list, or an object's field for them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            if not isinstance(one, list):
                yield from _texts(one)
    elif isinstance(value, dict):
        fields = cast("Mapping[str, object]", value)
        named = [fields[name] for name in _FIELDS if isinstance(fields.get(name), str)]
        for one in named[:1] or fields.values():
            yield from _texts(one)


def _in_list(answer: str) -> list[str]:
    return _parts(_NUMBER, answer) or _parts(_BULLET, answer)


def _parts(mark: re.Pattern[str], answer: str) -> list[str]:
    """What follows each mark; the lines behind an empty one do not belong to the last."""
    marks = list(mark.finditer(answer))
    ends = [*(found.start() for found in marks[1:]), len(answer)]
    texts = [answer[found.end() : end] for found, end in zip(marks, ends, strict=False)]
    return _tidied(re.split(r"\n\s*\n", text.lstrip())[0] for text in texts)


def _in_paragraphs(answer: str) -> list[str]:
    parts = re.split(r"\n\s*\n", answer)
    if len(parts) == 1:
        parts = answer.split("\n")
    return _tidied(part for part in parts if not _announces(part))


def _announces(part: str) -> bool:
    """Whether this only says what follows: «Here are four prompts:»."""
    said = _EMPHASIS.sub("", part).strip()
    return said.endswith(":") and len(said) <= 200


def _tidied(texts: Iterable[str]) -> list[str]:
    tidy = (_tidy(text) for text in texts)
    return [text for text in tidy if any(character.isalpha() for character in text)]


def _tidy(text: str) -> str:
    """One line without emphasis, label and the quotes around it, cut to what a wish may have."""
    text = " ".join(_EMPHASIS.sub("", text).split())
    text = _LABEL.sub("", text).rstrip(",").strip()
    while len(text) > 1 and text[-1] in _QUOTES.get(text[0], "") and _whole(text):
        text = text[1:-1].strip()
    return text[:PROMPT_MAX].strip()


def _whole(text: str) -> bool:
    """Whether the quote at the end ends what the first one began: not so in `"A" and "B"`."""
    opening, closings = text[0], _QUOTES[text[0]]
    if opening in closings:
        ends = text.find(opening, 1)
        return ends == len(text) - 1 or text[ends - 1].isspace()
    open_now = 0
    for character in text[:-1]:
        open_now += (character == opening) - (character in closings)
        if open_now == 0:
            return False
    return True

"""Saying the texts of `bot/ui/english.py`.

`say` fills in values we made ourselves; `sentence` is for the key and values of an error and
makes every word in them harmless.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import cast

from bot.ui.english import TEXTS
from bot.ui.words import safe

VALUE_MAX = 120  # UTF-16 units of one value in a sentence
QUOTE_MAX = 900  # of the model's own words
SENTENCE_MAX = 2000  # of a whole sentence, as much as a message takes; a test holds the bound

_REFUSALS = {
    "text": "refused_words",
    "NO_IMAGE": "no_picture",
    "RECITATION": "refused_recitation",
    "IMAGE_RECITATION": "refused_recitation",
    "SAFETY": "refused_filter",
    "IMAGE_SAFETY": "refused_filter",
    "PROHIBITED_CONTENT": "refused_filter",
    "IMAGE_PROHIBITED_CONTENT": "refused_filter",
    "BLOCKLIST": "refused_filter",
    "CONTENT_FILTER": "refused_filter",
    "MODERATION": "refused_filter",
}
"""What the reasons for a refusal come to; most are Google's `finishReason` and `blockReason`."""


def say(key: str, **values: object) -> str:
    """A text with its blanks filled. The values must be our own, or safe already.

    Raises KeyError for an unknown key or a blank without a value.
    """
    return TEXTS[key].format(**values)


def sentence(key: str, values: Mapping[str, object] | None = None) -> str:
    """What a person is told about an error. Never raises, whatever the key and the values.

    Words in the values are made harmless and cut; sizes in `…_bytes` can be said in `…_mib`;
    a datetime becomes Unix seconds. `words`, for a refusal, are the model's own and are quoted.
    Where a key or a value is missing, the nearest sensible text is said:
    `picture_new_fault` becomes `picture`, and the last resort is `error`.
    """
    given: dict[str, str] = {}
    for name, value in (values or {}).items():
        given[name] = _shown(name, value)
        if name.endswith("_bytes") and isinstance(value, int):
            given[name.removesuffix("_bytes") + "_mib"] = str(value // 1024**2)
    for candidate in _candidates(key, given):
        text = TEXTS.get(candidate)
        if text is not None and _blanks(text) <= given.keys():
            filled = text.format(**given)
            if key.startswith("refused") and given.get("words") and "{words}" not in text:
                filled = say("refused_quote", sentence=filled, words=given["words"])
            return filled
    return TEXTS["error"]


def _candidates(key: str, given: Mapping[str, str]) -> Iterable[str]:
    """The keys to try, the most fitting first."""
    if key.startswith("quota_") and given.get("limit") == "0":
        yield "quota_none"
    if key == "refused":
        reason = given.get("reason", "").replace("\\", "")
        if reason in _REFUSALS:
            yield _REFUSALS[reason]
        if reason and reason != "text":
            yield "refused_reason"
        if given.get("words"):
            yield "refused_words"
    if key == "error":
        yield "error_reference"
    while key:
        yield key
        key = key.rpartition("_")[0]


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _shown(name: str, value: object) -> str:
    """A value as it stands in a sentence."""
    if name == "words":
        return safe(str(value), QUOTE_MAX)
    if isinstance(value, dt.datetime):
        return str(int(value.timestamp()))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.1f}"
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return safe(", ".join(map(str, items)), 3 * VALUE_MAX)
    return safe(str(value), VALUE_MAX)

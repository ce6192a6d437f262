"""Speaking to the person at the terminal: sentences, facts, and nothing that moves the cursor."""

from __future__ import annotations

import re

from rich.console import Console

from bot.errors import EaselError, ProviderRefused
from bot.ui import texts

WORDS_MAX = 500  # of the model's words that are shown beside a picture
_ESCAPED = re.compile(r"\\([^\w\s])|\u200b|\*\*")


def sentence(error: EaselError) -> str:
    """What a person is told about an error, without Discord's markup and limits."""
    values: dict[str, object] = dict(getattr(error, "values", {}))
    if isinstance(error, ProviderRefused) and error.words:
        values["words"] = error.words
    text = texts.sentence(getattr(error, "key", "error"), values)
    return _ESCAPED.sub(r"\1", text).replace(" Your limit is untouched.", "")


def facts() -> Console:
    """Standard error: what a command says besides what it was asked for."""
    return Console(stderr=True, highlight=False)


def say(console: Console, text: str) -> None:
    """One line, whatever it holds and however long it is."""
    console.print(text, markup=False, soft_wrap=True)

"""Looking back: who may see which pictures, and what is asked of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.conversations import Turn

MOST_WORDS = 16  # of a search; the rest is left out
LONGEST_WORD = 64  # characters

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may look back at from one place.

    In a server all that was drawn there, but for others' private pictures and for `hidden`
    channels; in direct messages, where `guild_id` is None, one's own pictures alone.
    """

    user_id: int
    guild_id: int | None
    hidden: frozenset[int] = frozenset()

    def shows(self, turn: Turn) -> bool:
        """Whether the person may see a picture. One's own are always shown."""
        if turn.user_id == self.user_id:
            return True
        here = self.guild_id is not None and turn.place.guild_id == self.guild_id
        return here and not turn.private and turn.place.channel_id not in self.hidden


@dataclass(frozen=True, slots=True)
class Search:
    """Pictures that are looked for: of one person, by their words, only private ones."""

    person_id: int | None = None
    words: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the pictures that were found. `number` counts from 0; `first` is a picture's."""

    turns: tuple[Turn, ...]
    number: int
    pages: int
    first: int
    total: int


def search_words(text: str) -> tuple[str, ...]:
    """The words to look for in what a person typed: letters and digits, nothing that means more.

    So no text is a syntax error in a database's search. Empty when there is no word in it.
    """
    found = _WORD.findall(unicodedata.normalize("NFC", text))
    return tuple(word[:LONGEST_WORD] for word in found[:MOST_WORDS])

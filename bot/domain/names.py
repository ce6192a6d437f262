"""The names that people give to characters and styles."""

from __future__ import annotations

import unicodedata

from bot.domain.invalid import Invalid

NAME_MIN, NAME_MAX = 2, 32  # characters
RESERVED = frozenset({"everyone", "here"})  # what Discord makes a mention of


def is_part(character: str) -> bool:
    """Whether a character may stand in a name: a letter, a digit, `_`, `-`, or a vowel sign.

    The vowel signs of Hindi and its relatives are marks to Unicode, not letters.
    """
    return (
        character.isalnum() or character in "_-" or unicodedata.category(character) in {"Mn", "Mc"}
    )


def fold(name: str) -> str:
    """The form that two names are compared in: no difference of case, width or composition.

    `bot/storage` has it as `folded`.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def check_name(name: str) -> str:
    """The name as it is kept. Raises Invalid for one that breaks the rules.

    A leading `@` is dropped: people write the name as they mention it.
    """
    name = unicodedata.normalize("NFKC", name).strip().removeprefix("@")
    if not NAME_MIN <= len(name) <= NAME_MAX:
        raise Invalid("name_length", minimum=NAME_MIN, limit=NAME_MAX)
    if not name[0].isalnum() or not all(map(is_part, name)):
        raise Invalid("name_letters")
    if fold(name) in RESERVED:
        raise Invalid("name_reserved", name=name)
    return name

"""Styles: templates that a wish's words are put into, and an exact text beside them.

The words stand for `{words}`, the exact text for `{text}`. What a person typed is never read
for slots again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.invalid import Invalid
from bot.domain.names import check_name, fold

TEMPLATE_MAX = 1000  # characters
TEXT_MAX = 120  # characters: the model spells longer ones badly
ABOUT_MAX = 100  # characters: what Discord shows of a choice
NONE = "none"  # in the place of a style's name: no style, not even the channel's
LETTERING = 'It bears the exact text "{text}", spelled letter by letter, and no other text.'

_SLOT = re.compile(r"\{(words|text)\}")
_QUOTES = re.compile(r"[\"“”„‟«»「」『』＂`\\]+")


@dataclass(frozen=True, slots=True)
class Style:
    """One style. `about` says it in one line.

    `template` has the slot `{words}`, and `{text}` where it makes no sense without one.
    `lettering` is added when there is a text and the template has no place for it; `bare` when
    there is none. `of_pictures` means that it is about a given picture. `aspect` is the ratio
    to take when the person names none.
    """

    name: str
    about: str
    template: str
    aspect: str | None = None
    lettering: str = LETTERING
    bare: str = ""
    of_pictures: bool = False

    @property
    def needs_text(self) -> bool:
        """Whether the style cannot be used without an exact text."""
        return "{text}" in self.template


PLAIN = Style("", "", "{words}.")
"""No style, for an exact text alone."""


def apply(style: Style, words: str, text: str = "") -> str:
    """What the model is told for words in a style; `text` is to be written in the picture.

    Raises Invalid: `style_needs_text`, `style_text_too_long`.
    """
    text = quotable(text)
    if style.needs_text and not text:
        raise Invalid("style_needs_text", style=style.name)
    template = style.template
    if not style.needs_text:
        added = style.lettering if text else style.bare
        template = f"{template} {added}".strip()
    filled = {"words": words.strip(), "text": text}
    parts = _SLOT.split(template)
    for at in range(1, len(parts), 2):
        parts[at] = filled[parts[at]]
        if parts[at + 1].startswith((".", ",", ":", ";")):  # «a kite.» before «, at dusk»
            parts[at] = parts[at].rstrip(" .,:;")
    return "".join(parts)


def quotable(text: str) -> str:
    """An exact text without what would end its quotation marks, in one line.

    Raises Invalid (`style_text_too_long`) for more than `TEXT_MAX` characters.
    """
    tidy = " ".join(_QUOTES.sub("'", text).split())
    if len(tidy) > TEXT_MAX:
        raise Invalid("style_text_too_long", limit=TEXT_MAX)
    return tidy


def check_style(name: str, about: str, template: str, taken: Iterable[str]) -> Style:
    """A style that a moderator makes. `taken` are names that it must not have.

    Raises Invalid: as `check_name` does for the name; `style_name_taken`; for the template
    `style_too_long`, `style_needs_words` (`{words}` must stand in it once, `{text}` at most
    once) and `style_unknown_slot` (the brace in `slot`).
    """
    name = check_name(name)
    if fold(name) in map(fold, (NONE, *taken)):
        raise Invalid("style_name_taken", name=name)
    template = template.strip()
    if len(template) > TEMPLATE_MAX:
        raise Invalid("style_too_long", limit=TEMPLATE_MAX)
    rest = _SLOT.sub("", template)
    if stray := re.search(r"\{[^{}]*\}|[{}]", rest):
        raise Invalid("style_unknown_slot", slot=stray[0])
    if template.count("{words}") != 1 or template.count("{text}") > 1:
        raise Invalid("style_needs_words")
    return Style(name, " ".join(about.split())[:ABOUT_MAX], template)

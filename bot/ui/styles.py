"""Styles, as they are listed, shown and chosen. Components V2, as in `layout`."""

from __future__ import annotations

from collections.abc import Sequence

from discord.app_commands import Choice

from bot.domain.builtin_styles import BUILTIN
from bot.domain.styles import NONE, Style
from bot.ui import layout
from bot.ui.base import EaselLayout
from bot.ui.texts import say
from bot.ui.words import plain, safe

CHOICE_MAX = 100  # units of what an option's choice shows
NAME_SHOWN = 40
LINE_MAX = 200  # units of what a style is about, in a list
OWN_MAX = 2400  # of all styles of a server together; the built-in ones have half of that
BESIDE = 8  # units of a line that are neither name nor description
TEMPLATE_SHOWN = 2000
ABOUT_SHOWN = 220


def listed(own: Sequence[Style]) -> EaselLayout:
    """The styles of a server, at most 25, and the built-in ones."""
    texts = [say("styles_title")]
    if own:
        room = OWN_MAX // len(own) - NAME_SHOWN - BESIDE
        lines = [_line(style, min(LINE_MAX, room)) for style in own]
        texts.append("\n".join([say("styles_own"), *lines]))
    texts.append("\n".join(_line(style, LINE_MAX) for style in BUILTIN.values()))
    texts.append(say("styles_use"))
    return layout.card(*texts)


def shown(style: Style) -> EaselLayout:
    """All about one style."""
    lines = [
        say("style_about", about=safe(style.about, ABOUT_SHOWN) or "–"),
        say("style_template", template=safe(style.template, TEMPLATE_SHOWN) or "–"),
    ]
    if style.needs_text:
        lines.append(say("style_text"))
    else:
        lines.append(say("style_lettering", lettering=safe(style.lettering, ABOUT_SHOWN * 2)))
    if style.of_pictures:
        lines.append(say("style_pictures"))
    if style.aspect is not None:
        lines.append(say("style_aspect", aspect=style.aspect))
    return layout.card(say("style_title", name=safe(style.name, 2 * NAME_SHOWN)), "\n".join(lines))


def choice(style: Style) -> Choice[str]:
    """A style to be chosen for a command's option."""
    said = style.name if not style.about else _chosen(style)
    return Choice(name=plain(said, CHOICE_MAX), value=style.name)


def no_style() -> Choice[str]:
    """The choice of no style at all."""
    return Choice(name=say("style_none_choice"), value=NONE)


def _chosen(style: Style) -> str:
    return say("style_choice", name=style.name, about=style.about)


def _line(style: Style, about_max: int) -> str:
    name, about = safe(style.name, NAME_SHOWN), safe(style.about, about_max)
    return say("styles_line", name=name, about=about).rstrip()

"""The question before several pictures are drawn of one wish with choices. Components V2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.ids import JobId
from bot.domain.pricing import dollars
from bot.domain.quotas import Usage
from bot.ui import custom_ids, layout
from bot.ui.base import ActionButton, EaselLayout, Item
from bot.ui.texts import say
from bot.ui.words import safe

DRAW_ALL = "draw_all"  # an action on a suggestion

WISHES_SHOWN = 12
WISH_MAX = 180  # units of each wish that is shown


def question(
    suggestion: JobId,
    wishes: Sequence[str],
    count: int,
    cost_usd_micros: int,
    usages: Sequence[Usage],
) -> EaselLayout:
    """What a wish with choices comes to, with a button that draws all of it.

    `wishes` are its words once for each choice, `count` is how often each is drawn. `usages` are
    the limits to show, `cost_usd_micros` is for all together.
    """
    number = len(wishes) * count
    lines = [
        say("permutation_line", words=safe(words, WISH_MAX) or "–")
        for words in wishes[:WISHES_SHOWN]
    ]
    if len(wishes) > WISHES_SHOWN:
        lines.append(say("permutation_more", count=len(wishes) - WISHES_SHOWN))
    if count > 1:
        lines.append(say("permutation_each", count=count))
    limits = [
        say("permutation_cost", cost=dollars(cost_usd_micros)),
        *map(layout.usage_line, usages),
        say("permutation_partly"),
    ]
    custom_id = custom_ids.build(DRAW_ALL, suggestion)
    button: discord.ui.Button[Any] = discord.ui.Button(
        label=say("button_draw_all", count=number),
        style=discord.ButtonStyle.primary,
        custom_id=custom_id,
    )
    parts: list[Item] = [
        discord.ui.TextDisplay(say("permutation_title", count=number)),
        discord.ui.TextDisplay("\n".join(lines)),
        discord.ui.TextDisplay("\n".join(limits)),
        discord.ui.ActionRow[Any](ActionButton(button)),
    ]
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)


def answered(accepted: int, number: int) -> EaselLayout:
    """What stands in the question's place when its pictures are on their way."""
    key = "permutation_all" if accepted == number else "permutation_some"
    return layout.notice(say(key, accepted=accepted, count=number))

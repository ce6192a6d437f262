"""Wishes in words, each with durable buttons that draw it. Components V2, as in `layout`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.ids import JobId
from bot.ui import custom_ids
from bot.ui.base import ActionButton, EaselLayout, Item
from bot.ui.texts import say
from bot.ui.words import safe

PROMPT_SHOWN_MAX = 900  # of each of four prompts; all of it is drawn
WISH_SHOWN_MAX = 3800


def described(prompts: Sequence[tuple[JobId, str]]) -> EaselLayout:
    """Up to four prompts for a picture, each by its suggestion's id, with a button to draw it."""
    parts: list[Item] = [discord.ui.TextDisplay(say("described_title"))]
    for number, (suggestion, words) in enumerate(prompts[:4], 1):
        shown = say("described_prompt", number=number, words=safe(words, PROMPT_SHOWN_MAX) or "–")
        draw: Any = ActionButton.make(custom_ids.DRAW, suggestion)  # V2 items want a LayoutView's
        section: discord.ui.Section[Any] = discord.ui.Section(shown, accessory=draw)
        parts.append(section)
    return _boxed(parts)


def improved(words: str, *, better: JobId, mine: JobId) -> EaselLayout:
    """A wish made fuller, to be drawn, changed, or left for the person's own."""
    return _offer("improved_title", words, better, (custom_ids.DRAW_MINE, mine))


def softened(words: str, *, softer: JobId) -> EaselLayout:
    """A wish that was refused, said more softly, to be drawn or changed."""
    return _offer("softened_title", words, softer)


def _offer(title: str, words: str, suggestion: JobId, *more: tuple[str, JobId]) -> EaselLayout:
    buttons: list[Item] = [
        ActionButton.make(custom_ids.DRAW, suggestion, style=discord.ButtonStyle.primary),
        *(ActionButton.make(action, other) for action, other in more),
        ActionButton.make(custom_ids.REWORD, suggestion),
    ]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(*buttons)
    shown = safe(words, WISH_SHOWN_MAX) or "–"
    return _boxed([discord.ui.TextDisplay(say(title)), discord.ui.TextDisplay(shown), row])


def _boxed(parts: Sequence[Item]) -> EaselLayout:
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)

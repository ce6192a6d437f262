"""What stands under a picture: buttons, and a menu for the rest of what can be done with it.

Nothing stands there that nobody handles. The menu's choices are actions as the buttons are, on
the same job.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import discord

from bot.domain.ids import JobId
from bot.ui import custom_ids
from bot.ui.base import ActionButton, ActionMenu, Item
from bot.ui.texts import say

BUTTONS = (
    custom_ids.EDIT,
    custom_ids.AGAIN,
    custom_ids.VARY,
    custom_ids.CONTINUE,
    custom_ids.COMPARE,
)
MORE = (
    custom_ids.INFO,
    custom_ids.SAVE_CHARACTER,
    custom_ids.UNDO,
    custom_ids.HISTORY_OF,
    custom_ids.TREE,
    custom_ids.LAPSE,
    custom_ids.REGION,
    custom_ids.DELETE,
)
EVERYTHING = frozenset({*BUTTONS, *MORE})
NEED_A_PARENT = frozenset({custom_ids.UNDO, custom_ids.LAPSE})


def offered(handled: Container[str], *, parent: JobId | None, given: bool) -> frozenset[str]:
    """The actions of `handled` that do something below a picture which was made from these.

    `given`: from a picture that somebody attached.

    Going back needs a picture of ours before it, comparing that or one that was given. All the
    others are of use to every picture: edits of it may come at any time.
    """
    nothing = NEED_A_PARENT if parent is None else frozenset[str]()
    if parent is None and not given:
        nothing |= {custom_ids.COMPARE}
    return frozenset(action for action in EVERYTHING - nothing if action in handled)


def rows(job: JobId, handled: Container[str]) -> list[Item]:
    """The row of buttons and the menu, as far as `handled` has what they do.

    The menu may be left without a choice: Discord shows the last one as chosen, and only one
    that can be taken back can be chosen again.
    """
    found: list[Item] = []
    buttons: list[Item] = [
        ActionButton.make(
            action,
            job,
            style=discord.ButtonStyle.secondary if at else discord.ButtonStyle.primary,
        )
        for at, action in enumerate(BUTTONS)
        if action in handled
    ]
    if buttons:
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(*buttons)
        found.append(row)
    options = [
        discord.SelectOption(
            label=say(f"more_{action}"), value=action, description=say(f"more_{action}_about")
        )
        for action in MORE
        if action in handled
    ]
    if options:
        menu: Any = ActionMenu.make(custom_ids.MORE, job, options, least=0)
        further: discord.ui.ActionRow[Any] = discord.ui.ActionRow(menu)
        found.append(further)
    return found

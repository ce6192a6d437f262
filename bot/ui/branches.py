"""What is shown when a picture is varied, compared or gone back from. Components V2."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import discord

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.people import Remix
from bot.domain.pricing import dollars
from bot.ui import layout, under
from bot.ui.base import EaselLayout, EaselModal, Item
from bot.ui.layout import ALT_MAX
from bot.ui.texts import say
from bot.ui.words import plain

MOST_VARIATIONS = 4
COUNT = "count"


class VaryForm(EaselModal):
    """Asks how many variations of a picture, with what each number of them costs."""

    def __init__(self, form: str, job: JobId, each_usd_micros: int) -> None:
        super().__init__(form, job, title=say("form_vary_title"))
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=COUNT,
            options=[
                discord.SelectOption(
                    label=say(
                        "vary_one" if count == 1 else "vary_several",
                        count=count,
                        cost=dollars(count * each_usd_micros),
                    ),
                    value=str(count),
                    default=count == 1,
                )
                for count in range(1, MOST_VARIATIONS + 1)
            ],
        )
        self.ask("form_vary_count", menu, hint="form_vary_count_hint")


def compared(filename: str, words: str) -> EaselLayout:
    """Before and after in one picture, attached as `filename`; `words` made the second."""
    alt = plain(f"{say('compare_alt')}. {words}", ALT_MAX)
    item = discord.MediaGalleryItem(f"attachment://{filename}", description=alt)
    parts: list[Item] = [
        discord.ui.TextDisplay(say("compare_title")),
        discord.ui.MediaGallery(item),
    ]
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)


def gone_back(
    turn: Turn,
    *,
    user_id: int,
    filename: str,
    handled: Container[str],
    spoiler: bool,
) -> EaselLayout:
    """An earlier picture once more, with its buttons: what is asked now goes on from it."""
    where = link(turn)
    if where is None:
        note = say("undo_title_private")
    else:
        note = say("undo_title", user=user_id, link=where)
    return layout.result(
        job=turn.id,
        user_id=turn.user_id,
        words=turn.words,
        filename=filename,
        text=turn.text,
        handled=under.offered(handled, parent=turn.parent, given=bool(turn.inputs)),
        note=note,
        spoiler=spoiler,
    )


def remix(setting: Remix) -> EaselLayout:
    """Who may go on from a person's pictures."""
    return layout.card(say("remix_title"), say(f"remix_{setting.value}"))


def link(turn: Turn) -> str | None:
    """The address of a picture's message; None for one that only its owner can open."""
    if turn.private:
        return None
    guild = turn.place.guild_id or "@me"
    return f"https://discord.com/channels/{guild}/{turn.place.channel_id}/{turn.message_id}"

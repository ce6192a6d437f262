"""How requests get on, before there is a picture. Components V2, as in `layout`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import discord

from bot.domain.ids import JobId, Place, ordinal_of
from bot.domain.patience import EXACT_TO, LONGEST_S, Wait, rounded
from bot.ui import custom_ids
from bot.ui.base import ActionButton, EaselLayout
from bot.ui.layout import WORDS_MAX, card
from bot.ui.texts import say
from bot.ui.words import safe

LINE_WORDS_MAX = 60
LIST_MAX = 1700  # of the lines below one of at most two titles


class Now(StrEnum):
    """What is said of a request that has no place in line."""

    DRAWING = "drawing"
    KEPT = "kept"  # Easel restarts, and the request waits on after that
    BROKEN_OFF = "broken_off"  # Easel restarts in the middle of its drawing


Said: TypeAlias = Wait | Now
"""What a message says. Of a `Wait`, the rounded one: two that are equal look the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """A request in a list.

    `words` may be left empty, for those that are nobody's business. `message_id` is that of the
    message about it, None when it is not known or cannot be shown.
    """

    place: Place
    user_id: int
    words: str
    message_id: int | None
    wait: Wait | None  # None: it is being drawn


def standing(*, job: JobId, words: str, user_id: int, said: Said) -> EaselLayout:
    """What stands in a picture's place until it comes, with a button to cancel it.

    The pictures of one event are told apart by the component's id, which Discord keeps: so the
    message can be found again (`bot.front.finding`).
    """
    shown = safe(words, WORDS_MAX)
    wish = say("wish" if shown else "wish_wordless", words=shown, user=user_id)
    if isinstance(said, Wait):
        text = say("waiting", wish=wish, where=_where(said))
    elif said is Now.DRAWING:
        text = say("drawing" if shown else "drawing_wordless", words=shown, user=user_id)
    else:
        text = say(f"restarting_{said.value}", wish=wish)
    cancel: Any = ActionButton.make(custom_ids.CANCEL, job)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(cancel)
    return EaselLayout(discord.ui.TextDisplay(text, id=ordinal_of(job) + 1), row)


def queue(own: Sequence[Row], others: Sequence[Row] | None = None) -> EaselLayout:
    """A person's requests on their way; for moderators, those of the server's others too."""
    parts = [say("queue_title"), _listed(own, "queue_none", named=False)]
    if others is not None:
        parts += [say("queue_title_server"), _listed(others, "queue_none_server", named=True)]
    return card(*parts)


def _listed(rows: Sequence[Row], none: str, *, named: bool) -> str:
    lines: list[str] = []
    room = LIST_MAX
    for row in rows:
        line = _line(row, named=named)
        room -= len(line) + 1
        if room < 0:
            lines.append(say("queue_more", count=len(rows) - len(lines)))
            break
        lines.append(line)
    return "\n".join(lines) or say(none)


def _line(row: Row, *, named: bool) -> str:
    words = safe(row.words, LINE_WORDS_MAX) or say("queue_wordless")
    where = say("queue_drawing") if row.wait is None else _where(rounded(row.wait))
    line = say("queue_line", words=words, where=where)
    if named:
        line += say("queue_person", user=row.user_id)
    if row.message_id is not None:
        link = (
            f"https://discord.com/channels/{row.place.guild_id or '@me'}"
            f"/{row.place.channel_id}/{row.message_id}"
        )
        line += say("queue_link", link=link)
    return line


def _where(wait: Wait) -> str:
    """A rounded wait in words."""
    if wait.place == 1:
        place = say("place_next")
    else:
        place = say("place" if wait.place <= EXACT_TO else "place_about", place=wait.place)
    if wait.seconds is None:
        return place
    if wait.seconds > LONGEST_S:
        time = say("time_hour")
    elif wait.seconds > 90:
        time = say("time_minutes", minutes=round(wait.seconds / 60))
    else:
        time = say("time_seconds", seconds=round(wait.seconds))
    return say("place_and_time", place=place, time=time)

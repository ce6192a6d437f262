"""Messages, as pure functions from values. All are Components V2.

Discord's limits: 40 components, 4000 characters over all text of a message, 1024 of a
picture's description. Each part has a share of the 4000, so no input can burst a message.
Every call gives a new view: a view that is edited and shown again could take the buttons'
class out of the process (see `bot/ui/base.py`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

import discord

from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.pricing import dollars
from bot.domain.quotas import Limit, Limits, Usage
from bot.ui import custom_ids, under
from bot.ui.base import ActionButton, EaselLayout, Item
from bot.ui.texts import SENTENCE_MAX, say
from bot.ui.words import cut, plain, safe

ALT_MAX = 1024
WORDS_MAX = 600  # of a wish above its picture; all of it is in the picture's alt text
TEXT_MAX = 1500  # of the model's words below the picture
INFO_WORDS_MAX = 3200
NAME_MAX = 120
NOTICE_MAX = 3900
NOTE_MAX = 400

WARNING = discord.Colour(0xE8A33D)


def result(
    *,
    job: JobId,
    user_id: int,
    words: str,
    filename: str,
    text: str = "",
    further: Sequence[str] = (),
    handled: Container[str] = under.EVERYTHING,
    note: str = "",
    spoiler: bool = False,
) -> EaselLayout:
    """A finished picture with its buttons. Post it with the file attached as `filename`.

    `words` are the wish, `text` what the model wrote beside the picture, `further` the names of
    at most nine more files of the same answer. `handled` are the actions that somebody handles:
    others are not offered. `note` is a line of ours above it all, shown as it is. With `spoiler`
    the pictures are seen when somebody asks to.
    """
    parts: list[Item] = [discord.ui.TextDisplay(cut(note, NOTE_MAX))] if note else []
    if shown := safe(words, WORDS_MAX):
        parts.append(discord.ui.TextDisplay(say("result_words", words=shown)))
    alt = plain(words, ALT_MAX) or say("alt_wordless")
    pictures = [
        discord.MediaGalleryItem(f"attachment://{name}", description=alt, spoiler=spoiler)
        for name in (filename, *further)
    ]
    parts.append(discord.ui.MediaGallery(*pictures))
    if said := safe(text, TEXT_MAX, lines=True):
        parts.append(discord.ui.TextDisplay(said))
    parts.append(discord.ui.TextDisplay(say("result_credit", user=user_id)))
    parts.extend(under.rows(job, handled))
    return EaselLayout(_box(*parts))


def failure(
    sentence: str, *, words: str = "", retry: JobId | None = None, softer: bool = False
) -> EaselLayout:
    """A sentence in a picture's place. `words` remind of the wish; `retry` adds «Try again».

    `softer` adds «Say it more softly» beside it. `sentence` comes from `present` or
    `texts.sentence` and is shown as it is.
    """
    parts: list[Item] = [discord.ui.TextDisplay(cut(sentence, SENTENCE_MAX) or say("error"))]
    if shown := safe(words, WORDS_MAX):
        parts.append(discord.ui.TextDisplay(f"> {shown}"))
    if retry is not None:
        parts.append(_row(retry, custom_ids.RETRY, *([custom_ids.SOFTEN] if softer else [])))
    return EaselLayout(_box(*parts, colour=WARNING))


def waits_here(job: JobId, user_id: int) -> EaselLayout:
    """Where a private picture is to be had that found no other way to who asked for it."""
    said = discord.ui.TextDisplay[Any](say("waits_here", user=user_id))
    return EaselLayout(_box(said, _row(job, custom_ids.SHOW)))


def info(turn: Turn) -> EaselLayout:
    """All about one picture. Show it to the person who asked only."""
    picture = turn.picture
    lines = [
        say("info_words", words=safe(turn.words, INFO_WORDS_MAX) or "–"),
        say("info_model", model=safe(turn.model, NAME_MAX) or "–"),
        say("info_route", route=safe(turn.route, NAME_MAX) or "–"),
        say(
            "info_size",
            width=picture.width_px,
            height=picture.height_px,
            bytes=_size(picture.size_bytes),
        ),
        say("info_took", seconds=f"{turn.took_s:.1f}"),
        say("info_cost", cost=dollars(turn.cost_usd_micros)),
        say("info_by", user=turn.user_id, at=int(turn.created_at.timestamp())),
    ]
    if turn.aspect:
        lines.insert(4, say("info_aspect", aspect=safe(turn.aspect, NAME_MAX)))
    if turn.size:
        lines.insert(-3, say("info_resolution", size=safe(turn.size, NAME_MAX)))
    return card(say("info_title"), "\n".join(lines))


def quota(usages: Sequence[Usage]) -> EaselLayout:
    """What is left of each limit and when it returns."""
    lines = [usage_line(usage) for usage in usages]
    return card(say("quota_title"), "\n".join(lines) or say("quota_unlimited"))


def usage_line(usage: Usage) -> str:
    """What is left of one limit."""
    name = say(f"quota_left_{usage.limit.value}")
    key = "quota_left" if usage.allowed else "quota_left_none"
    at = None if usage.returns_at is None else int(usage.returns_at.timestamp())
    if at is None:
        key = "quota_left_once"
    return say(key, name=name, left=usage.left, allowed=usage.allowed, at=at)


def limits(held: Limits) -> EaselLayout:
    """The limits that hold in a server, none of them None."""
    lines = [
        say("limits_line", name=say(f"limits_{limit.value}"), allowed=getattr(held, limit.value))
        for limit in (Limit.PERSON_DAY, Limit.GUILD_DAY, Limit.GUILD_MONTH)
    ]
    return card(say("limits_title"), "\n".join(lines))


def notice(text: str) -> EaselLayout:
    """A few words of ours. `text` is shown as it is: words of people in it must be `safe`."""
    return EaselLayout(discord.ui.TextDisplay(cut(text, NOTICE_MAX) or say("error")))


def card(*texts: str) -> EaselLayout:
    """Texts of ours below each other, in a frame; together at most 4000 characters."""
    parts: list[Item] = [discord.ui.TextDisplay(text) for text in texts]
    return EaselLayout(_box(*parts))


def _box(*parts: Item, colour: discord.Colour | None = None) -> Item:
    box: discord.ui.Container[Any] = discord.ui.Container(*parts, accent_colour=colour)
    return box


def _row(job: JobId, first: str, *others: str) -> Item:
    """Durable buttons for one job; the first is the one most people want."""
    buttons: list[Item] = [
        ActionButton.make(first, job, style=discord.ButtonStyle.primary),
        *(ActionButton.make(action, job) for action in others),
    ]
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(*buttons)
    return row


def _size(size_bytes: int) -> str:
    """A file's size as people read it."""
    if size_bytes < 1024 * 1024:
        return f"{-(-size_bytes // 1024)} KiB"
    return f"{size_bytes / (1024 * 1024):.1f} MiB"

"""Starred pictures as messages of a gallery, and the gallery's settings. As in `layout`."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.conversations import Turn
from bot.domain.stars import STAR, Gallery
from bot.ui import custom_ids, layout
from bot.ui.base import ActionButton, EaselLayout, Item
from bot.ui.branches import link
from bot.ui.texts import say
from bot.ui.words import plain, safe


def card(turn: Turn, count: int, filename: str, *, spoiler: bool) -> EaselLayout:
    """A picture in the gallery. Post it with the file attached as `filename`.

    With `spoiler` it is seen when somebody asks to, as where it was drawn.
    """
    alt = plain(turn.words, layout.ALT_MAX) or say("alt_wordless")
    picture = discord.MediaGalleryItem(f"attachment://{filename}", description=alt, spoiler=spoiler)
    info: Any = ActionButton.make(custom_ids.INFO, turn.id)
    parts: list[Item] = []
    if words := safe(turn.words, layout.WORDS_MAX):
        parts.append(discord.ui.TextDisplay(say("result_words", words=words)))
    credit = say("star_credit", star=STAR, count=count, link=link(turn), user=turn.user_id)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(info)
    parts += [discord.ui.MediaGallery(picture), discord.ui.TextDisplay(credit), row]
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)


def settings(gallery: Gallery | None) -> EaselLayout:
    """Where pictures are shown, and by how many stars."""
    if gallery is None:
        return layout.notice(say("gallery_off", star=STAR))
    return layout.notice(
        say("gallery_on", channel=gallery.channel_id, threshold=gallery.threshold, star=STAR)
    )

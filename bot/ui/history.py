"""Messages for those who look back. Components V2, as in `layout`.

All of a page's state is in the ids of its buttons: `previous_<kind>` and `next_<kind>` with the
kind's two numbers and the number of the page they lead to.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, Literal, TypeAlias

import discord

from bot.domain.conversations import Turn
from bot.domain.history import Page
from bot.domain.ids import JobId
from bot.ui import under
from bot.ui.base import ActionButton, ActionMenu, EaselLayout, Item
from bot.ui.custom_ids import HISTORY_OF, LAPSE, TREE
from bot.ui.layout import ALT_MAX, WORDS_MAX, result
from bot.ui.texts import say
from bot.ui.words import plain, safe

OPEN = "history_open"  # a menu

Kind: TypeAlias = Literal["all", "found", "branch"]
KINDS: tuple[Kind, ...] = ("all", "found", "branch")

SEARCH_MAX = 200
WHO_WORDS_MAX = 2500
OPTION_MAX = 100  # characters of an option, Discord's limit
OPTIONS_MAX = 25
TILE_ALT_MAX = 80


def page(
    shown: Page, *, title: str, kind: Kind, state: tuple[int, int], filename: str | None
) -> EaselLayout:
    """A page with its sheet, attached as `filename`; None when it has no picture to be seen.

    `title` is a text of ours; words of people in it are safe.
    """
    parts: list[Item] = [discord.ui.TextDisplay(title)]
    numbered = list(enumerate(shown.turns, shown.first))
    where = {"page": shown.number + 1, "pages": shown.pages}
    if filename is not None and numbered:
        words = " ".join(f"{number}. {plain(one.words, TILE_ALT_MAX)}" for number, one in numbered)
        parts.append(_gallery(filename, say("history_alt", words=words)))
        last = shown.first + len(numbered) - 1
        said = say("history_where", first=shown.first, last=last, total=shown.total, **where)
        parts.append(discord.ui.TextDisplay(said))
        options = [_option(one, f"{number}. {one.words}") for number, one in numbered]
        parts.append(_menu(options))
    else:
        parts.append(discord.ui.TextDisplay(say("history_where_none", **where)))
    buttons: list[Item] = []
    if shown.number > 0:
        buttons.append(_step("previous", kind, state, shown.number - 1))
    if shown.number < shown.pages - 1:
        buttons.append(_step("next", kind, state, shown.number + 1))
    if kind == "branch" and shown.total > 1 and shown.turns:
        newest = shown.turns[-1].id
        buttons += [ActionButton.make(TREE, newest), ActionButton.make(LAPSE, newest)]
    if buttons:
        parts.append(_row(buttons))
    return _boxed(parts)


def title(*, person_id: int | None, words: str, private: bool) -> str:
    """What a page says above its pictures."""
    said = safe(words, SEARCH_MAX)
    if said and person_id is not None:
        return say("history_title_found_person", user=person_id, words=said)
    if said:
        return say("history_title_found", words=said)
    if private:
        return say("history_title_private")
    if person_id is not None:
        return say("history_title_person", user=person_id)
    return say("history_title")


def opened(turn: Turn, filename: str, handled: Container[str]) -> EaselLayout:
    """A picture of the past as `layout.result` shows it, and above it where it was posted."""
    at, where = int(turn.created_at.timestamp()), link(turn)
    if where is None:
        note = say("history_opened", at=at)
    else:
        note = say("history_opened_link", at=at, link=where)
    return result(
        job=turn.id,
        user_id=turn.user_id,
        words=turn.words,
        filename=filename,
        text=turn.text,
        handled=under.offered(handled, parent=turn.parent, given=bool(turn.inputs)),
        note=note,
    )


def not_kept(turn: Turn) -> EaselLayout:
    """A picture whose file is gone: what is known of it."""
    return _boxed(
        [discord.ui.TextDisplay(say("history_not_kept")), discord.ui.TextDisplay(_made(turn))]
    )


def tree(
    turns: Sequence[Turn], current: JobId, *, left_out: int, complete: bool, filename: str
) -> EaselLayout:
    """A drawn family, attached as `filename`. `turns` are those shown, by their numbers."""
    count = len(turns)
    key = "tree_left_out_many" if not complete else "tree_left_out" if left_out else "tree_all"
    said = say(key, count=count, left_out=left_out)
    numbered = list(enumerate(turns, 1))
    words = " ".join(f"{number}. {plain(one.words, TILE_ALT_MAX)}" for number, one in numbered)
    options = [_option(one, f"{number}. {one.words}") for number, one in numbered]
    # A time-lapse of the first picture would have nothing but that.
    further = [LAPSE] if any(one.id == current and one.parent for one in turns) else []
    return _boxed(
        [
            discord.ui.TextDisplay(say("tree_title")),
            _gallery(filename, say("tree_alt", count=count, words=words)),
            discord.ui.TextDisplay(said),
            _menu(options[:OPTIONS_MAX]),
            _row([ActionButton.make(action, current) for action in (HISTORY_OF, *further)]),
        ]
    )


def lapse(turn: Turn, count: int, filename: str) -> EaselLayout:
    """A time-lapse that ends with a picture, attached as `filename`."""
    parts: list[Item] = [
        discord.ui.TextDisplay(say("lapse_title", count=count)),
        _gallery(filename, say("lapse_alt", words=turn.words)),
    ]
    if shown := safe(turn.words, WORDS_MAX):
        parts.append(discord.ui.TextDisplay(say("who_words", words=shown)))
    parts.append(_row([ActionButton.make(HISTORY_OF, turn.id), ActionButton.make(TREE, turn.id)]))
    return _boxed(parts)


def origin(turn: Turn, *, family: int, complete: bool, differs: int | None) -> EaselLayout:
    """Who made a picture, when, with which words, and how large its family is.

    `differs` is how far its hash is from that of the picture that was shown, None when it was
    found another way.
    """
    shown = safe(turn.words, WHO_WORDS_MAX)
    key = "who_family_many" if not complete else "who_family" if family > 1 else "who_alone"
    lines = [say(key, count=family, id=turn.id)]
    if differs is not None:
        lines.append(say("who_alike" if differs else "who_same"))
    buttons: list[Item] = [ActionButton.make(HISTORY_OF, turn.id)]
    if family > 1:
        buttons.append(ActionButton.make(TREE, turn.id))
    return _boxed(
        [
            discord.ui.TextDisplay(say("who_title")),
            discord.ui.TextDisplay(_made(turn)),
            discord.ui.TextDisplay(say("who_words", words=shown) if shown else say("who_wordless")),
            discord.ui.TextDisplay("\n".join(lines)),
            _row(buttons),
        ]
    )


def link(turn: Turn) -> str | None:
    """The address of the message that a picture was posted in; None when nobody can open it."""
    if turn.private:
        return None
    guild = turn.place.guild_id or "@me"
    return f"https://discord.com/channels/{guild}/{turn.place.channel_id}/{turn.message_id}"


def _made(turn: Turn) -> str:
    said = say("who_by", user=turn.user_id, at=int(turn.created_at.timestamp()))
    where = link(turn)
    return said if where is None else said + say("who_link", link=where)


def _step(
    step: Literal["previous", "next"], kind: Kind, state: tuple[int, int], number: int
) -> Item:
    return ActionButton.make(f"{step}_{kind}", JobId(f"{state[0]}-{state[1]}-{number}"))


def _option(turn: Turn, label: str) -> discord.SelectOption:
    said = plain(label, OPTION_MAX) or say("alt_wordless")
    return discord.SelectOption(label=said, value=turn.id)


def _menu(options: Sequence[discord.SelectOption]) -> Item:
    menu: Any = ActionMenu.make(OPEN, "0", options, least=0)  # V2 items want a LayoutView's
    return _row([menu])


def _row(items: Sequence[Item]) -> Item:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(*items)
    return row


def _gallery(filename: str, alt: str) -> Item:
    said = plain(alt, ALT_MAX)
    item = discord.MediaGalleryItem(f"attachment://{filename}", description=said)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(item)
    return gallery


def _boxed(parts: Sequence[Item]) -> EaselLayout:
    box: discord.ui.Container[Any] = discord.ui.Container(*parts)
    return EaselLayout(box)

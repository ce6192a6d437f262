"""What is shown of a channel's rules and of studios. Components V2, as in `layout`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.channels import Channel, ChannelRules, Mode, holder
from bot.ui import layout
from bot.ui.base import EaselLayout
from bot.ui.texts import say
from bot.ui.words import plain, safe

NAME_SHOWN_MAX = 80  # of a style, ratio or character
THREAD_NAME_MAX = 90  # Discord takes 100
WORDS_SHOWN_MAX = 300

FIELDS = ("mode", "style", "aspect", "characters", "channel_day", "slow_mode_s", "nsfw")


def rules(
    channel_id: int,
    held: ChannelRules,
    own: Channel | None,
    parent: Channel | None,
    *,
    readable: bool = True,
) -> EaselLayout:
    """The rules that hold in a channel, and which of them are those of the one it is in.

    `readable` is false where Discord hides messages from the bot that do not mention it.
    """
    lines: list[str] = []
    for field in FIELDS:
        line = say(f"channel_line_{field}", value=_value(field, held))
        if parent is not None and holder(field, own, parent) == parent.id:
            line += say("channel_inherited", channel=parent.id)
        lines.append(line)
    if held.mode is Mode.ART and not readable:
        lines.append(say("channel_mode_art_unread"))
    return layout.card(say("channel_title", channel=channel_id), "\n".join(lines))


def studio(
    channel: Channel, *, start: str = "", opened_by: int | None = None, readable: bool = True
) -> EaselLayout:
    """The first message in a studio. `start` says which picture it begins with.

    `opened_by` made a thread a studio that had been something else.
    """
    lines = [] if opened_by is None else [say("studio_here", user=opened_by)]
    lines.append(say("studio_how"))
    if start:
        lines.append(say("studio_start", picture=start))
    settings = channel.settings
    if settings.style is not None:
        lines.append(say("studio_line_style", value=_name(settings.style)))
    if settings.aspect is not None:
        lines.append(say("studio_line_aspect", value=_name(settings.aspect)))
    if settings.characters:
        lines.append(say("studio_line_characters", value=_names(settings.characters)))
    if not readable:
        lines.append(say("studio_unread"))
    return layout.card(say("studio_title"), "\n".join(lines))


def start_link(link: str) -> str:
    """The picture that a studio begins with, as a link to its message."""
    return say("studio_start_link", link=link)


def start_words(words: str) -> str:
    """The same where there is no message to link to: by its words."""
    return say("studio_start_words", words=safe(words, WORDS_SHOWN_MAX) or "–")


def thread_name(words: str, person: str) -> str:
    """A thread's name: the words of its picture, or whose it is."""
    named = plain(words, THREAD_NAME_MAX)
    return named or plain(say("studio_name", name=person), THREAD_NAME_MAX)


def _value(field: str, held: ChannelRules) -> str:
    match field:
        case "mode":
            return say(f"channel_mode_{held.mode}")
        case "nsfw":
            return say(f"channel_nsfw_{held.nsfw}")
        case "style" | "aspect":
            value: str | None = getattr(held, field)
            return say("channel_unset") if value is None else _name(value)
        case "characters":
            return _names(held.characters)
        case "channel_day":
            return _pictures(held.channel_day)
        case _:
            count = held.slow_mode_s
            return say("channel_seconds", count=count) if count else say("channel_unset")


def _pictures(count: int | None) -> str:
    if count is None:
        return say("channel_unset")
    special = {0: "channel_pictures_none", 1: "channel_pictures_one"}
    return say(special.get(count, "channel_pictures"), count=count)


def _name(name: str) -> str:
    return safe(name, NAME_SHOWN_MAX)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"@{_name(name)}" for name in names) or say("channel_unset")

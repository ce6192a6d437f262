"""What holds in a channel, and whether a message in it is a wish."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.ids import JobId
from bot.domain.invalid import Invalid
from bot.domain.jobs import Wish

SLOW_MODE_MAX_S = 21_600  # as Discord's own


class Mode(StrEnum):
    """What the bot listens to in a channel."""

    OFF = "off"  # nothing: commands and mentions are told so
    COMMANDS = "commands"  # commands, mentions, replies to its pictures
    ART = "art"  # every message is a wish


class Nsfw(StrEnum):
    """What holds for pictures that are not for everybody, beside the provider's own filter."""

    ANY = "any"  # nothing more
    SPOILER = "spoiler"  # every picture is posted behind a spoiler
    AGE_RESTRICTED = "age_restricted"  # wishes only where Discord asks for people's age


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """A channel's settings; a thread has its own, or its parent's.

    `style`, `aspect` and `characters` (names) hold where a wish names none. `channel_day` are
    the pictures that may be drawn here in a day, None for no limit but the server's.
    `slow_mode_s` are the seconds between two wishes of a person.
    """

    mode: Mode = Mode.COMMANDS
    style: str | None = None
    aspect: str | None = None
    characters: tuple[str, ...] = ()
    channel_day: int | None = None
    slow_mode_s: int = 0
    nsfw: Nsfw = Nsfw.ANY


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What is set for one channel or thread. None: as its parent has it, or the default."""

    mode: Mode | None = None
    style: str | None = None
    aspect: str | None = None
    characters: tuple[str, ...] | None = None
    channel_day: int | None = None
    slow_mode_s: int | None = None
    nsfw: Nsfw | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or thread for which something is set.

    A thread with an owner is a studio: each message in it is a turn of a conversation. It is
    open while `active_at`, its last use, is not None. `start` is the picture that it goes on
    from before it has one of its own.
    """

    id: int
    guild_id: int | None
    settings: ChannelSettings = ChannelSettings()
    owner_id: int | None = None
    start: JobId | None = None
    active_at: dt.datetime | None = None

    @property
    def is_studio(self) -> bool:
        """Whether every message here is a turn."""
        return self.owner_id is not None


def rules_of(own: ChannelSettings | None, parent: ChannelSettings | None = None) -> ChannelRules:
    """The rules that hold where these settings are made: each its own, the parent's, the default.

    A studio's thread has a style of its own and the slow mode and limit of the channel it is in.
    """
    values: dict[str, Any] = {}
    for settings in (parent, own):
        if settings is not None:
            values |= {
                name: value
                for name in settings.__slots__
                if (value := getattr(settings, name)) is not None
            }
    return ChannelRules(**values)


def holder(field: str, own: Channel | None, parent: Channel | None) -> int | None:
    """The channel whose setting holds: what is counted, is counted by it. None: nobody set it."""
    for channel in (own, parent):
        if channel is not None and getattr(channel.settings, field) is not None:
            return channel.id
    return None


def with_ratio(wish: Wish, rules: ChannelRules) -> Wish:
    """The wish in the channel's ratio, where it names none itself.

    An edit keeps its picture's, and what is drawn from given pictures keeps theirs.
    """
    if wish.aspect is not None or wish.parent is not None or wish.sources:
        return wish
    return replace(wish, aspect=rules.aspect)


def check_rules(rules: ChannelRules) -> None:
    """Raises Invalid (`slow_mode_range`, `channel_quota_range`) for numbers out of range."""
    if not 0 <= rules.slow_mode_s <= SLOW_MODE_MAX_S:
        raise Invalid("slow_mode_range", limit=SLOW_MODE_MAX_S)
    if rules.channel_day is not None and rules.channel_day < 0:
        raise Invalid("channel_quota_range")


def check_place(rules: ChannelRules, *, age_restricted: bool) -> None:
    """Whether anything may be drawn here. Raises Invalid: `channel_off`, `channel_age`.

    `age_restricted` is Discord's mark of the channel, or of a thread's parent.
    """
    if rules.mode is Mode.OFF:
        raise Invalid("channel_off")
    if rules.nsfw is Nsfw.AGE_RESTRICTED and not age_restricted:
        raise Invalid("channel_age")


def wait_s(rules: ChannelRules, last_at: dt.datetime | None, now: dt.datetime) -> int:
    """The whole seconds that a person has to wait here after their last wish; 0 for none."""
    if last_at is None:
        return 0
    left = rules.slow_mode_s - (now - last_at).total_seconds()
    return max(0, min(rules.slow_mode_s, -int(-left // 1)))


class ReplyTo(StrEnum):
    """What a message replies to."""

    NOTHING = "nothing"
    OURS = "ours"  # a picture of the bot's
    PICTURE = "picture"  # somebody's message with a picture
    OTHER = "other"  # anything else, or a message that cannot be read


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, as far as it matters whether it is a wish.

    `words` and `pictures` say whether there are any beside the mention. `readable` is false
    where Discord hides other people's words from the bot (no Message Content intent).
    """

    direct: bool = False
    by_bot: bool = False
    mentioned: bool = False
    reply_to: ReplyTo = ReplyTo.NOTHING
    words: bool = True
    pictures: bool = False
    readable: bool = True


class Meant(StrEnum):
    """What a message is to the bot."""

    NOTHING = "nothing"
    WISH = "wish"
    EDIT = "edit"  # of the picture it replies to
    HINT = "hint"  # a reply whose words are hidden: say how to do it
    OFF = "off"  # meant for the bot, where it is switched off: say so


def meant(heard: Heard, mode: Mode) -> Meant:
    """What a message is in a channel of this mode. In direct messages the mode does not count.

    A mention and a direct message always are for the bot, with nothing in them too: then the
    person is told what is lacking. In art channels a picture without words is a picture that
    somebody shows, and a reply to somebody's words is talk.
    """
    if heard.by_bot:
        return Meant.NOTHING
    replying = heard.reply_to in {ReplyTo.OURS, ReplyTo.PICTURE}
    if heard.direct or heard.mentioned:
        if mode is Mode.OFF and not heard.direct:
            return Meant.OFF
        return Meant.EDIT if replying else Meant.WISH
    if mode is Mode.OFF:
        return Meant.NOTHING
    if heard.reply_to is ReplyTo.OURS:
        if heard.words or heard.pictures:
            return Meant.EDIT
        return Meant.NOTHING if heard.readable else Meant.HINT
    if mode is not Mode.ART or not heard.words:
        return Meant.NOTHING
    if heard.reply_to is ReplyTo.PICTURE:
        return Meant.EDIT
    return Meant.WISH if heard.reply_to is ReplyTo.NOTHING else Meant.NOTHING

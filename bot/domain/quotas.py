"""Limits, the periods they count in, and what is left of them. Days and months are UTC's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import Place


class Limit(StrEnum):
    """The limits a request is measured against."""

    CHANNEL_DAY = "channel_day"
    GUILD_DAY = "guild_day"
    GUILD_MONTH = "guild_month"
    PERSON_DAY = "person_day"
    GIFT = "gift"
    POT = "pot"


OWN = frozenset({Limit.PERSON_DAY, Limit.GIFT, Limit.POT})
"""Limits of pictures alone: what was paid for no picture is not booked on their counters."""

GRANTED, SPENT = "granted", "spent"
"""The periods of a gift's two counters: what was given, and what was used of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Pictures allowed in a period. None means: as the settings say."""

    guild_day: int | None = None
    guild_month: int | None = None
    person_day: int | None = None

    def or_else(self, default: Limits) -> Limits:
        """These limits, with the default's where none is set."""
        return Limits(
            default.guild_day if self.guild_day is None else self.guild_day,
            default.guild_month if self.guild_month is None else self.guild_month,
            default.person_day if self.person_day is None else self.person_day,
        )


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter that a request adds to: a row of (scope, period), and its limit.

    `gifts` is the scope of the gifts that are used where this counter is full.
    """

    limit: Limit
    scope: str
    period: str
    allowed: int
    gifts: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one limit is used, and when it starts again (None: never)."""

    limit: Limit
    used: int
    allowed: int
    returns_at: dt.datetime | None

    @property
    def left(self) -> int:
        """Pictures that may still be asked for; never negative."""
        return max(0, self.allowed - self.used)

    def values(self) -> dict[str, int]:
        """The values of the sentence that this limit is used up."""
        said = {"limit": self.allowed, "used": self.used}
        if self.returns_at is not None:
            said["returns_at"] = int(self.returns_at.timestamp())
        return said


@dataclass(frozen=True, slots=True)
class ChannelLimit:
    """The pictures that may be drawn in a channel and its threads in a day."""

    channel_id: int
    allowed: int


def gifts(guild_id: int, user_id: int) -> str:
    """The scope of a person's gifts in a guild."""
    return f"gift:{guild_id}:{user_id}"


def pot(challenge_id: str, pictures: int) -> Counter:
    """The counter of a challenge's pot."""
    return Counter(Limit.POT, f"challenge:{challenge_id}", "pot", pictures)


def counters(
    place: Place,
    user_id: int,
    limits: Limits,
    now: dt.datetime,
    channel: ChannelLimit | None = None,
    pot: Counter | None = None,
) -> tuple[Counter, ...]:
    """The counters a picture asked for here and now adds to.

    In a guild: the guild's day and month, the person's day there, and the channel's day where
    it has a limit of its own. Where there is a pot, it pays in the person's place; where the
    person's day is used up, their gifts do.
    In direct messages: the person's own day. `limits` must hold no None.
    """
    day, month = now.strftime("%Y-%m-%d"), now.strftime("%Y-%m")
    assert limits.person_day is not None
    if place.guild_id is None:
        return (Counter(Limit.PERSON_DAY, f"user:{user_id}", day, limits.person_day),)
    assert limits.guild_day is not None
    assert limits.guild_month is not None
    guild = f"guild:{place.guild_id}"
    own: tuple[Counter, ...] = ()
    if channel is not None:
        scope = f"channel:{channel.channel_id}"
        own = (Counter(Limit.CHANNEL_DAY, scope, day, channel.allowed),)
    person = Counter(
        Limit.PERSON_DAY,
        f"{guild}:user:{user_id}",
        day,
        limits.person_day,
        gifts(place.guild_id, user_id),
    )
    return (
        pot or person,
        *own,
        Counter(Limit.GUILD_DAY, guild, day, limits.guild_day),
        Counter(Limit.GUILD_MONTH, guild, month, limits.guild_month),
    )


def returns_at(limit: Limit, now: dt.datetime) -> dt.datetime | None:
    """When a limit's period ends and its pictures return; None when they never do."""
    if limit in (Limit.GIFT, Limit.POT):
        return None
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if limit is Limit.GUILD_MONTH:
        return (midnight.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return midnight + dt.timedelta(days=1)

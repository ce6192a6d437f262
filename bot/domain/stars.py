"""Stars: the pictures that people of a server liked so much that its gallery shows them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import JobId

STAR = "⭐"
THRESHOLD = 3  # stars, where a moderator says nothing else


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where a server shows pictures, and how many stars they need."""

    channel_id: int
    threshold: int = THRESHOLD


@dataclass(frozen=True, slots=True)
class Star:
    """A picture that reached its server's threshold once.

    `message_id` shows it in the channel; None before it is posted, 0 where that could not be or
    where somebody took it away: it is not posted again then.
    """

    turn: JobId
    guild_id: int
    channel_id: int
    message_id: int | None
    count: int

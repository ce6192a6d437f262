"""What a guild's moderators decide."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.quotas import Limits


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A guild's own values; what is not set follows the operator's settings."""

    limits: Limits = Limits()

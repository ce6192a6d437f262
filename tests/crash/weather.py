"""Everything that can go wrong at the provider and at Discord, each a little, on a bad day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.standins.discord import DiscordServer
from bot.standins.discord import Fault as Trouble
from bot.standins.provider import Fault, Kind, ProviderServer

T = TypeVar("T")

MIB = 1024 * 1024
FREE = (400, 401, 402, 403, 404, 413, 422)  # statuses after which nothing was billed
MESSAGES = "* /channels/*"

CALLS: tuple[Fault, ...] = (
    *(Fault(Kind.STATUS, status=status) for status in (*FREE, 408, 500, 503)),
    *(Fault(Kind.STATUS, status=status, billed=True) for status in (500, 502, 524)),
    Fault(Kind.STATUS, status=429, retry_after_s=0.1),
    Fault(Kind.STATUS, status=429),
    *(
        Fault(kind)
        for kind in Kind
        if kind not in {Kind.STATUS, Kind.HUGE, Kind.LINK_REDIRECT}  # the last is no trouble
    ),
    Fault(Kind.HUGE, declared=True),
    Fault(Kind.HUGE, size_bytes=70 * MIB),
)
"""What a call for a picture may meet: every kind that the stand-in knows."""

FILES: tuple[Fault, ...] = (
    *(Fault(Kind.STATUS, status=status) for status in (404, 429, 500, 503)),
    *(Fault(kind) for kind in (Kind.HTML, Kind.CUT_AFTER, Kind.CUT_IN_BODY, Kind.CONTENT_TYPE)),
    Fault(Kind.HUGE, size_bytes=70 * MIB),
)
"""What fetching a drawn picture may meet."""

SLOW_FILES = (Fault(Kind.HANG), Fault(Kind.HANG_IN_BODY))
"""What keeps a drawn picture, which is paid, for a minute."""

DISCORD: tuple[Trouble, ...] = (
    *(Trouble(status) for status in (500, 502, 503, 504)),
    *(Trouble(status, late=True) for status in (500, 502)),
    Trouble(429, retry_after_s=0.3),
    Trouble(429, retry_after_s=0.1, is_global=True),
    Trouble(cut=True),
    Trouble(cut=True, late=True),
    Trouble(delay_s=0.4),
    Trouble(delay_s=0.4, late=True),
)
"""What a REST call may meet, before it has taken effect and (`late`) after it.

Not «no permission» and «no such message»: those last, and tests of their own are about them.
"""


def bad_provider(provider: ProviderServer, share: float, *, slow: int) -> None:
    """Let each call for a picture, and each fetch of one, go wrong with this probability.

    `slow` is how many fetches are kept for a minute, in each way.
    """
    for fault in SLOW_FILES * bool(slow):
        provider.faults.once(fault, "file", slow)
    for faults, route in ((CALLS, None), (FILES, "file")):
        for fault, probability in _shared_out(faults, share):
            provider.faults.sometimes(fault, probability, route)


def bad_discord(discord: DiscordServer, share: float) -> None:
    """Let each REST call go wrong with this probability."""
    for trouble, probability in _shared_out(DISCORD, share):
        discord.faults.sometimes(trouble, probability)


def _shared_out(faults: Sequence[T], share: float) -> list[tuple[T, float]]:
    """Each with a probability by which all are equally likely: the first that strikes decides."""
    each = share / len(faults)
    return [(fault, each / (1 - each * number)) for number, fault in enumerate(faults)]

"""Where answers go, as the services see it. Discord is one implementation, the terminal another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.conversations import Turn
from bot.domain.images import AttachmentSource
from bot.domain.jobs import Job
from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a picture was posted."""

    channel_id: int
    message_id: int
    attachment_id: int


class Delivery(Protocol):
    """Posts pictures and sentences. Posting a job twice gives one message.

    Raises DeliveryError when the answer can reach nobody, DiscordUnavailable when it may later.
    """

    async def upload_limit_bytes(self, job: Job) -> int:
        """How large a file may be where this job's answer goes."""
        ...

    async def drawing(self, job: Job) -> None:
        """Wait for the first answer, which is being shown, but not for long."""
        ...

    async def post(self, job: Job, pictures: Sequence[tuple[bytes, str]]) -> Posted:
        """Post drawn pictures in the place of «drawing»: bytes and media types, the first in front.

        Gives the place of the first one.
        """
        ...

    async def tell(self, job: Job, error: UserError) -> None:
        """Say in the place of «drawing» why there is no picture."""
        ...

    async def fresh_url(self, source: AttachmentSource) -> str:
        """A valid address of an attachment whose own has expired. Raises MessageGone."""
        ...

    async def picture_url(self, turn: Turn) -> str:
        """A valid address of a posted picture. Raises MessageGone when it was deleted."""
        ...

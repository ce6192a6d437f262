"""Identities. Snowflakes are Discord's 64-bit ids; a job's id is made from its event's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NewType

JobId = NewType("JobId", str)
"""`<snowflake of the interaction or message>`, with `-<n>` behind it for its n-th picture."""

BlobKey = NewType("BlobKey", str)
"""The SHA-256 of a stored file, in hexadecimal."""


def job_id(event: int, ordinal: int = 0) -> JobId:
    """The id of an event's picture: the same event always gives the same ids."""
    return JobId(str(event) if ordinal == 0 else f"{event}-{ordinal}")


def event_of(job: JobId) -> int:
    """The event that an id was made from."""
    return int(job.partition("-")[0])


def is_further(job: JobId) -> bool:
    """Whether this is not the first picture of its event."""
    return "-" in job


def ordinal_of(job: JobId) -> int:
    """Which picture of its event this is; 0 is the first."""
    return int(job.partition("-")[2] or 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request was made. `guild_id` is None in direct messages.

    What is not a part of its identity, and not kept with it: `parent_id` is the channel that a
    thread is in, `age_restricted` Discord's mark of the channel or of that one.
    """

    guild_id: int | None
    channel_id: int
    parent_id: int | None = field(default=None, compare=False)
    age_restricted: bool = field(default=False, compare=False)

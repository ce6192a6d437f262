"""Finding our own message when its id was not written down: the process died too early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord

from bot.domain.ids import JobId, job_id
from bot.errors import RequestError
from bot.ui import custom_ids

LOOKED_AT = 100  # messages after the request: one call of Discord


async def find_answer(
    channel: discord.PartialMessageable, job: JobId, own_id: int
) -> discord.Message | None:
    """Our answer to a request, if it stands in the channel; ephemeral ones cannot be found."""
    event = int(job.partition("-")[0])
    after = discord.Object(event)
    async for message in channel.history(limit=LOOKED_AT, after=after, oldest_first=True):
        if message.author.id == own_id and _answers(message, job, event):
            return message
    return None


def _answers(message: discord.Message, job: JobId, event: int) -> bool:
    """Whether a message of ours is about this job: by its buttons, or by what it answers."""
    jobs = set(_jobs(message.components))
    if jobs:
        return job in jobs
    asked = message.interaction_metadata
    if asked is not None and asked.id == event:
        # `layout.drawing` gives each picture of an event its own component's id.
        first = message.components[0] if message.components else None
        number = first.id if isinstance(first, discord.TextDisplay) else None
        return job == job_id(event, (number or 1) - 1)
    replied_to = message.reference
    return replied_to is not None and replied_to.message_id == event


def _jobs(components: Iterable[object]) -> Iterator[JobId]:
    """The jobs that the buttons below these components act on."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id is not None:
            try:
                yield custom_ids.parse(custom_id).job
            except RequestError:
                continue  # of another version
        yield from _jobs(getattr(component, "children", ()))

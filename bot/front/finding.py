"""Finding our own message when its id was not written down: the process died too early."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import discord

from bot.domain.ids import JobId, event_of, job_id
from bot.errors import RequestError
from bot.ui import custom_ids

LOOKED_AT = 100  # messages after the request: one call of Discord


def picture_shown(message: discord.Message, own_id: int) -> JobId | None:
    """The job whose picture a message of ours shows once more, by what stands below it.

    Under most there is the menu, under a gallery's Info alone; other buttons stand under sheets.
    """
    if message.author.id != own_id:
        return None
    return next(_jobs(message.components, only={custom_ids.MORE, custom_ids.INFO}), None)


async def find_answer(
    channel: discord.PartialMessageable, job: JobId, own_id: int
) -> discord.Message | None:
    """Our answer to a request, if it stands in the channel; ephemeral ones cannot be found."""
    event = event_of(job)
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
    # The further ones of a message were asked for by a press on the question below it.
    replied_to = message.reference
    return job == job_id(event) and replied_to is not None and replied_to.message_id == event


def _jobs(components: Iterable[object], *, only: Container[str] | None = None) -> Iterator[JobId]:
    """The jobs that the buttons below these components act on; `only` those with such actions."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id is not None:
            try:
                press = custom_ids.parse(custom_id)
            except RequestError:
                continue  # of another version
            if only is None or press.action in only:
                yield press.job
        yield from _jobs(getattr(component, "children", ()), only=only)


async def with_button(
    channel: discord.PartialMessageable, custom_id: str, own_id: int, *, but: int = 0
) -> discord.Message | None:
    """Our message among a channel's latest that has a button with this id; not the one `but`."""
    async for message in channel.history(limit=LOOKED_AT):
        ours = message.author.id == own_id and message.id != but
        if ours and custom_id in _ids(message.components):
            return message
    return None


def _ids(components: Iterable[object]) -> Iterator[str]:
    """The custom ids of these components and all below."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id is not None:
            yield custom_id
        yield from _ids(getattr(component, "children", ()))

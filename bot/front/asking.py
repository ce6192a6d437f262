"""Asking for a picture: the first answer at once, the request into the books beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from typing import TypeVar

import aiohttp
import discord

from bot.domain.ids import JobId, Place, is_further, job_id
from bot.domain.images import AttachmentSource
from bot.domain.jobs import Job, Reply, Wish
from bot.errors import PictureError
from bot.front.delivery import DiscordDelivery
from bot.services.generate import Generate
from bot.ui import layout
from bot.ui.base import Interaction
from bot.ui.present import from_discord, present

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_S = 0.8  # how long the first answer may wait for the books before it says «thinking»
MAX_FILE_BYTES = 50 * 1024 * 1024


def attachment_source(
    attachment: discord.Attachment, message: discord.Message | None = None
) -> AttachmentSource:
    """Where an attachment's picture is. Raises PictureError when it is too large to be read."""
    if attachment.size > MAX_FILE_BYTES:
        raise PictureError("picture_too_large", limit_mib=MAX_FILE_BYTES // 1024**2)
    if message is None:
        return AttachmentSource(attachment.url)
    return AttachmentSource(attachment.url, message.channel.id, message.id, attachment.id)


def pictures_of(message: discord.Message) -> list[AttachmentSource]:
    """The pictures that somebody attached to a message; other files are not meant.

    Discord names no type for endings it does not know; such a file may be a picture.
    """
    return [
        attachment_source(attachment, message)
        for attachment in message.attachments
        if (attachment.content_type or "image/").startswith("image/")
    ]


def files_of(message: discord.Message) -> list[AttachmentSource]:
    """All that somebody attached to a wish: what is no picture is refused, not passed over."""
    return [attachment_source(attachment, message) for attachment in message.attachments]


def sources(attachments: Sequence[discord.Attachment | None]) -> tuple[AttachmentSource, ...]:
    """The pictures given to a command, in order."""
    return tuple(attachment_source(given) for given in attachments if given is not None)


async def tell(message: discord.Message, error: Exception) -> None:
    """Reply to a message with the sentence of an error; if even that fails, log it."""
    notice = layout.notice(present(error).sentence)
    key = getattr(error, "key", type(error).__name__)
    await _try(message.reply(view=notice, mention_author=False), f"what was wrong ({key})")


async def _try(call: Awaitable[T], what: str) -> T | None:
    """Make a call of Discord that matters less than what goes on without it."""
    try:
        return await call
    except discord.HTTPException as error:
        logger.warning("could not say %s: %s", what, from_discord(error))
    except (discord.InteractionResponded, aiohttp.ClientError, OSError, TimeoutError) as error:
        logger.warning("could not say %s: %r", what, error)
    return None


class Asking:
    """Takes wishes from interactions and messages."""

    def __init__(self, generate: Generate, delivery: DiscordDelivery) -> None:
        self._generate = generate
        self._delivery = delivery

    async def interaction(self, interaction: Interaction, wish: Wish, *, count: int = 1) -> None:
        """Answer an interaction with «drawing», or raise why it will not be drawn.

        The request is accepted meanwhile. When the books take long, the answer is «thinking»
        first, and a reason is then shown in its place. An accepted request is drawn even when
        the answer cannot be said: the picture finds a way of its own.

        Of `count` pictures each is a request by itself; the first has the answer, the others
        have further ones. When only some are accepted, what kept the rest from it is raised
        after those have their answers.
        """
        identities = [job_id(interaction.id, ordinal) for ordinal in range(count)]
        async with AsyncExitStack() as stack:
            answering = {
                identity: await stack.enter_async_context(AsyncExitStack())
                for identity in identities
            }
            for identity, one in answering.items():
                await one.enter_async_context(self._delivery.acknowledging(identity))
            accepting = asyncio.create_task(
                self._accept(interaction, identities, wish), name=f"accept {identities[0]}"
            )
            await asyncio.wait({accepting}, timeout=PATIENCE_S)
            if not accepting.done():
                thinking = interaction.response.defer(thinking=True, ephemeral=wish.private)
                await _try(thinking, "«thinking»")
            jobs, refused = await accepting
            for job in jobs:
                say = self._further_answer if is_further(job.id) else self._answer
                answer = await _try(say(interaction, job), "«drawing»")
                await self._generate.answered(job.id, answer)
                await answering[job.id].aclose()
        if refused is not None:
            raise refused

    async def _accept(
        self, interaction: Interaction, identities: Sequence[JobId], wish: Wish
    ) -> tuple[list[Job], Exception | None]:
        """The requests that were accepted, and what kept the rest from it."""
        assert interaction.channel_id is not None
        place = Place(interaction.guild_id, interaction.channel_id)
        reply = Reply(token=interaction.token)
        jobs: list[Job] = []
        for identity in identities:
            try:
                job = await self._generate.submit(identity, place, interaction.user.id, wish, reply)
            except Exception as error:  # noqa: BLE001 -- raised when the others have answers
                return jobs, error
            if job is None:
                break  # the whole event was here before
            jobs.append(job)
        return jobs, None

    async def message(self, message: discord.Message, wish: Wish) -> None:
        """Reply to a message with «drawing», or raise why it will not be drawn."""
        place = Place(message.guild.id if message.guild else None, message.channel.id)
        identity = job_id(message.id)
        async with self._delivery.acknowledging(identity):
            job = await self._generate.submit(
                identity, place, message.author.id, wish, Reply(message_id=message.id)
            )
            if job is None:
                return
            view = layout.drawing(words=job.wish.words, user_id=job.user_id)
            answer = await _try(message.reply(view=view, mention_author=False), "«drawing»")
            if answer is not None:
                await self._generate.answered(identity, answer.id)

    @staticmethod
    async def _further_answer(interaction: Interaction, job: Job) -> int | None:
        ordinal = int(job.id.partition("-")[2])
        view = layout.drawing(words=job.wish.words, user_id=job.user_id, ordinal=ordinal)
        answer = await interaction.followup.send(view=view, ephemeral=job.wish.private, wait=True)
        return answer.id

    @staticmethod
    async def _answer(interaction: Interaction, job: Job) -> int | None:
        view = layout.drawing(words=job.wish.words, user_id=job.user_id)
        if interaction.response.is_done():
            return (await interaction.edit_original_response(view=view)).id
        answer = await interaction.response.send_message(view=view, ephemeral=job.wish.private)
        return answer.message_id

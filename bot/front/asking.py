"""Asking for a picture: the first answer at once, the request into the books beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import TypeVar

import aiohttp
import discord

from bot.domain.ids import JobId, is_further, job_id
from bot.domain.images import AttachmentSource
from bot.domain.jobs import Job, Reply, Wish
from bot.errors import PictureError
from bot.front.delivery import DiscordDelivery
from bot.front.places import is_moderator, may_moderate, place_of, place_of_message
from bot.front.progress import ProgressMessages
from bot.services.channels import Channels
from bot.services.generate import Generate
from bot.ui import layout
from bot.ui.answers import GivenFile
from bot.ui.base import EaselLayout, Interaction
from bot.ui.present import ANSWERED_BEFORE, from_discord, present
from bot.ui.texts import say

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_S = 0.8  # how long the first answer may wait for the books before it says «thinking»
AT_A_TIME = 4  # events whose requests are being accepted; with more, all others are answered first
MAX_FILE_BYTES = 50 * 1024 * 1024


def attachment_source(
    attachment: discord.Attachment | GivenFile, message: discord.Message | None = None
) -> AttachmentSource:
    """Where an attachment's picture is. Raises PictureError when it is too large to be read."""
    if attachment.size > MAX_FILE_BYTES:
        raise PictureError("picture_too_large", limit_mib=MAX_FILE_BYTES // 1024**2)
    if message is None or isinstance(attachment, GivenFile):
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


def sources(
    attachments: Sequence[discord.Attachment | GivenFile | None],
) -> tuple[AttachmentSource, ...]:
    """The pictures given to a command or in a form, in order."""
    return tuple(attachment_source(given) for given in attachments if given is not None)


async def tell(message: discord.Message, error: Exception) -> None:
    """Reply to a message with the sentence of an error; if even that fails, log it.

    Where the bot may not post, the author is told in a direct message.
    """
    said = present(error).sentence
    key = getattr(error, "key", type(error).__name__)
    what = f"what was wrong ({key})"
    try:
        await _try(
            message.reply(view=layout.notice(said), mention_author=False), what, permitted=False
        )
    except discord.Forbidden:
        await _try(message.author.send(view=layout.notice(said)), what)


async def _try(call: Awaitable[T], what: str, *, permitted: bool = True) -> T | None:
    """Make a call of Discord that matters less than what goes on without it.

    With `permitted` false, a refusal for want of permission is raised.
    """
    try:
        return await call
    except discord.HTTPException as error:
        if isinstance(error, discord.Forbidden) and not permitted:
            raise
        logger.warning("could not say %s: %s", what, from_discord(error))
    except (discord.InteractionResponded, aiohttp.ClientError, OSError, TimeoutError) as error:
        logger.warning("could not say %s: %r", what, error)
    return None


class Asking:
    """Takes wishes from interactions and messages."""

    def __init__(
        self,
        generate: Generate,
        delivery: DiscordDelivery,
        progress: ProgressMessages,
        channels: Channels,
    ) -> None:
        self._channels = channels
        self._generate = generate
        self._delivery = delivery
        self._progress = progress
        self._books = asyncio.Semaphore(AT_A_TIME)
        self._standing = 0

    async def interaction(self, interaction: Interaction, wish: Wish, *, count: int = 1) -> None:
        """Answer an interaction with its place in line or «drawing», or raise why it is not drawn.

        The request is accepted first, so that a reason is shown to the person alone. When the
        books take long or others stand before them, the answer is «thinking» at once; it goes
        when there is a reason to be shown. An accepted request is drawn even when the answer
        cannot be said: the picture finds a way of its own.

        Of `count` pictures each is a request by itself; the first has the answer, the others
        have further ones. When only some are accepted, what kept the rest from it is raised
        after those have their answers.
        """
        wishes = {job_id(interaction.id, ordinal): wish for ordinal in range(count)}
        _, refused = await self._each(interaction, wishes, rest=False)
        if refused is not None:
            raise refused

    async def several(
        self, interaction: Interaction, wishes: Sequence[Wish], question: int
    ) -> tuple[int, Exception | None]:
        """Ask for several wishes by an interaction that was acknowledged without a new message.

        Each has a further answer. `question` is the event whose question this answers: answered
        again, after a crash say, nothing of it is drawn again, and the rest is asked for. Returns
        how many are accepted by now, and what kept the rest from it.
        """
        numbered = {job_id(question, ordinal): one for ordinal, one in enumerate(wishes, 1)}
        return await self._each(interaction, numbered, rest=True)

    async def _each(
        self, interaction: Interaction, wishes: Mapping[JobId, Wish], *, rest: bool
    ) -> tuple[int, Exception | None]:
        async with AsyncExitStack() as stack:
            answering = {
                identity: await stack.enter_async_context(AsyncExitStack()) for identity in wishes
            }
            for identity, one in answering.items():
                await one.enter_async_context(self._delivery.acknowledging(identity))
            private = any(wish.private for wish in wishes.values())
            with self._before_books() as crowded:
                if crowded:
                    await self._thinking(interaction, private=private)
                accepting = asyncio.create_task(
                    self._accept(interaction, wishes, rest=rest), name=f"accept {interaction.id}"
                )
                await asyncio.wait({accepting}, timeout=PATIENCE_S)
                if not accepting.done():
                    await self._thinking(interaction, private=private)
                jobs, before, refused = await accepting
            if refused is not None and not jobs and not private:
                await self._unthink(interaction)
            for job in jobs:
                say = self._further_answer if is_further(job.id) else self._answer
                view = await self._progress.first(job)
                answer = await _try(say(interaction, job, view), "«drawing»")
                await self._generate.answered(job.id, answer)
                self._progress.answered(job, answer)
                await answering[job.id].aclose()
        return before + len(jobs), refused

    async def _accept(
        self, interaction: Interaction, wishes: Mapping[JobId, Wish], *, rest: bool
    ) -> tuple[list[Job], int, Exception | None]:
        """The requests that were accepted now, how many were before, and what kept the others.

        Without `rest`, one that was here before means that all are in another's hands: two who
        shared them out would put further answers in the place of the first.
        """
        place, user_id = place_of(interaction), interaction.user.id
        reply = Reply(token=interaction.token)
        jobs: list[Job] = []
        before = 0
        exempt = is_moderator(interaction.permissions)
        try:
            async with (
                self._books,
                self._channels.paced(place, user_id, interaction.id, exempt=exempt),
            ):
                for identity, wish in wishes.items():
                    try:
                        job = await self._generate.submit(identity, place, user_id, wish, reply)
                    except Exception as error:
                        if not jobs:
                            raise
                        return jobs, before, error
                    if job is not None:
                        jobs.append(job)
                    elif rest:
                        before += 1
                    else:
                        break
        except Exception as error:  # noqa: BLE001 -- raised when the others have answers
            return jobs, before, error
        return jobs, before, None

    async def note(self, interaction: Interaction, view: EaselLayout) -> None:
        """Say something more to the person alone, beside the answer; it may get lost."""
        await _try(interaction.followup.send(view=view, ephemeral=True), "a note")

    async def message(self, message: discord.Message, wish: Wish) -> None:
        """Reply to a message as `interaction` answers, or raise why it will not be drawn."""
        place, user_id = place_of_message(message), message.author.id
        identity, reply = job_id(message.id), Reply(message_id=message.id)
        exempt = may_moderate(message)
        async with self._delivery.acknowledging(identity):
            with self._before_books():
                async with (
                    self._books,
                    self._channels.paced(place, user_id, message.id, exempt=exempt),
                ):
                    job = await self._generate.submit(identity, place, user_id, wish, reply)
            if job is None:
                return
            view = await self._progress.first(job)
            answer = await _try(message.reply(view=view, mention_author=False), "«drawing»")
            if answer is not None:
                await self._generate.answered(identity, answer.id)
                self._progress.answered(job, answer.id)

    @contextmanager
    def _before_books(self) -> Generator[bool]:
        """Stand before the books; whether there are too many to be served at once.

        Counted before anything is awaited: a crowd comes in one round of the event loop.
        """
        self._standing += 1
        try:
            yield self._standing > AT_A_TIME
        finally:
            self._standing -= 1

    @staticmethod
    async def _thinking(interaction: Interaction, *, private: bool) -> None:
        """Answer in time what has no answer yet."""
        if not interaction.response.is_done():
            thinking = interaction.response.defer(thinking=True, ephemeral=private)
            await _try(thinking, "«thinking»")

    @staticmethod
    async def _unthink(interaction: Interaction) -> None:
        """Take «thinking» back, so that a reason can be shown to the person alone.

        Discord takes the next message for the end of «thinking», as public as that was; so it is
        ended first, and deleted then.
        """
        thinking = discord.InteractionResponseType.deferred_channel_message
        if interaction.response.type is thinking:
            ended = interaction.edit_original_response(view=layout.notice(say("for_you_alone")))
            await _try(ended, "«thinking» is over")
            await _try(interaction.delete_original_response(), "«thinking» is over")

    @staticmethod
    async def _further_answer(interaction: Interaction, job: Job, view: EaselLayout) -> int | None:
        answer = await interaction.followup.send(view=view, ephemeral=job.wish.private, wait=True)
        return answer.id

    @staticmethod
    async def _answer(interaction: Interaction, job: Job, view: EaselLayout) -> int | None:
        if not interaction.response.is_done():
            private = job.wish.private
            try:
                answer = await interaction.response.send_message(view=view, ephemeral=private)
            except discord.HTTPException as error:
                if error.code != ANSWERED_BEFORE:
                    raise  # else Discord sent the event twice, and the other said «thinking»
            else:
                return answer.message_id
        return (await interaction.edit_original_response(view=view)).id

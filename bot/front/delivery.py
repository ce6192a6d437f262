"""Discord's delivery: the answer finds its way even when the token, a message or a channel is gone.

The ways, in order: an edit of the interaction's answer (while its token lives), an edit of our
own message in the channel, a new message there, a direct message. Each is idempotent: an edit by
nature, a new message by its nonce (Discord keeps nonces for a few minutes).
"""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
import io
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import aiohttp
import discord

from bot.clock import Clock
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import EXTENSIONS, AttachmentSource
from bot.domain.jobs import Job
from bot.errors import DeliveryError, DiscordUnavailable, MessageGone, UserError
from bot.services.delivery import Posted
from bot.ui import layout
from bot.ui.base import EaselLayout
from bot.ui.layout import ALT_MAX
from bot.ui.present import from_discord, present
from bot.ui.words import plain

T = TypeVar("T")

TOKEN_LIFE = dt.timedelta(minutes=14, seconds=30)  # Discord gives 15; the rest is for the upload
ACK_WAIT_S = 5.0
SILENT = discord.AllowedMentions.none()  # discord.py adds the client's default to new messages only
MENDED_BY_ASKING_ANEW = ("picture_", "prompt_", "parent_", "too_many_")
"""Faults of the request itself: the same again would fail again, so no button offers it."""


class DiscordDelivery:
    """Implements `bot.services.delivery.Delivery`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._client: discord.Client | None = None
        self._context: contextvars.Context | None = None
        self._acks: dict[JobId, asyncio.Event] = {}
        self.after_message: list[Callable[[], None]] = []
        """Called after each message that was posted or edited."""

    def bind(self, client: discord.Client) -> None:
        """Deliver through this client. Call it in the client's own task.

        discord.py's webhook adapter hangs on a context variable, so work that comes from the
        engine is run in a copy of the context in which the client lives.
        """
        self._client = client
        self._context = contextvars.copy_context()

    @asynccontextmanager
    async def acknowledging(self, job_id: JobId) -> AsyncGenerator[None]:
        """While this is open, the job's first answer is being sent; deliveries wait for it."""
        self._acks[job_id] = asyncio.Event()
        try:
            yield
        finally:
            self._acks.pop(job_id).set()

    async def upload_limit_bytes(self, job: Job) -> int:
        """How large a file may be where this job's answer goes."""
        guild = self._connected().get_guild(job.place.guild_id or 0)
        return guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES

    async def drawing(self, job: Job) -> None:
        """Wait for the first answer, which already says «drawing»."""
        if (ack := self._acks.get(job.id)) is not None:
            with suppress(TimeoutError):  # drawing may begin without it
                async with asyncio.timeout(ACK_WAIT_S):
                    await ack.wait()

    async def post(self, job: Job, data: bytes, media_type: str) -> Posted:
        """Post a drawn picture in the place of «drawing»."""
        filename = f"easel-{job.id}.{EXTENSIONS.get(media_type, 'png')}"
        message = await self._place(
            job, lambda: _result(job, filename), data=data, filename=filename
        )
        if not message.attachments:
            raise DeliveryError("delivery", detail="the message came back without its attachment")
        return Posted(message.channel.id, message.id, message.attachments[0].id)

    async def tell(self, job: Job, error: UserError) -> None:
        """Say in the place of «drawing» why there is no picture."""
        said = present(error).sentence
        retry = None if error.key.startswith(MENDED_BY_ASKING_ANEW) else job.id
        await self._place(job, lambda: layout.failure(said, words=job.wish.words, retry=retry))

    async def fresh_url(self, source: AttachmentSource) -> str:
        """A valid address of an attachment whose own has expired. Raises MessageGone."""
        if source.channel_id is None or source.message_id is None:
            raise MessageGone
        return await self._attachment_url(
            source.channel_id, source.message_id, source.attachment_id
        )

    async def picture_url(self, turn: Turn) -> str:
        """A valid address of a posted picture. Raises MessageGone when it was deleted."""
        return await self._attachment_url(
            turn.place.channel_id, turn.message_id, turn.attachment_id
        )

    def _connected(self) -> discord.Client:
        if self._client is None:
            raise DiscordUnavailable(detail="the client is not connected yet")
        return self._client

    async def _attachment_url(
        self, channel_id: int, message_id: int, attachment_id: int | None
    ) -> str:
        channel = self._connected().get_partial_messageable(channel_id)
        message = await self._call(lambda: channel.fetch_message(message_id))
        for attachment in message.attachments:
            if attachment_id in (None, attachment.id):
                return attachment.url
        raise MessageGone

    async def _place(
        self,
        job: Job,
        view: Callable[[], EaselLayout],
        *,
        data: bytes | None = None,
        filename: str = "",
    ) -> discord.Message:
        """Put a message where the job's answer belongs: by the first way that works."""
        last: DeliveryError = MessageGone()
        for way in self._ways(job):

            async def attempt(way: Way = way) -> discord.Message:
                files: list[discord.File] = []
                if data is not None:
                    alt = plain(job.wish.words, ALT_MAX)
                    files.append(discord.File(io.BytesIO(data), filename, description=alt))
                return await way(view(), files)

            try:
                message = await self._call(attempt)
            except DiscordUnavailable:
                raise
            except DeliveryError as error:
                if error.key == "delivery_too_large":
                    raise
                last = error
            else:
                for listener in self.after_message:
                    listener()
                return message
        raise last

    def _ways(self, job: Job) -> list[Way]:
        client = self._connected()
        channel = client.get_partial_messageable(job.place.channel_id, guild_id=job.place.guild_id)
        token, answer = job.reply.token, job.reply.answer_id

        async def edit_answer(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert client.application_id is not None
            assert token is not None
            webhook = discord.Webhook.partial(client.application_id, token, client=client)
            # «@original» stands for the answer whose id was not written down before a crash.
            target: Any = answer or "@original"
            return await webhook.edit_message(
                target, view=view, attachments=files, allowed_mentions=SILENT
            )

        async def edit_message(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert answer is not None
            return await channel.get_partial_message(answer).edit(
                view=view, attachments=files, allowed_mentions=SILENT
            )

        async def send_message(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            if job.reply.message_id is not None:
                reference = discord.MessageReference(
                    message_id=job.reply.message_id,
                    channel_id=job.place.channel_id,
                    guild_id=job.place.guild_id,
                    fail_if_not_exists=False,
                )
                return await channel.send(view=view, files=files, nonce=job.id, reference=reference)
            return await channel.send(view=view, files=files, nonce=job.id)

        async def send_direct(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            person = await client.fetch_user(job.user_id)
            return await person.send(view=view, files=files, nonce=job.id)

        ways: list[Way] = []
        if token is not None and self._clock.now() - job.created_at < TOKEN_LIFE:
            ways.append(edit_answer)
        if not job.wish.private:
            ways += ([edit_message] if answer is not None else []) + [send_message]
        return [*ways, send_direct]

    async def _call(self, attempt: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run one call of Discord in the client's context; its errors become ours."""

        async def guarded() -> T:
            try:
                return await attempt()
            except discord.HTTPException as error:
                raise from_discord(error) from error
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                raise DiscordUnavailable(detail=repr(error)) from error

        loop = asyncio.get_running_loop()
        return await loop.create_task(guarded(), name="delivery", context=self._context)


def _result(job: Job, filename: str) -> EaselLayout:
    return layout.result(
        job=job.id, user_id=job.user_id, words=job.wish.words, filename=filename, text=job.text
    )


Way = Callable[[EaselLayout, list[discord.File]], Awaitable[discord.Message]]

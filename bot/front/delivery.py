"""Discord's delivery: the answer finds its way even when the token, a message or a channel is gone.

The ways, in order: an edit of the interaction's answer (while its token lives), an edit of our
own message in the channel (which is looked for when a crash kept its id from being written down),
a further answer (for the further pictures of an interaction), a new message in the channel, a
direct message. Each is idempotent: an edit by nature, a new message by its
nonce (Discord keeps nonces for a few minutes).
"""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
import io
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType
from typing import Any, TypeVar

import aiohttp
import discord

from bot.clock import Clock
from bot.domain.conversations import Turn
from bot.domain.ids import JobId, is_further
from bot.domain.images import EXTENSIONS, AttachmentSource
from bot.domain.jobs import Job, State
from bot.errors import DeliveryError, DiscordUnavailable, MessageGone, UserError
from bot.front.finding import find_answer
from bot.services.delivery import Posted
from bot.ui import layout
from bot.ui.base import EaselLayout
from bot.ui.layout import ALT_MAX
from bot.ui.present import from_discord, present
from bot.ui.texts import say
from bot.ui.words import plain

T = TypeVar("T")

TOKEN_LIFE = dt.timedelta(minutes=14, seconds=30)  # Discord gives 15; the rest is for the upload
ACK_WAIT_S = 5.0
GUILD_WAIT_S, GUILD_LOOK_S = 10.0, 0.1
PLACE_WAIT_S = 120.0  # as long as a rate limit may hold the first answer back
MOST_FILES = 10  # of a message
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
        # One for both when Discord sends an event twice at once.
        ack = self._acks.setdefault(job_id, asyncio.Event())
        try:
            yield
        finally:
            self._acks.pop(job_id, None)
            ack.set()

    async def upload_limit_bytes(self, job: Job) -> int:
        """How large a file may be where this job's answer goes."""
        client = self._connected()
        guild = None
        if job.place.guild_id is not None:
            for _ in range(int(GUILD_WAIT_S / GUILD_LOOK_S)):  # it may come right after the start
                guild = client.get_guild(job.place.guild_id)
                if client.is_ready() or (guild is not None and not guild.unavailable):
                    break
                await asyncio.sleep(GUILD_LOOK_S)
        return guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES

    async def drawing(self, job: Job) -> None:
        """Wait for the first answer, which says «drawing»; if it is slow, draw without it."""
        await self._acknowledged(job.id, ACK_WAIT_S)

    async def post(self, job: Job, pictures: Sequence[tuple[bytes, str]]) -> Posted:
        """Post drawn pictures in the place of «drawing»."""
        files = {
            _filename(job, number, media_type): data
            for number, (data, media_type) in enumerate(pictures[:MOST_FILES], 1)
        }
        message = await self._place(job, lambda: _result(job, list(files)), files)
        if not message.attachments:
            raise DeliveryError("delivery", detail="the message came back without its attachment")
        return Posted(message.channel.id, message.id, message.attachments[0].id)

    async def tell(self, job: Job, error: UserError) -> None:
        """Say in the place of «drawing» why there is no picture."""
        said = present(error).sentence
        retry = None if error.key.startswith(MENDED_BY_ASKING_ANEW) else job.id
        softer = job.state is State.REFUSED

        def view() -> EaselLayout:
            return layout.failure(said, words=job.wish.words, retry=retry, softer=softer)

        await self._place(job, view)

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

    async def _acknowledged(self, job_id: JobId, wait_s: float) -> None:
        """Wait until the first answer to a request is said, if it is being said now."""
        if (ack := self._acks.get(job_id)) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await ack.wait()

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
        data: Mapping[str, bytes] = MappingProxyType({}),
    ) -> discord.Message:
        """Put a message where the job's answer belongs: by the first way that works.

        Raises what kept us from the first of them, «gone» only if there was no other reason.
        """
        await self._acknowledged(job.id, PLACE_WAIT_S)  # or «drawing» would come after it
        edits, sends = self._ways(job)
        failed: DeliveryError = MessageGone()
        for way in [*edits, *sends]:

            async def attempt(way: Way = way) -> discord.Message:
                alt = plain(job.wish.words, ALT_MAX)
                files = [
                    discord.File(io.BytesIO(one), name, description=alt)
                    for name, one in data.items()
                ]
                return await way(view(), files)

            try:
                message = await self._call(attempt)
            except DiscordUnavailable:
                raise
            except DeliveryError as error:
                if error.key == "delivery_too_large" and data:
                    raise  # a smaller one may go this way
                if isinstance(failed, MessageGone):
                    failed = error
            else:
                if data and way in sends:
                    await self._clear(job, edits, direct=way is sends[-1])
                for listener in self.after_message:
                    listener()
                return message
        raise failed

    async def _clear(self, job: Job, edits: Sequence[Way], *, direct: bool) -> None:
        """Take back «drawing» where it still stands: the picture is elsewhere."""
        if job.reply.answer_id is None:
            return  # what would be found in its place is the picture
        key = "delivered_directly" if direct else "delivered_below"
        for way in edits:
            with suppress(DeliveryError):
                view = layout.notice(say(key, user=job.user_id))
                await self._call(lambda way=way, view=view: way(view, []))
                return

    def _ways(self, job: Job) -> tuple[list[Way], list[Way]]:
        """The ways that put an answer in the place of «drawing», then those that send a new one."""
        client = self._connected()
        channel = client.get_partial_messageable(job.place.channel_id, guild_id=job.place.guild_id)
        token, answer = job.reply.token, job.reply.answer_id

        async def edit_answer(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert client.application_id is not None
            assert token is not None
            webhook = discord.Webhook.partial(client.application_id, token, client=client)
            target: Any = answer or _Original()  # of a further picture only with an id
            return await webhook.edit_message(
                target, view=view, attachments=files, allowed_mentions=SILENT
            )

        async def send_answer(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert client.application_id is not None
            assert token is not None
            webhook = discord.Webhook.partial(client.application_id, token, client=client)
            webhook.type = discord.WebhookType.application
            return await webhook.send(
                view=view,
                files=files,
                ephemeral=job.wish.private,
                allowed_mentions=SILENT,
                wait=True,
            )

        async def edit_message(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert answer is not None
            return await channel.get_partial_message(answer).edit(
                view=view, attachments=files, allowed_mentions=SILENT
            )

        async def edit_lost(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            assert client.user is not None
            lost = await find_answer(channel, job.id, client.user.id)
            if lost is None:
                raise MessageGone
            return await lost.edit(view=view, attachments=files, allowed_mentions=SILENT)

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

        edits: list[Way] = []
        sends: list[Way] = []
        if token is not None and self._clock.now() - job.created_at < TOKEN_LIFE:
            if answer is None and is_further(job.id):
                sends.append(send_answer)  # «drawing» was never said, or where is not known
            else:
                edits.append(edit_answer)
        if job.wish.private:
            return edits, [*sends, send_direct]
        edits.append(edit_lost if answer is None else edit_message)
        return edits, [*sends, send_message, send_direct]

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


class _Original:
    """Stands for an interaction's first answer, whose id was not written down.

    Not a text: discord.py would quote the «@».
    """

    def __str__(self) -> str:
        return "@original"


def _filename(job: Job, number: int, media_type: str) -> str:
    nth = f"_{number}" if number > 1 else ""
    return f"easel-{job.id}{nth}.{EXTENSIONS.get(media_type, 'png')}"


def _result(job: Job, filenames: Sequence[str]) -> EaselLayout:
    return layout.result(
        job=job.id,
        user_id=job.user_id,
        words=job.wish.words,
        filename=filenames[0],
        text=job.text,
        further=filenames[1:],
    )


Way = Callable[[EaselLayout, list[discord.File]], Coroutine[Any, Any, discord.Message]]

"""Discord's delivery: the answer finds its way even when the token, a message or a channel is gone.

The ways, in order: an edit of the interaction's answer (while its token lives), an edit of our
own message in the channel (which is looked for when a crash kept its id from being written down),
a further answer (for the further pictures of an interaction), a new message in the channel, a
direct message. Each is idempotent: an edit by nature, a new message by its
nonce (Discord keeps nonces for a few minutes).
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Container, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType
from typing import Any

import discord

from bot.clock import Clock
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import EXTENSIONS, AttachmentSource
from bot.domain.jobs import Job, State
from bot.errors import (
    DeliveryError,
    DiscordUnavailable,
    MessageGone,
    MissingPermission,
    UserError,
)
from bot.front.places import missing_in, not_in
from bot.front.precedence import Precedence
from bot.front.ways import Way, Ways
from bot.services.delivery import Posted
from bot.ui import layout, under
from bot.ui.base import EaselLayout
from bot.ui.layout import ALT_MAX
from bot.ui.present import present
from bot.ui.texts import say
from bot.ui.words import plain

ACK_WAIT_S = 5.0
GUILD_WAIT_S, GUILD_LOOK_S = 10.0, 0.1
PLACE_WAIT_S = 120.0  # as long as a rate limit may hold the first answer back
MOST_FILES = 10  # of a message
NO_MESSAGE = 0  # where a picture is posted that waits in our own store
MENDED_BY_ASKING_ANEW = ("picture_", "prompt_", "parent_", "too_many_")
"""Faults of the request itself: the same again would fail again, so no button offers it."""


class DiscordDelivery:
    """Implements `bot.services.delivery.Delivery`."""

    def __init__(self, clock: Clock) -> None:
        self.ways = Ways(clock)
        self.precedence = Precedence()
        self._acks: dict[JobId, asyncio.Event] = {}
        self._answering = Counter[JobId]()
        self.after_message: list[Callable[[], None]] = []
        """Called after each message that was posted or edited."""

    def bind(self, client: discord.Client) -> None:
        """Deliver through this client. Call it in the client's own task."""
        self.ways.bind(client)

    @asynccontextmanager
    async def acknowledging(self, job_id: JobId) -> AsyncGenerator[None]:
        """While this is open, the job's first answer is being sent; deliveries wait for it."""
        # One for both when Discord sends an event twice at once: either may be the one to answer.
        ack = self._acks.setdefault(job_id, asyncio.Event())
        self._answering[job_id] += 1
        try:
            yield
        finally:
            self._answering[job_id] -= 1
            if not self._answering[job_id]:
                del self._answering[job_id], self._acks[job_id]
                ack.set()

    def is_acknowledging(self, job_id: JobId) -> bool:
        """Whether the job's first answer is being sent."""
        return job_id in self._acks

    def shown(self) -> None:
        """Tell those who want to know that a message has changed."""
        for listener in self.after_message:
            listener()

    async def upload_limit_bytes(self, job: Job) -> int:
        """How large a file may be where this job's answer goes."""
        client = self.ways.client()
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
        try:
            message = await self._place(job, lambda: self._result(job, list(files)), files)
        except DiscordUnavailable:
            raise
        except DeliveryError as error:
            if not job.is_hidden or error.key == "delivery_too_large":
                raise
            return await self._left(job, error)
        if not message.attachments:
            raise DeliveryError("delivery", detail="the message came back without its attachment")
        return Posted(message.channel.id, message.id, message.attachments[0].id)

    async def _left(self, job: Job, why: DeliveryError) -> Posted:
        """Say where it was asked for that a private picture is there to be had; or raise `why`.

        Its token is dead and direct messages are closed. Only who asked is shown it.
        """
        place = self.ways.client().get_partial_messageable(job.place.channel_id)

        async def say_so() -> discord.Message:
            view = layout.waits_here(job.id, job.user_id)
            return await place.send(view=view, nonce=job.id)

        try:
            await self.ways.call(say_so)
        except DiscordUnavailable:
            raise
        except DeliveryError:
            raise why from None
        self.shown()
        return Posted(job.place.channel_id, NO_MESSAGE, NO_MESSAGE)

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

    def handled(self) -> Container[str]:
        """The actions that somebody handles: others are not offered under a picture."""
        host: Any = self.ways.client()
        return getattr(host, "actions", ())

    def _result(self, job: Job, filenames: Sequence[str]) -> EaselLayout:
        given = any(isinstance(one, AttachmentSource) for one in job.wish.sources[:1])
        return layout.result(
            job=job.id,
            user_id=job.user_id,
            words=job.wish.words,
            filename=filenames[0],
            text=job.text,
            further=filenames[1:],
            handled=under.offered(self.handled(), parent=job.wish.parent, given=given),
            spoiler=job.wish.spoiler,
        )

    async def _acknowledged(self, job_id: JobId, wait_s: float) -> None:
        """Wait until the first answer to a request is said, if it is being said now."""
        if (ack := self._acks.get(job_id)) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await ack.wait()

    async def _attachment_url(
        self, channel_id: int, message_id: int, attachment_id: int | None
    ) -> str:
        channel = self.ways.client().get_partial_messageable(channel_id)
        message = await self.ways.call(lambda: channel.fetch_message(message_id))
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
        await self.precedence.take(job.id)
        edits, sends = self.ways.to(job)
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
                message = await self.ways.call(attempt)
            except DiscordUnavailable:
                raise
            except DeliveryError as error:
                if error.key == "delivery_too_large" and data:
                    raise  # a smaller one may go this way
                if isinstance(failed, MessageGone):
                    failed = self._named(job, error)
            else:
                if data and way in sends:
                    await self._clear(job, edits, failed, direct=way is sends[-1])
                self.shown()
                return message
        raise failed

    def _named(self, job: Job, error: DeliveryError) -> DeliveryError:
        """The same, with the permissions that are missing, as far as they can be known."""
        if error.key != MissingPermission.key:
            return error
        channel_id = job.place.channel_id
        missing = missing_in(self.ways.client().get_channel(channel_id))
        return not_in(channel_id, missing) if missing else error

    async def _clear(
        self, job: Job, edits: Sequence[Way], why: DeliveryError, *, direct: bool
    ) -> None:
        """Take back «drawing» where it still stands: the picture is elsewhere."""
        if job.reply.answer_id is None:
            return  # what would be found in its place is the picture
        key = "delivered_directly" if direct else "delivered_below"
        lacking = ""
        if direct and "channel" in why.values:  # they are named
            names: Any = why.values["permissions"]
            key, lacking = "delivered_directly_without", ", ".join(names)
        for way in edits:
            with suppress(DeliveryError):
                view = layout.notice(say(key, user=job.user_id, permissions=lacking))
                await self.ways.call(lambda way=way, view=view: way(view, []))
                return


def _filename(job: Job, number: int, media_type: str) -> str:
    nth = f"_{number}" if number > 1 else ""
    return f"easel-{job.id}{nth}.{EXTENSIONS.get(media_type, 'png')}"

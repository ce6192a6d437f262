"""The ways to the place of a job's answer, in the order in which they are tried."""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord

from bot.clock import Clock
from bot.domain.ids import is_further
from bot.domain.jobs import Job
from bot.errors import DiscordUnavailable, MessageGone
from bot.front.finding import find_answer
from bot.front.pace import Pace
from bot.ui.base import EaselLayout
from bot.ui.present import from_discord

T = TypeVar("T")
Way = Callable[[EaselLayout, list[discord.File]], Coroutine[Any, Any, discord.Message]]

TOKEN_LIFE = dt.timedelta(minutes=14, seconds=30)  # Discord gives 15; the rest is for the upload
SILENT = discord.AllowedMentions.none()  # discord.py adds the client's default to new messages only


class Ways:
    """Edits and messages through one client, in the context in which it lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._client: discord.Client | None = None
        self._context: contextvars.Context | None = None
        self.pace = Pace()

    def bind(self, client: discord.Client) -> None:
        """Go through this client. Call it in the client's own task.

        discord.py's webhook adapter hangs on a context variable, so work that comes from the
        engine is run in a copy of the context in which the client lives.
        """
        self._client = client
        self._context = contextvars.copy_context()

    def client(self) -> discord.Client:
        """The client. Raises DiscordUnavailable when there is none yet."""
        if self._client is None:
            raise DiscordUnavailable(detail="the client is not connected yet")
        return self._client

    async def call(self, attempt: Callable[[], Coroutine[Any, Any, T]]) -> T:
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

    def has_token(self, job: Job) -> bool:
        """Whether the answer is the interaction's, and can be edited as such."""
        alive = job.reply.token is not None and self._clock.now() - job.created_at < TOKEN_LIFE
        # The answer of a further picture was never said, or where is not known.
        return alive and not (job.reply.answer_id is None and is_further(job.id))

    def to(self, job: Job) -> tuple[list[Way], list[Way]]:
        """The ways that put an answer in the place of «drawing», then those that send a new one."""
        known = job.reply.answer_id is not None
        edits: list[Way] = []
        sends: list[Way] = []
        if self.has_token(job):
            edits.append(self.by_token(job))
        elif job.reply.token is not None and self._clock.now() - job.created_at < TOKEN_LIFE:
            sends.append(self._further(job))
        if job.is_hidden:
            return edits, [*sends, self._direct(job)]
        edits.append(self.by_message(job) if known else self._by_search(job))
        return edits, [*sends, self._below(job), self._direct(job)]

    def by_token(self, job: Job) -> Way:
        """An edit of the interaction's answer; `has_token` says whether there is one."""

        async def edit(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            target: Any = job.reply.answer_id or _Original()  # of a further picture only with an id
            return await self._webhook(job).edit_message(
                target, view=view, attachments=files, allowed_mentions=SILENT
            )

        return edit

    def by_message(self, job: Job) -> Way:
        """An edit of our own message in the channel, whose id is known."""
        channel, answer = self._channel(job), job.reply.answer_id
        assert answer is not None

        async def edit(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            self.pace.note(job.place.channel_id)
            return await channel.get_partial_message(answer).edit(
                view=view, attachments=files, allowed_mentions=SILENT
            )

        return edit

    def _by_search(self, job: Job) -> Way:
        channel = self._channel(job)

        async def edit(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            own = self.client().user
            assert own is not None
            lost = await find_answer(channel, job.id, own.id)
            if lost is None:
                raise MessageGone
            self.pace.note(job.place.channel_id)
            return await lost.edit(view=view, attachments=files, allowed_mentions=SILENT)

        return edit

    def _further(self, job: Job) -> Way:
        async def send(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            webhook = self._webhook(job)
            webhook.type = discord.WebhookType.application
            return await webhook.send(
                view=view,
                files=files,
                ephemeral=job.wish.private,
                allowed_mentions=SILENT,
                wait=True,
            )

        return send

    def _below(self, job: Job) -> Way:
        channel = self._channel(job)

        async def send(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            if job.reply.message_id is not None:
                reference = discord.MessageReference(
                    message_id=job.reply.message_id,
                    channel_id=job.place.channel_id,
                    guild_id=job.place.guild_id,
                    fail_if_not_exists=False,
                )
                return await channel.send(view=view, files=files, nonce=job.id, reference=reference)
            return await channel.send(view=view, files=files, nonce=job.id)

        return send

    def _direct(self, job: Job) -> Way:
        async def send(view: EaselLayout, files: list[discord.File]) -> discord.Message:
            person = await self.client().fetch_user(job.user_id)
            return await person.send(view=view, files=files, nonce=job.id)

        return send

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self.client().get_partial_messageable(
            job.place.channel_id, guild_id=job.place.guild_id
        )

    def _webhook(self, job: Job) -> discord.Webhook:
        client = self.client()
        assert client.application_id is not None
        assert job.reply.token is not None
        return discord.Webhook.partial(client.application_id, job.reply.token, client=client)


class _Original:
    """Stands for an interaction's first answer, whose id was not written down.

    Not a text: discord.py would quote the «@».
    """

    def __str__(self) -> str:
        return "@original"

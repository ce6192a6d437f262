"""What a message asks for, by the rules of its channel.

Most messages are not meant for the bot and cost nothing here: a look at the rules in memory, and
at the database only for a reply to a message of ours.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import replace

import discord
from discord.ext import commands

from bot.domain.channels import Channel, Heard, Meant, Mode, ReplyTo, meant
from bot.domain.conversations import Turn
from bot.domain.ids import JobId
from bot.domain.images import Source, TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError, StorageError
from bot.front.asking import files_of, pictures_of
from bot.front.finding import picture_shown
from bot.front.places import place_of_message
from bot.services.channels import Channels
from bot.services.conversations import Conversations
from bot.services.studios import Studios

logger = logging.getLogger(__name__)

ROW_WAIT_S, ROW_LOOK_S = 2.0, 0.05


class Hearing:
    """Makes wishes of messages."""

    def __init__(
        self,
        bot: commands.Bot,
        conversations: Conversations,
        channels: Channels,
        studios: Studios,
    ) -> None:
        self._bot = bot
        self._conversations = conversations
        self._channels = channels
        self._studios = studios

    async def wish(self, message: discord.Message) -> Wish | None:
        """What a message of a person asks for, or None when it is not meant for us.

        Raises UserError or Invalid where it is meant for us but cannot be drawn.
        """
        assert self._bot.user is not None
        mentioned = self._bot.user in message.mentions
        direct = message.guild is None
        addressed, replies = self.is_addressed(message), _replied_to(message) is not None
        try:
            studio = None if direct else await self._studios.get(message.channel.id)
            mode = (await self._channels.rules(place_of_message(message))).mode
            if not addressed and mode is not Mode.ART and studio is None and not replies:
                return None
            turn = await self._turn(message)
        except StorageError as error:
            if addressed:
                raise
            logger.warning("a message was passed over: %s", error)  # most are not meant for us
            return None
        if studio is not None and mode is not Mode.OFF:
            mode = Mode.ART
        words = self._words(message, self._bot.user.id)
        heard = Heard(
            direct=direct,
            mentioned=mentioned,
            reply_to=_reply_to(message, turn),
            words=bool(words),
            pictures=bool(message.attachments),
            readable=addressed or self._bot.intents.message_content,
        )
        if studio is not None and heard.reply_to is ReplyTo.OTHER and self._is_to_us(message):
            heard = replace(heard, reply_to=ReplyTo.NOTHING)  # to what we said: the next turn
        match meant(heard, mode):
            case Meant.NOTHING:
                if mode is not Mode.OFF and words and heard.reply_to is ReplyTo.OTHER:
                    await self._no_edit(message)
                return None
            case Meant.OFF:
                raise RequestError("channel_off")
            case Meant.HINT:
                if await self._channels.hint_is_due(message.author.id):
                    raise RequestError("reply_needs_mention")
                return None
            case Meant.EDIT | Meant.WISH:
                return await self._asked(message, words, heard.reply_to, turn, studio)

    def is_addressed(self, message: discord.Message) -> bool:
        """Whether a message is to the bot wherever it is written."""
        return message.guild is None or self._bot.user in message.mentions

    async def _asked(
        self,
        message: discord.Message,
        words: str,
        reply_to: ReplyTo,
        turn: Turn | None,
        studio: Channel | None,
    ) -> Wish:
        given = files_of(message)
        if turn is None and reply_to is not ReplyTo.PICTURE and studio is not None:
            turn = await self._studios.newest(studio)
        if turn is not None:
            pictures: tuple[Source, ...] = (TurnSource(turn.id), *given)
            private = turn.private and studio is None  # a studio's thread is as private as it is
            return Wish(words, pictures, turn.id, None, private)
        if reply_to is ReplyTo.PICTURE or (reply_to is ReplyTo.OTHER and studio is None):
            if self._is_to_us(message) and await self._conversations.was_in(
                _replied_to(message) or 0
            ):
                raise RequestError("parent_gone")  # its message still stands
            return Wish(words, (*_pictures_replied_to(message), *given))
        return Wish(words, tuple(given))

    async def _turn(self, message: discord.Message) -> Turn | None:
        """The picture of ours that a message replies to, be it shown a second time."""
        if (replied_to := _replied_to(message)) is None or not self._may_be_ours(message):
            return None
        turn = await self._conversations.by_message(replied_to)
        original = _original(message)
        if turn is None and original is not None:
            assert self._bot.user is not None
            shown = picture_shown(original, self._bot.user.id)
            turn = await self._shown(shown, replied_to) if shown is not None else None
        return turn

    async def _shown(self, job_id: JobId, message_id: int) -> Turn | None:
        """The picture that a message shows; its row comes a moment after its message."""
        until_s = time.monotonic() + ROW_WAIT_S
        while True:
            turn = await self._conversations.turn(job_id)
            if turn is not None or time.monotonic() > until_s:
                return turn
            if await self._conversations.was_in(message_id):
                return None  # forgotten
            await asyncio.sleep(ROW_LOOK_S)

    def _may_be_ours(self, message: discord.Message) -> bool:
        """Whether the message that is replied to may be ours: Discord need not have sent it."""
        original = _original(message)
        return original is None or original.author == self._bot.user

    def _is_to_us(self, message: discord.Message) -> bool:
        original = _original(message)
        return original is not None and original.author == self._bot.user

    async def _no_edit(self, message: discord.Message) -> None:
        """Raise why a reply to a message of ours cannot be an edit, if it is one."""
        replied_to = _replied_to(message)
        if replied_to is None or not self._may_be_ours(message):
            return
        if await self._conversations.was_in(replied_to):
            raise RequestError("parent_gone")
        if self._is_to_us(message):
            raise RequestError("nothing_to_edit")

    @staticmethod
    def _words(message: discord.Message, own_id: int) -> str:
        """The message's words without our mention; other people's mentions as their names."""
        own = re.compile(rf"<@!?{own_id}>")
        without = own.sub(" ", message.content)
        names = {str(person.id): person.display_name for person in message.mentions}
        named = re.sub(r"<@!?(\d+)>", lambda m: names.get(m[1], "somebody"), without)
        return named.strip()


def _replied_to(message: discord.Message) -> int | None:
    """The message that is replied to. What is forwarded is no reply."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


def _original(message: discord.Message) -> discord.Message | None:
    """The message that is replied to, where Discord sent it along."""
    resolved = message.reference.resolved if message.reference is not None else None
    return resolved if isinstance(resolved, discord.Message) else None


def _reply_to(message: discord.Message, turn: Turn | None) -> ReplyTo:
    if _replied_to(message) is None:
        return ReplyTo.NOTHING
    if turn is not None:
        return ReplyTo.OURS
    original = _original(message)
    shows = original is not None and any(
        (one.content_type or "image/").startswith("image/") for one in original.attachments
    )
    return ReplyTo.PICTURE if shows else ReplyTo.OTHER


def _pictures_replied_to(message: discord.Message) -> list[Source]:
    original = _original(message)
    if original is None:
        raise RequestError("parent_gone")
    found = pictures_of(original)
    if not found:
        raise RequestError("nothing_to_edit")
    return list(found)

"""Messages as wishes: a reply to a picture edits it, a mention draws, in DMs anything does."""

from __future__ import annotations

import logging
import re

import discord
from discord.ext import commands

from bot.domain.images import Source, TurnSource
from bot.domain.jobs import Wish
from bot.errors import RequestError, StorageError
from bot.front.asking import Asking, files_of, pictures_of, tell
from bot.services.conversations import Conversations

logger = logging.getLogger(__name__)

SPOKEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Replies(commands.Cog):
    """Listens to messages that are meant for the bot."""

    def __init__(self, bot: commands.Bot, asking: Asking, conversations: Conversations) -> None:
        self._bot = bot
        self._asking = asking
        self._conversations = conversations

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take a message that is a wish; leave every other alone."""
        if message.author.bot or message.type not in SPOKEN:
            return
        try:
            wish = await self._wish(message)
            if wish is not None:
                await self._asking.message(message, wish)
        except Exception as error:  # noqa: BLE001 -- this is the door: discord.py would only log it
            await tell(message, error)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a picture whose message somebody deleted."""
        await self._forget({event.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget the pictures whose messages were deleted together."""
        await self._forget(event.message_ids)

    async def _forget(self, message_ids: set[int]) -> None:
        for message_id in message_ids:
            turn = await self._conversations.by_message(message_id)
            if turn is not None:
                await self._conversations.forget(turn.id)

    async def _wish(self, message: discord.Message) -> Wish | None:
        """What the message asks for, or None when it is not meant for us."""
        assert self._bot.user is not None
        mentioned = self._bot.user in message.mentions
        replied_to = message.reference.message_id if message.reference else None
        addressed = mentioned or message.guild is None
        try:
            turn = await self._conversations.by_message(replied_to) if replied_to else None
        except StorageError as error:
            if addressed:
                raise
            logger.warning("a reply was passed over: %s", error)  # most are not meant for us
            return None
        if turn is None and not addressed:
            return None
        words = self._words(message, self._bot.user.id)
        given = files_of(message)
        if turn is not None:
            if not words and not given and not mentioned:
                if self._bot.intents.message_content:
                    return None  # a sticker or a system reply, not a wish
                raise RequestError("reply_needs_mention")
            pictures: tuple[Source, ...] = (TurnSource(turn.id), *given)
            return Wish(words, pictures, turn.id, None, turn.private)
        if replied_to is not None:
            return Wish(words, (*await self._pictures_replied_to(message), *given))
        return Wish(words, tuple(given))

    async def _pictures_replied_to(self, message: discord.Message) -> list[Source]:
        assert message.reference is not None
        original = message.reference.resolved
        if isinstance(original, discord.DeletedReferencedMessage) or original is None:
            raise RequestError("parent_gone")
        found = pictures_of(original)
        if not found:
            raise RequestError("nothing_to_edit")
        return list(found)

    @staticmethod
    def _words(message: discord.Message, own_id: int) -> str:
        """The message's words without our mention; other people's mentions as their names."""
        own = re.compile(rf"<@!?{own_id}>")
        without = own.sub(" ", message.content)
        names = {str(person.id): person.display_name for person in message.mentions}
        named = re.sub(r"<@!?(\d+)>", lambda m: names.get(m[1], "somebody"), without)
        return named.strip()

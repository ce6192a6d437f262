"""Messages as wishes: a reply to a picture edits it, a mention draws, in DMs anything does.

In art channels and studios every message is one; `bot/front/hearing.py` decides.
"""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.errors import RequestError
from bot.front.asking import Asking, tell
from bot.front.hearing import Hearing
from bot.front.places import check_can_answer
from bot.services.conversations import Conversations
from bot.services.cooldown import Cooldown

SAID_EVERY_S = 300.0  # the same to the same person where every message is a wish

SPOKEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Replies(commands.Cog):
    """Listens to messages that are meant for the bot."""

    def __init__(self, asking: Asking, hearing: Hearing, conversations: Conversations) -> None:
        self._asking = asking
        self._hearing = hearing
        self._conversations = conversations
        self._said = Cooldown(1, SAID_EVERY_S)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take a message that is a wish; leave every other alone."""
        if message.author.bot or message.type not in SPOKEN:
            return
        try:
            wish = await self._hearing.wish(message)
            if wish is not None:
                check_can_answer(message)
                await self._asking.message(message, wish)
        except Exception as error:  # noqa: BLE001 -- this is the door: discord.py would only log it
            if self._hearing.is_addressed(message) or self._is_news(message, error):
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

    def _is_news(self, message: discord.Message, error: Exception) -> bool:
        """Whether a person was not told this a moment ago.

        Where every message is a wish, people go on talking when a limit is used up.
        """
        what = getattr(error, "key", type(error).__name__)
        try:
            self._said.take((message.channel.id, message.author.id, what))
        except RequestError:
            return False
        return True

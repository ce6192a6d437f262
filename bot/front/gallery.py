"""Galleries on Discord: stars counted, pictures shown once to those who may see them."""

from __future__ import annotations

import io
from typing import Any

import discord

from bot.domain.conversations import Turn
from bot.domain.images import EXTENSIONS
from bot.domain.stars import STAR, Star
from bot.errors import MessageGone
from bot.front.announcing import NONCE_MAX
from bot.front.finding import with_button
from bot.front.ways import SILENT, Ways
from bot.ui import custom_ids
from bot.ui import stars as ui


class DiscordWall:
    """Implements `bot.services.stars.Wall`."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

    async def count(self, turn: Turn) -> int:
        """The stars of a picture; who asked for it has none to give."""

        async def look() -> int:
            place = self._ways.client().get_partial_messageable(turn.place.channel_id)
            message = await place.fetch_message(turn.message_id)
            for reaction in message.reactions:
                if str(reaction.emoji) == STAR:
                    # Discord lists people by their ids, so one is enough to see if it is theirs.
                    before = discord.Object(turn.user_id - 1)
                    users = [user.id async for user in reaction.users(limit=1, after=before)]
                    return reaction.count - (turn.user_id in users)
            return 0

        return await self._ways.call(look)

    async def may_show(self, turn: Turn, channel_id: int) -> bool:
        """No age-restricted pictures in a gallery that is not, no hidden ones in an open one."""

        async def look() -> bool:
            picture = await self._channel(turn.place.channel_id)
            gallery = await self._channel(channel_id)
            if getattr(picture, "is_private", lambda: False)():  # a private thread
                return False
            if picture.is_nsfw() and not gallery.is_nsfw():
                return False
            return _open(picture) or not _open(gallery)

        return await self._ways.call(look)

    def has_room(self, channel_id: int) -> bool:
        """Whether a message may be edited there now."""
        return self._ways.pace.has_room(channel_id)

    async def show(
        self, turn: Turn, star: Star, picture: tuple[bytes, str], *, spoiler: bool
    ) -> int:
        """Post a picture, unless a message with its button stands there."""
        data, media_type = picture
        channel = self._ways.client().get_partial_messageable(
            star.channel_id, guild_id=star.guild_id
        )
        own = self._ways.client().user
        custom_id = custom_ids.build(custom_ids.INFO, turn.id)

        async def send() -> discord.Message:
            if own is not None:
                # The picture itself may have such a button, and be in the same channel.
                found = await with_button(channel, custom_id, own.id, but=turn.message_id)
                if found is not None:
                    return found
            name = f"easel-{turn.id}.{EXTENSIONS.get(media_type, 'png')}"
            return await channel.send(
                view=ui.card(turn, star.count, name, spoiler=spoiler),
                file=discord.File(io.BytesIO(data), name),
                nonce=f"s{turn.id}"[:NONCE_MAX],
                allowed_mentions=SILENT,
            )

        return (await self._ways.call(send)).id

    async def recount(self, turn: Turn, star: Star, *, spoiler: bool) -> None:
        """Show another number; the picture stays as it was sent."""

        async def edit() -> None:
            channel = self._ways.client().get_partial_messageable(star.channel_id)
            message = await channel.fetch_message(star.message_id or 0)
            if not message.attachments:
                raise MessageGone
            self._ways.pace.note(star.channel_id)
            name = message.attachments[0].filename
            view = ui.card(turn, star.count, name, spoiler=spoiler)
            # Named again, so that the view's `attachment://` finds them.
            await message.edit(view=view, attachments=message.attachments, allowed_mentions=SILENT)

        await self._ways.call(edit)

    async def remove(self, star: Star) -> None:
        """Delete the message of a picture."""

        async def delete() -> None:
            channel = self._ways.client().get_partial_messageable(star.channel_id)
            await channel.get_partial_message(star.message_id or 0).delete()

        await self._ways.call(delete)

    async def _channel(self, channel_id: int) -> Any:
        client = self._ways.client()
        return client.get_channel(channel_id) or await client.fetch_channel(channel_id)


def _open(channel: Any) -> bool:
    """Whether everybody of the server sees a channel."""
    return bool(channel.permissions_for(channel.guild.default_role).view_channel)

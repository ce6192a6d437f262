"""What the tests of channels and threads have in common."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord
from PIL import Image
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from tests.flows.reading import texts_of

if TYPE_CHECKING:
    from tests.flows.conftest import World


def shown(result: InteractionResult) -> str:
    """What the answer to an interaction says, to one person."""
    assert result.ephemeral
    assert result.response is not None
    return " ".join(texts_of(result.response.components)) or result.response.content


async def rule(
    world: World, name: str, channel: ChannelHandle | None = None, **options: Any
) -> str:
    return shown(await world.mod.slash(channel or world.channel, f"channel {name}", **options))


def public(world: World, channel: ChannelHandle | None = None) -> list[str]:
    """What the bot said to all in a channel."""
    said = world.said(channel)
    own = str(world.env.backend.bot_user.id)
    mine = [one for one in world.messages(channel) if one["author"]["id"] == own]
    return [text for text, one in zip(said, mine, strict=True) if not one.get("flags", 0) & 64]


def asked(world: World) -> int:
    return len([call for call in world.provider.calls if call.route == "chat"])


async def a_thread(world: World, starter: discord.Message) -> ChannelHandle:
    """A thread on a message, opened by somebody else than the bot."""
    channel: Any = world.env.bot.get_channel(world.channel.id)
    thread = await channel.create_thread(name="a thread", message=starter)
    await world.env.settle()
    return next(one for one in world.channel.threads if one.id == thread.id)


async def a_post(world: World, forum: ChannelHandle) -> ChannelHandle:
    channel: Any = world.env.bot.get_channel(forum.id)
    made = await channel.create_thread(
        name="a post", content="hello", allowed_mentions=discord.AllowedMentions.none()
    )
    await world.env.settle()
    return next(one for one in forum.threads if one.id == made.thread.id)


def galleries(world: World, message: discord.Message) -> list[dict[str, Any]]:
    """The galleries of a message, as Discord has them."""
    payload = next(one for one in world.messages() if int(one["id"]) == message.id)

    def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = [one for one in components if one["type"] == 12]
        for one in components:
            found += walk(one.get("components") or [])
        return found

    return walk(payload["components"])


async def size_of(world: World, message: discord.Message) -> tuple[int, int]:
    with Image.open(io.BytesIO(await world.bytes_of(message))) as picture:
        return picture.size

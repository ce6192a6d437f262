"""Taking permissions away in the simulated Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from simcord.backend.models.channel import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType

if TYPE_CHECKING:
    from tests.flows.conftest import World


async def deny(world: World, member_id: int, channel: ChannelHandle, **names: bool) -> None:
    """Take these permissions, the true ones, from a member in a channel."""
    denied = discord.Permissions(**names)
    overwrite = Overwrite(member_id, OverwriteType.MEMBER, deny=denied.value)
    world.env.backend.set_overwrite(channel.id, overwrite)
    await world.env.settle()


def bot_of(world: World) -> int:
    """The bot's own id."""
    return world.env.backend.bot_user.id

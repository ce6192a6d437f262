"""What the tests of studios have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from tests.flows.channels import shown

if TYPE_CHECKING:
    from tests.flows.conftest import World


async def studio(world: World, who: MemberActor | None = None, **options: Any) -> ChannelHandle:
    """A studio that somebody opened, Alice if nobody else."""
    result = await (who or world.alice).slash(world.channel, "studio open", **options)
    [thread] = world.channel.threads
    assert f"<#{thread.id}> is open" in shown(result)
    return thread


async def parent_of(world: World, message: discord.Message) -> str | None:
    return (await world.row_of(message)).wish.parent


async def id_of(world: World, message: discord.Message) -> str:
    return (await world.row_of(message)).id


async def turn(world: World, thread: ChannelHandle, words: str, **more: Any) -> discord.Message:
    """Alice says something in a studio; the picture it becomes."""
    await world.alice.send(thread, words, **more)
    return await world.drawn()


def carol(world: World) -> MemberActor:
    """Somebody who may open private threads."""
    permissions = discord.Permissions(create_private_threads=True)
    role = world.guild.create_role("keen", permissions=permissions)
    return world.guild.add_member(world.env.create_user("carol"), roles=[role])


def is_archived(world: World, thread: ChannelHandle) -> bool:
    found: Any = world.env.backend.channels[thread.id]
    return bool(found.thread_metadata.archived)

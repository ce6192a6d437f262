"""Driving the stand-in from another process. No part of Discord.

Guilds, channels and members are named by their place in `GET /_state`: 0 is the first. Every
POST takes a JSON object; a mistake is answered with 400 and a sentence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord.actors import MemberActor
from simcord.backend.errors import BackendError, SetupError
from simcord.builders import ChannelHandle

from bot.standins.discord.faults import fault_from
from bot.standins.discord.forms import mapping

if TYPE_CHECKING:
    from bot.standins.discord.server import DiscordServer

Act = Callable[["DiscordServer", Mapping[str, Any]], Awaitable[object]]
Handler = Callable[["DiscordServer", web.Request], Awaitable[web.Response]]


def populate(server: DiscordServer, *, guilds: int, channels: int, members: int) -> None:
    """Make guilds that are all alike."""
    for number in range(guilds):
        guild = server.guild(f"Guild {number}")
        server.people.append(
            (
                [server.channel(guild, f"art-{one}") for one in range(channels)],
                [server.member(guild, f"person-{number}-{one}") for one in range(members)],
            )
        )


async def _state(server: DiscordServer, _: Mapping[str, Any]) -> object:
    """GET /_state: who is there."""
    return {
        "connected": server.connected,
        "identified": server.gateway.identified,
        "resumed": server.gateway.resumed,
        "commands": [name for name, _ in server.world.backend.commands.get(None, {})],
        "guilds": [
            {"channels": [str(c.id) for c in channels], "members": [str(m.id) for m in members]}
            for channels, members in server.people
        ],
        "gaps": server.rest.gaps,
    }


async def _slash(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """POST /_slash: `{"name", "options", "guild", "channel", "member"}`."""
    channel, member = _who(server, asked)
    options = mapping(asked.get("options"))
    return {"interaction": str(await server.slash(member, channel, asked["name"], **options))}


async def _send(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """POST /_send: `{"words", "reply_to", "guild", "channel", "member"}`."""
    channel, member = _who(server, asked)
    reply_to = int(asked["reply_to"]) if asked.get("reply_to") else None
    sent = await server.send(member, channel, str(asked.get("words", "")), reply_to=reply_to)
    return {"message": str(sent)}


async def _click(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """POST /_click: `{"message", "label", "guild", "channel", "member"}`."""
    channel, member = _who(server, asked)
    pressed = await server.click(member, channel, int(asked["message"]), label=asked["label"])
    return {"interaction": str(pressed)}


async def _messages(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """GET /_messages?guild=0&channel=0: a channel's messages, oldest first."""
    return server.messages(_who(server, asked)[0])


async def _interactions(server: DiscordServer, _: Mapping[str, Any]) -> object:
    """GET /_interactions: when each was sent, acknowledged and answered with a file."""
    return [
        {
            "id": str(one),
            "sent_s": stamp.sent_s,
            "acked_s": stamp.acked_s,
            "posted_s": stamp.posted_s,
        }
        for one, stamp in server.stamps.by_id.items()
    ]


async def _calls(server: DiscordServer, _: Mapping[str, Any]) -> object:
    """GET /_calls: every REST call, without its body."""
    return [
        {"call": call.name, "status": call.status, "at_s": call.at_s, "took_s": call.took_s}
        for call in server.rest.calls
    ]


async def _faults(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """POST /_faults: `{"fault", "call", "times" | "probability"}` or `{"clear": true}`.

    Without `times` and `probability` the fault strikes once; `"times": null` is always.
    """
    if asked.get("clear"):
        server.faults.clear()
        return {}
    fault, call = fault_from(asked["fault"]), asked.get("call", "*")
    times = asked.get("times", 1)
    if "probability" in asked:
        server.faults.sometimes(fault, asked["probability"], call)
    elif times is None:
        server.faults.always(fault, call)
    else:
        server.faults.once(fault, call, times)
    return {}


async def _gateway(server: DiscordServer, asked: Mapping[str, Any]) -> object:
    """POST /_gateway: `{"do": "reconnect" | "invalidate" | "drop"}`."""
    actions = {
        "reconnect": server.gateway.reconnect,
        "invalidate": server.gateway.invalidate,
        "drop": server.gateway.drop,
    }
    actions[asked["do"]]()
    return {}


def _who(server: DiscordServer, asked: Mapping[str, Any]) -> tuple[ChannelHandle, MemberActor]:
    channels, members = server.people[int(asked.get("guild", 0))]
    return channels[int(asked.get("channel", 0))], members[int(asked.get("member", 0))]


def _handler(act: Act) -> Handler:
    async def handle(server: DiscordServer, request: web.Request) -> web.Response:
        try:
            asked = dict(request.query) if request.method == "GET" else await request.json()
            return web.json_response(await act(server, asked))
        except (BackendError, SetupError, IndexError, KeyError, TypeError, ValueError) as error:
            return web.Response(status=400, text=repr(error))

    return handle


ROUTES: tuple[tuple[str, str, Handler], ...] = tuple(
    (method, f"/_{act.__name__[1:]}", _handler(act))
    for method, acts in (
        ("GET", (_state, _messages, _interactions, _calls)),
        ("POST", (_slash, _send, _click, _faults, _gateway)),
    )
    for act in acts
)

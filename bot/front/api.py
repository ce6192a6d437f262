"""Another base for Discord's REST, and the gateway that its server names.

discord.py has no setting for either; both are one class attribute each (discord.py 2.7.1:
`http.Route.BASE`, `gateway.DiscordWebSocket.DEFAULT_GATEWAY`). A proxy or a stand-in is then
used for all calls.
"""

from __future__ import annotations

from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def use_base(base: str) -> None:
    """Send every REST call to this base (no slash at its end)."""
    Route.BASE = base


async def use_its_gateway(client: discord.Client) -> None:
    """Connect to the gateway that the REST server names. Call it after the login."""
    answer: dict[str, Any] = await client.http.request(Route("GET", "/gateway"))
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(answer["url"])

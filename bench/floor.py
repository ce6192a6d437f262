"""The floor: the shortest honest script that does what a person sees, and nothing else.

Acknowledge `/imagine`, call the chat endpoint, take the picture out of the answer, post it. No
books, no limits, no durability, no checks. Easel is measured beside it, never alone.
"""

from __future__ import annotations

import base64
import io
import os
import re

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

DATA = re.compile(r"data:image/\w+;base64,([A-Za-z0-9+/=]+)")


class Floor(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.session: aiohttp.ClientSession | None = None

    async def setup_hook(self) -> None:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        await self.tree.sync()
        answer = await self.http.request(Route("GET", "/gateway"))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(answer["url"])


client = Floor()


@client.tree.command(description="Draw a picture")
async def imagine(interaction: discord.Interaction, prompt: str) -> None:
    await interaction.response.send_message("Drawing …")
    body = {
        "model": "gemini-2.5-flash-image",
        "stream": False,
        "messages": [{"role": "user", "content": prompt}],
    }
    assert client.session is not None
    url = os.environ["EASEL_API_BASE"] + "/v1/chat/completions"
    key = {"Authorization": f"Bearer {os.environ['EASEL_API_KEY']}"}
    async with client.session.post(url, json=body, headers=key) as answer:
        said = (await answer.json())["choices"][0]["message"]["content"]
    found = DATA.search(said)
    assert found is not None
    picture = discord.File(io.BytesIO(base64.b64decode(found[1])), "picture.png")
    await interaction.edit_original_response(content=prompt, attachments=[picture])


if __name__ == "__main__":
    Route.BASE = os.environ["EASEL_DISCORD_API"]
    client.run(os.environ["DISCORD_TOKEN"], log_handler=None)

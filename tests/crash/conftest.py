"""One guild, two people, the stand-ins, and Easel in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.standins.discord import DiscordServer
from bot.standins.provider import ProviderServer
from tests.crash.process import KEY, Bot
from tests.crash.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    """The stage, with the bot not yet started. Its books are audited at the end."""
    async with ProviderServer(key=KEY) as provider, DiscordServer() as discord:
        made = Stage(discord, provider, Bot(discord, provider, tmp_path, EASEL_GRACE="1"))
        try:
            yield made
        finally:
            await made.bot.close()
        assert discord.rest.gaps == []

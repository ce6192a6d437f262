"""The bot's process: connected until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal

import discord

from bot.client import EaselBot
from bot.compose import opened
from bot.config import DEFAULT_DISCORD_API, Config
from bot.errors import ConfigError
from bot.front import api

logger = logging.getLogger(__name__)


async def run(config: Config) -> None:
    """Run the bot until it is told to stop. Raises ConfigError for a wrong token or intent."""
    token = config.require_token()
    api.use_base(config.discord_api)
    async with opened(config) as easel:
        running = asyncio.create_task(_connected(easel.bot, token, config), name="bot")
        told = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, told.set)
        stopping = asyncio.create_task(told.wait(), name="stop")
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
            logger.info("stopping")
            # The engine closes first. The connection lives meanwhile: who asks now is told.
            await easel.bot.close()
        except discord.LoginFailure as error:
            raise ConfigError("Discord does not accept DISCORD_TOKEN; copy it again.") from error
        except discord.PrivilegedIntentsRequired as error:
            raise ConfigError(
                "Turn on «Message Content Intent» for your application on Discord's developer "
                "page (Bot), or set EASEL_MESSAGE_CONTENT=false."
            ) from error
        finally:
            for task in (running, stopping):
                task.cancel()
            # What a connection says that ends in the middle of its beginning is of no interest.
            await asyncio.gather(running, stopping, return_exceptions=True)
            await easel.bot.close()  # again, for an engine that was just being opened


async def _connected(bot: EaselBot, token: str, config: Config) -> None:
    await bot.login(token)
    if config.discord_api != DEFAULT_DISCORD_API:
        await api.use_its_gateway(bot)
    await bot.connect()

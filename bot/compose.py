"""Config → a bot that is ready to start: the order of opening and closing on one screen."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.client import EaselBot
from bot.clock import Clock, SystemClock
from bot.config import DEFAULT_DISCORD_API, Config
from bot.domain.quotas import Limits
from bot.errors import ConfigError
from bot.front import api
from bot.front.asking import Asking
from bot.front.delivery import DiscordDelivery
from bot.front.wording import Wording
from bot.jobs import Jobs
from bot.media.pool import Media
from bot.providers import keys
from bot.providers.attempts import Attempts
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.health import Health
from bot.providers.registry import load_catalogue
from bot.providers.support import Support
from bot.providers.transport import Transport
from bot.services import costs, sweep
from bot.services.conversations import Conversations
from bot.services.generate import Generate
from bot.services.housekeeping import PURGE_EVERY_S, Chore, purge, regularly
from bot.services.inputs import Inputs
from bot.services.quotas import Quotas
from bot.services.routing import Routing
from bot.services.stages import Stages
from bot.services.suggestions import Suggestions
from bot.services.words import Words
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.workers import Workers
from cogs.edit import Edit
from cogs.imagine import Imagine
from cogs.pictures import Pictures
from cogs.quota import Quota
from cogs.replies import Replies
from cogs.words import Words as WordsCog

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Easel:
    """A composed bot and what tests and the demo look at."""

    bot: EaselBot
    database: Database
    stages: Stages
    delivery: DiscordDelivery


@asynccontextmanager
async def opened(config: Config, *, clock: Clock | None = None) -> AsyncGenerator[Easel]:
    """Open everything a bot needs, in order, and close it in the opposite order.

    The engine opens later, in the bot's `setup_hook`: what it recovers is delivered at once.
    Raises ConfigError when a setting is wrong or the database is in use.
    """
    clock = clock or SystemClock()
    catalogue = load_catalogue(config.model, config.catalogue)
    ways = keys.for_pictures(catalogue, config)
    async with AsyncExitStack() as stack:
        database = await Database.open(config.database_url)
        stack.push_async_callback(database.close)
        await migrate(config.database_url)
        workers = await stack.enter_async_context(Workers(4))
        fetcher = await stack.enter_async_context(Fetcher(config.allowed_hosts))
        transport = await stack.enter_async_context(Transport())
        providers = keys.providers(catalogue, config)
        painter = Painter(transport, fetcher, providers, catalogue.routes)
        health = Health()
        attempts = Attempts(painter, health)
        routing = Routing(ways.routes, ways.order, catalogue.profile, health)
        support = Support(transport, catalogue.profile)
        asked = {
            name: providers[route.provider]
            for name, route in catalogue.routes.items()
            if route.provider in providers
        }
        media = Media(workers)
        blobs = Blobs(config.data_dir / "blobs")
        delivery = DiscordDelivery(clock)
        default = Limits(config.guild_day, config.guild_month, config.person_day)
        quotas = Quotas(database, clock, default)
        conversations = Conversations(database, blobs, workers)
        generate = Generate(database, quotas, clock, routing)
        inputs = Inputs(database, blobs, fetcher, media, workers)
        spoken = keys.for_words(catalogue, config)
        words = Words(
            database,
            quotas,
            Routing(spoken.routes, spoken.order, catalogue.profile, health),
            attempts,
            inputs,
            delivery,
            clock,
            timeout_s=config.timeout_s,
        )
        stages = Stages(
            database,
            blobs,
            conversations,
            inputs,
            routing,
            attempts,
            painter,
            media,
            workers,
            delivery,
            clock,
            timeout_s=config.timeout_s,
        )

        @asynccontextmanager
        async def engine() -> AsyncGenerator[None]:
            async with Jobs.open(
                config.database_url,
                stages,
                concurrency=config.concurrency,
                grace_s=config.grace_s,
            ) as jobs:
                chores = (
                    Chore("sweep", sweep.EVERY_S, lambda: sweep.sweep(database, jobs, stages)),
                    Chore(
                        "costs",
                        costs.EVERY_S,
                        lambda: costs.look_up(database, support, asked, clock),
                    ),
                    Chore(
                        "purge",
                        PURGE_EVERY_S,
                        lambda: purge(
                            database, blobs, workers, jobs, clock, keep_days=config.keep_days
                        ),
                    ),
                )
                async with regularly(*chores):
                    generate.open(jobs)
                    try:
                        yield
                    finally:
                        generate.open(None)

        def features(bot: EaselBot) -> list[commands.Cog]:
            asking = Asking(generate, delivery)
            wording = Wording(words, Suggestions(database, clock), generate, asking)
            return [
                Imagine(bot, asking, wording, catalogue.profile),
                WordsCog(bot, bot.actions, wording, conversations),
                Edit(bot, bot.actions, asking, conversations),
                Pictures(bot.actions, asking, conversations, generate),
                Replies(bot, asking, conversations),
                Quota(quotas),
            ]

        bot = EaselBot(
            delivery,
            message_content=config.message_content,
            data_dir=config.data_dir,
            open_engine=engine,
            features=features,
        )
        yield Easel(bot, database, stages, delivery)


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

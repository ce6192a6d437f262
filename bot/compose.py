"""Config → a bot that is ready to start: the order of opening and closing on one screen."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.client import EaselBot
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.domain.quotas import Limits
from bot.features import Services, features
from bot.front.announcing import Announcing
from bot.front.delivery import DiscordDelivery
from bot.front.gallery import DiscordWall
from bot.front.progress import ProgressMessages
from bot.front.threads import STUDIOS_EVERY_S, StudioThreads
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
from bot.services import costs, fingerprints, sweep
from bot.services.cancelling import Cancelling
from bot.services.casting import Casting
from bot.services.challenges import TIDY_EVERY_S, Challenges
from bot.services.channels import Channels
from bot.services.characters import Characters
from bot.services.comparing import Comparing
from bot.services.conversations import Conversations
from bot.services.drawing import Drawing
from bot.services.fingerprints import Fingerprints
from bot.services.generate import Generate
from bot.services.gifts import Gifts
from bot.services.giving_up import GivingUp
from bot.services.history import History
from bot.services.housekeeping import PURGE_EVERY_S, Chore, purge, regularly
from bot.services.inputs import Inputs
from bot.services.line import Line
from bot.services.origins import Origins
from bot.services.patience import Patience
from bot.services.people import People
from bot.services.posting import Posting
from bot.services.progress import Progress
from bot.services.quotas import Quotas
from bot.services.regions import Regions
from bot.services.routing import Routing
from bot.services.stages import Stages
from bot.services.stars import TIDY_EVERY_S as STARS_EVERY_S
from bot.services.stars import Stars
from bot.services.studios import Studios
from bot.services.styles import Styles
from bot.services.subjects import Subjects
from bot.services.suggestions import Suggestions
from bot.services.telling import Telling
from bot.services.words import Words
from bot.storage.blobs import Blobs
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.ui.texts import say
from bot.workers import Workers


@dataclass(frozen=True, slots=True)
class Easel:
    """A composed bot and what tests and the demo look at."""

    bot: EaselBot
    database: Database
    stages: Stages
    delivery: DiscordDelivery
    line: Line
    cancelling: Cancelling
    messages: ProgressMessages


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
        await workers.run(blobs.clear_incoming)
        delivery = DiscordDelivery(clock)
        default = Limits(config.guild_day, config.guild_month, config.person_day)
        casting = Casting(database, catalogue.profile)
        styles = Styles(database)
        channels = Channels(database, clock, casting.defaults, styles.default)
        studios = Studios(database, clock, channels)
        quotas = Quotas(database, clock, default, channels.limit)
        conversations = Conversations(database, blobs, workers)
        people, subjects = People(database), Subjects(database)
        inputs = Inputs(database, blobs, fetcher, media, workers)
        regions = Regions(
            database,
            blobs,
            workers,
            inputs,
            media,
            delivery,
            catalogue.profile,
            not_kept=say("region_not_kept"),
        )
        telling = Telling(styles, casting, regions.around, catalogue.profile)
        # In this order: who may, whom it shows, a channel's rules, what the model is told of it.
        enrich = (people.enrich, subjects.enrich, channels.enrich, telling.enrich)
        generate = Generate(database, quotas, clock, routing, enrich)
        giving_up = GivingUp(database, clock)
        characters = Characters(
            database,
            blobs,
            workers,
            inputs,
            media,
            delivery,
            clock,
            catalogue.profile,
            giving_up,
        )
        challenges = Challenges(database, clock, inputs, media, delivery, Announcing(delivery.ways))
        stars = Stars(database, inputs, media, delivery, DiscordWall(delivery.ways))
        stack.push_async_callback(stars.close)
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
        line = Line(config.concurrency)
        progress = Progress()
        drawing = Drawing(
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
            line,
            giving_up,
            progress,
            regions,
            timeout_s=config.timeout_s,
        )
        posting = Posting(database, inputs, media, delivery, clock, giving_up, progress)
        stages = Stages(database, line, drawing, posting, giving_up, progress, clock)
        cancelling = Cancelling(database, clock, progress, drawing.sending)
        prints = Fingerprints(
            database, blobs, workers, media, line, clock, keep_days=config.keep_days
        )
        patience = Patience(database, line, routing, clock)
        progress.listeners.append(patience.committed)
        messages = ProgressMessages(patience, delivery)
        await stack.enter_async_context(messages.telling())
        threads = StudioThreads(studios, delivery.ways, readable=config.message_content)

        @asynccontextmanager
        async def engine() -> AsyncGenerator[None]:
            async with Jobs.open(
                config.database_url,
                stages,
                grace_s=config.grace_s,
            ) as jobs:
                chores = (
                    Chore("gallery", STARS_EVERY_S, stars.tidy),
                    Chore("challenges", TIDY_EVERY_S, challenges.tidy),
                    Chore("fingerprints", fingerprints.EVERY_S, prints.when_quiet),
                    Chore(
                        "sweep",
                        sweep.EVERY_S,
                        lambda: sweep.sweep(database, jobs, stages, clock),
                    ),
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
                    Chore("studios", STUDIOS_EVERY_S, threads.end_idle),
                )
                async with regularly(*chores):
                    generate.open(jobs)
                    cancelling.open(jobs)
                    try:
                        yield
                    finally:
                        generate.open(None)
                        await messages.restarting()
            await messages.farewell()

        services = Services(
            profile=catalogue.profile,
            delivery=delivery,
            messages=messages,
            threads=threads,
            cancelling=cancelling,
            casting=casting,
            challenges=challenges,
            channels=channels,
            characters=characters,
            comparing=Comparing(conversations, inputs, media, delivery),
            conversations=conversations,
            generate=generate,
            gifts=Gifts(database, clock),
            history=History(database, blobs, workers, inputs, media, delivery),
            origins=Origins(database, inputs, media, delivery, prints),
            patience=patience,
            people=people,
            quotas=quotas,
            regions=regions,
            stars=stars,
            studios=studios,
            styles=styles,
            subjects=subjects,
            suggestions=Suggestions(database, clock),
            words=words,
        )
        bot = EaselBot(
            delivery,
            message_content=config.message_content,
            data_dir=config.data_dir,
            open_engine=engine,
            features=lambda bot: features(
                bot,
                services,
                permutations=config.permutations,
                readable=config.message_content,
            ),
        )
        yield Easel(bot, database, stages, delivery, line, cancelling, messages)

"""`easel describe`: a picture in words, as prompts that would draw one like it."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from rich.console import Console

from bot.config import Config
from bot.domain.choose import choose
from bot.domain.pricing import dollars
from bot.domain.prompts import PROMPT_MAX, prompts_in
from bot.domain.routes import DrawRequest
from bot.errors import BadAnswer, CommandError, ConfigError, ProviderError
from bot.providers import keys
from bot.services import instructions
from bot.services.words import about_words
from bot.terminal import past
from bot.terminal.files import as_stored, cleaned
from bot.terminal.saying import facts, say
from bot.terminal.tools import catalogue_of, only, opened
from bot.ui.words import plain


async def describe(config: Config, picture: Path, route: str | None) -> None:
    """Print the prompts, one a line, and on standard error what they cost.

    Raises ConfigError, CommandError or a ProviderError.
    """
    catalogue = catalogue_of(config)
    ways = only(catalogue, config, route) if route else keys.for_words(catalogue, config)
    if not ways.routes:
        raise ConfigError(
            "No route answers in words with these settings; set EASEL_API_KEY, EASEL_GOOGLE_KEY "
            "or EASEL_OPENROUTER_KEY."
        )
    console = facts()
    async with opened(config, catalogue) as tools:
        inputs = await cleaned([picture], catalogue.profile, tools.media, tools.workers)
        request = DrawRequest(instructions.DESCRIBE, as_stored(inputs), in_words=True)
        speeds = await past.speeds(config, ways.order)
        routes = choose(ways.routes, request, ways.order, speeds)
        if not routes:
            raise CommandError(f"The route {route} cannot answer in words; name another.")
        files = [(one.media_type, one.data) for one in inputs]
        began = time.monotonic()
        with console.status("Looking") if console.is_terminal else contextlib.nullcontext():
            try:
                said = await tools.attempts.say(routes, request, files, timeout_s=config.timeout_s)
            except ProviderError as error:
                raise about_words(error) from error
        took_s = time.monotonic() - began
    prompts = prompts_in(said.words, instructions.DESCRIBED)
    if not prompts:
        raise BadAnswer("no_words")
    answer = Console(highlight=False)
    for prompt in prompts:
        say(answer, plain(prompt, PROMPT_MAX))
    say(console, f"{picture}: {took_s:.1f} s, {dollars(said.cost_usd_micros)}")

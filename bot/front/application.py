"""What Discord says of our application, without connecting: for `easel doctor`."""

from __future__ import annotations

import datetime as dt
import email.utils
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
import discord

from bot.clock import Clock
from bot.errors import ConfigError, DiscordUnavailable
from bot.front import api


@dataclass(frozen=True, slots=True)
class Application:
    """The application behind a token.

    `reads_messages` is whether the Message Content intent is switched on for it.
    `endpoint` is where Discord sends interactions instead of to the bot, usually "".
    `clock_ahead_s` is by how much our clock is ahead of Discord's, to about a second.
    """

    name: str
    reads_messages: bool
    endpoint: str
    clock_ahead_s: float | None


async def look(token: str, base: str, clock: Clock) -> Application:
    """Ask Discord who the token belongs to.

    Raises ConfigError when it takes no such token and DiscordUnavailable when it does not
    answer, which may take long: put a time-out around it.
    """
    api.use_base(base)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    ahead: list[float] = []
    client = discord.Client(intents=discord.Intents(guilds=True), http_trace=_dates(clock, ahead))
    try:
        async with client:
            await client.login(token)
            application = client.application
    except discord.LoginFailure:
        raise ConfigError("Discord does not accept DISCORD_TOKEN.") from None
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise DiscordUnavailable(detail=f"{type(error).__name__}: {error}"[:200]) from None
    assert application is not None, "login asks for it"
    flags = application.flags
    return Application(
        application.name,
        flags.gateway_message_content or flags.gateway_message_content_limited,
        application.interactions_endpoint_url or "",
        ahead[-1] if ahead else None,
    )


def _dates(clock: Clock, ahead: list[float]) -> aiohttp.TraceConfig:
    """Compares the date of each answer with ours; a date has whole seconds, cut off."""

    async def ended(
        session: aiohttp.ClientSession,  # noqa: ARG001 -- the signal's form
        context: SimpleNamespace,  # noqa: ARG001 -- the signal's form
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        try:
            said = email.utils.parsedate_to_datetime(params.response.headers.get("Date", ""))
        except ValueError:
            return
        theirs = said if said.tzinfo else said.replace(tzinfo=dt.UTC)
        ahead.append((clock.now() - theirs).total_seconds() - 0.5)

    config = aiohttp.TraceConfig()
    config.on_request_end.append(ended)
    return config

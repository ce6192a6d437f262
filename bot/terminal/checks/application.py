"""What Discord says of the token, the intents and the time."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.config import Config
from bot.errors import ConfigError, DiscordUnavailable
from bot.front.application import look
from bot.terminal.checks import Finding, fail, ok, warn
from bot.ui.words import plain

OFF_S = 60.0
"""A clock that is further off is wrong."""

AHEAD_S = 2.5
"""Further ahead, and every command looks older than the three seconds Discord waits."""


async def check(config: Config) -> tuple[list[Finding], float | None]:
    """Token and intents, and by how many seconds our clock is ahead."""
    name = "discord"
    if config.discord_token is None:
        wrong = "DISCORD_TOKEN is not set; only the commands in the terminal work."
        return [fail(name, wrong, "Set it; README.md, «Run it on Discord», says to what.")], None
    try:
        found = await look(config.require_token(), config.discord_api, SystemClock())
    except ConfigError as error:
        fix = "Discord's developer page, Bot, Reset Token: copy it into DISCORD_TOKEN."
        return [fail(name, str(error), fix)], None
    except DiscordUnavailable as error:
        said = f"{config.discord_api} does not answer as Discord does ({plain(error.detail, 160)})."
        return [fail(name, said, "Check the network, a firewall, and EASEL_DISCORD_API.")], None
    findings = [ok(name, f"the token of «{plain(found.name, 80)}»")]
    if found.endpoint:
        findings.append(
            fail(
                "interactions",
                "Commands and buttons go to an address on the web instead of to Easel.",
                "Empty «Interactions Endpoint URL» on the developer page, General Information.",
            )
        )
    if not config.message_content:
        findings.append(ok("intents", "none needed; replies count with a mention only"))
    elif found.reads_messages:
        findings.append(ok("intents", "Message Content is on"))
    else:
        findings.append(
            fail(
                "intents",
                "Message Content is off, so Discord lets Easel not in.",
                "Switch it on on the developer page, Bot; or set EASEL_MESSAGE_CONTENT=false.",
            )
        )
    return findings, found.clock_ahead_s


def clock(ahead_s: float | None) -> Finding:
    """Whether our clock agrees with the servers'."""
    if ahead_s is None:
        return warn("clock", "Nobody answered whose clock it could be compared with.")
    off = abs(ahead_s)
    side = "ahead of" if ahead_s > 0 else "behind"
    said = f"{off:.0f} s {side} the servers'"
    if off > OFF_S:
        return fail("clock", f"It is {said}.", "Set it, and keep it right by NTP.")
    if ahead_s > AHEAD_S:
        late = "every command looks too late to be answered"
        return fail("clock", f"It is {said}: {late}.", "Set it, and keep it right by NTP.")
    return ok("clock", "agrees with the servers'" if off < AHEAD_S else said)

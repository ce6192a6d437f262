"""The stand-in as a process of its own: `python -m bot.standins.discord --port N`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from bot.standins.discord.control import populate
from bot.standins.discord.faults import Fault
from bot.standins.discord.server import DiscordServer


async def _serve(options: argparse.Namespace) -> None:
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with DiscordServer(token=options.token, port=options.port, seed=options.seed) as server:
        populate(server, guilds=options.guilds, channels=options.channels, members=options.members)
        if options.latency:
            server.faults.always(Fault(delay_s=options.latency))
        sys.stdout.write(f"{server.api_base}\n")
        sys.stdout.flush()
        await over.wait()


def main() -> None:
    """Serve until SIGINT or SIGTERM; the first line printed is the base of REST."""
    parser = argparse.ArgumentParser(prog="python -m bot.standins.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--token", default="stand-in.token", help="the bot's")
    parser.add_argument("--guilds", type=int, default=1)
    parser.add_argument("--channels", type=int, default=1, help="in each guild")
    parser.add_argument("--members", type=int, default=1, help="in each guild, without the bot")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()

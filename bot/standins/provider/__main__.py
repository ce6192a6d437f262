"""The stand-in as a process of its own: `python -m bot.standins.provider --port N`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from bot.standins.provider import ProviderServer, Shape

REMEMBERED = 50  # a benchmark makes thousands of calls


async def _serve(options: argparse.Namespace) -> None:
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with ProviderServer(
        seed=options.seed,
        delay_s=options.delay,
        key=options.key,
        shape=Shape(options.shape),
        picture_bytes=options.picture_bytes,
        remember=REMEMBERED,
        port=options.port,
    ) as server:
        sys.stdout.write(f"{server.base}\n")
        sys.stdout.flush()
        await over.wait()


def main() -> None:
    """Serve until SIGINT or SIGTERM; the first line printed is the address."""
    parser = argparse.ArgumentParser(prog="python -m bot.standins.provider", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds a picture takes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--key", help="the only key accepted; any without this")
    parser.add_argument("--shape", choices=[one.value for one in Shape], default="markdown_link")
    parser.add_argument("--picture-bytes", type=int, help="the size of every picture")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()

"""The processes around a bot: opened, and ended whatever happens."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import psutil

from bench.running import ROOT, Bench

PICTURE_BYTES = 1_500_000


@asynccontextmanager
async def _standin(*command: str) -> AsyncGenerator[tuple[psutil.Process, str]]:
    """A stand-in and the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, stdout=PIPE, stdin=DEVNULL, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        yield psutil.Process(process.pid), (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def standing(
    *, concurrency: int = 200, guilds: int = 20, members: int = 10
) -> AsyncGenerator[Bench]:
    """Both stand-ins, with no bot yet. Limits are wide, and 200 people ask in turn."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        provider, base = await stack.enter_async_context(
            _standin(
                *("bot.standins.provider", "--key", "bench", "--shape", "markdown_data"),
                *("--picture-bytes", str(PICTURE_BYTES)),
            )
        )
        front, api = await stack.enter_async_context(
            _standin(
                *("bot.standins.discord", "--token", "bench.token"),
                *("--guilds", str(guilds), "--members", str(members)),
            )
        )
        discord = api.partition("/api")[0]
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "DISCORD_"))}
        environ = {
            **clean,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": "bench.token",
            "EASEL_API_KEY": "bench",
            "EASEL_API_BASE": base,
            "EASEL_DISCORD_API": api,
            "EASEL_ALLOWED_HOSTS": f"{base} {discord}".replace("http://", ""),
            "EASEL_DATA_DIR": str(folder),
            "EASEL_CONCURRENCY": str(concurrency),
            **dict.fromkeys(("EASEL_GUILD_DAY", "EASEL_GUILD_MONTH", "EASEL_PERSON_DAY"), "100000"),
            "EASEL_LOG_LEVEL": "WARNING",
        }
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        )
        made = Bench(*(session, discord, base, folder, environ), guilds, members, [front, provider])
        stack.push_async_callback(made.kill)
        try:
            yield made
        finally:
            # All before any is waited for: the others would complain of the first one's end.
            for process in (provider, front):
                with suppress(psutil.NoSuchProcess):
                    process.kill()


@asynccontextmanager
async def running(bot: str, *, concurrency: int = 200) -> AsyncGenerator[Bench]:
    """A bot that is ready and at rest."""
    async with standing(concurrency=concurrency) as made:
        await made.launch(bot)
        await made.ready()
        await asyncio.sleep(1.0)
        yield made

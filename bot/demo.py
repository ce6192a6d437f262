"""The demo: the real bot on a simulated Discord, with a picture provider that draws offline.

No account, no key, no network: both servers are in this process, on the loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from bot.client import EaselBot
from bot.compose import opened
from bot.config import load
from bot.errors import ConfigError
from bot.standins.cdn import CdnServer
from bot.standins.provider import ProviderServer

try:
    import simcord
    from simcord.backend.errors import SetupError
except ImportError as error:
    raise ConfigError("The demo needs its extra: pip install 'easel-bot[demo]'.") from error

if TYPE_CHECKING:
    from simcord import Preview

DRAWING_S = 1.5  # long enough to be seen at work
BUSY_S = 0.1


async def run(port: int | None, *, open_browser: bool) -> None:
    """Serve the demo page until Ctrl-C. Its address is printed on a line of its own."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with tempfile.TemporaryDirectory(prefix="easel-demo-") as folder:
        async with (
            ProviderServer(delay_s=DRAWING_S, key="demo", remember=20) as provider,
            CdnServer() as cdn,
        ):
            settings = {
                "EASEL_API_KEY": "demo",
                "EASEL_API_BASE": provider.base,
                "EASEL_ALLOWED_HOSTS": f"{provider.file_host} {cdn.host}",
                "EASEL_DATA_DIR": folder,
            }
            config = load(settings, dotenv=None)
            async with opened(config) as easel, _simulated(easel.bot) as env:
                cdn.serve(env)
                guild = env.create_guild("The Harbour Gallery")
                channel = guild.create_text_channel("art")
                people = [
                    guild.add_member(env.create_user(name, global_name=shown))
                    for name, shown in (("you", "You"), ("mira", "Mira"))
                ]
                changed = asyncio.Event()
                easel.delivery.after_message.append(changed.set)
                preview = env.preview(channel, viewers=people, layout="channel", port=port)
                async with preview:
                    refreshing = asyncio.create_task(_refresh(preview, changed), name="refresh")
                    _announce(preview.url)
                    if open_browser:
                        webbrowser.open(preview.url)
                    await stop.wait()
                    refreshing.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await refreshing


@contextlib.asynccontextmanager
async def _simulated(bot: EaselBot) -> AsyncGenerator[simcord.Env]:
    env = simcord.Env(bot, check_errors=False)
    env.backend.bot_user.name = "Easel"
    # Its time starts at New Year, and Easel's limits return by the real one.
    env.backend.advance_clock((dt.datetime.now(dt.UTC) - env.now()).total_seconds())
    await env.start()
    try:
        with env.time_context():
            yield env
    finally:
        await bot.close()  # while its Discord is still there
        await env.shutdown()


def _announce(url: str) -> None:
    sys.stdout.write(
        "Easel's demo is ready. Type /imagine in the page, then reply to a picture.\n"
        f"{url}\n"
        "Press Ctrl-C to end it.\n"
    )
    sys.stdout.flush()


async def _refresh(preview: Preview, changed: asyncio.Event) -> None:
    """Publish the page anew after each delivery, and only then.

    Every refresh raises the page's revision, and a press made on an older one is refused.
    """
    while True:
        await changed.wait()
        changed.clear()
        while True:
            try:
                await preview.refresh()
                break
            except SetupError:  # somebody is acting on the page at this moment
                await asyncio.sleep(BUSY_S)

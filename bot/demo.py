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
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

import discord

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
    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle, GuildHandle

PEOPLE = (("mira", "Mira"), ("sol", "Sol"))
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
            provider.studio.varied = True
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
                guild.create_text_channel("art")
                guild.create_text_channel("gallery")
                changed = asyncio.Event()
                easel.delivery.after_message.append(changed.set)
                chosen = _typed() if sys.stdin.isatty() else asyncio.Queue[str]()
                pages = _Pages(env, guild, _people(env, guild), changed)
                await pages.serve(chosen, stop, port, open_browser=open_browser)


def _people(env: simcord.Env, guild: GuildHandle) -> list[MemberActor]:
    """Through whom one can look at the page: a moderator, who has every command, and others."""
    may = discord.Permissions(manage_guild=True, manage_messages=True)
    moderators = guild.create_role("moderators", permissions=may)
    you = guild.add_member(env.create_user("you", global_name="You"), roles=[moderators])
    others = [guild.add_member(env.create_user(name, global_name=shown)) for name, shown in PEOPLE]
    return [you, *others]


class _Pages:
    """The page. SimCord shows one channel or thread at a time, so another is a page of its own."""

    def __init__(
        self,
        env: simcord.Env,
        guild: GuildHandle,
        people: Sequence[MemberActor],
        changed: asyncio.Event,
    ) -> None:
        self._env = env
        self._guild = guild
        self._people = people
        self._changed = changed

    async def serve(
        self,
        chosen: asyncio.Queue[str],
        stop: asyncio.Event,
        port: int | None,
        *,
        open_browser: bool,
    ) -> None:
        """Show the first channel, and then whichever is chosen by its number, until `stop`."""
        stopping = asyncio.create_task(stop.wait(), name="stop")
        channel = self._channels()[0]
        first = True
        while not stopping.done():
            preview = self._env.preview(channel, viewers=self._people, layout="channel", port=port)
            async with preview:
                _announce(preview.url) if first else _say(f"{preview.url}\n")
                first = False
                if open_browser:
                    webbrowser.open(preview.url)
                refreshing = asyncio.create_task(_refresh(preview, self._changed), name="refresh")
                choosing = asyncio.create_task(self._choose(chosen), name="choose")
                await asyncio.wait({stopping, choosing}, return_when=asyncio.FIRST_COMPLETED)
                refreshing.cancel()
                choosing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await refreshing
                with contextlib.suppress(asyncio.CancelledError):
                    channel = await choosing

    async def _choose(self, chosen: asyncio.Queue[str]) -> ChannelHandle:
        """Wait for a number; say which there are to whatever else is typed."""
        while True:
            typed = (await chosen.get()).strip()
            channels = self._channels()
            if typed.isdecimal() and 1 <= int(typed) <= len(channels):
                return channels[int(typed) - 1]
            lines = [f"{number}  {one.name}\n" for number, one in enumerate(channels, 1)]
            _say("Type a number and Enter to go there.\n" + "".join(lines))

    def _channels(self) -> list[ChannelHandle]:
        """The text channels, each with its threads."""
        return [
            one
            for name in ("art", "gallery")
            for one in (self._guild.channels[name], *self._guild.channels[name].threads)
        ]


def _typed() -> asyncio.Queue[str]:
    """The lines that are typed in the terminal."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        line = sys.stdin.readline()
        if line:
            lines.put_nowait(line)
        else:  # nothing more will be typed
            loop.remove_reader(sys.stdin)

    loop.add_reader(sys.stdin, read)
    return lines


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
    _say(
        "Easel's demo is ready. Type /imagine in the page, then reply to a picture.\n"
        f"{url}\n"
        "The page shows one channel. Press Enter here to see its threads and go to one.\n"
        "Press Ctrl-C to end it.\n"
    )


def _say(text: str) -> None:
    sys.stdout.write(text)
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

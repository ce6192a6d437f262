"""Discord's CDN for a simulated Discord: its files over real HTTP, on the loopback.

SimCord keeps attachments in memory behind addresses that nobody serves. Easel fetches pictures
over HTTP, so here they are served, and SimCord is told to name this server in its addresses.
discord.py is told the same of avatars. These are painted: all of one colour, which is the first
six digits of an avatar's hash, or a violet where somebody has none.
"""

from __future__ import annotations

import functools
import io
import re
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import discord
import simcord.backend.cdn
from aiohttp import web
from PIL import Image

if TYPE_CHECKING:
    from simcord import Env

_assets: Any = discord.Asset  # its base is declared to be Discord's own address
_AVATAR = re.compile(r"/(?:.+/)?avatars/(?:\d+/)?(?:a_)?(?P<hash>[0-9a-f]+)\.png")
_AVATAR_PX = 128
_NO_AVATAR = "5865f2"  # Discord's own colour


class CdnServer:
    """Serves one simulated Discord's files. `expired` holds paths that answer 404."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None)
        self._env: Env | None = None
        self._base_before = simcord.backend.cdn.CDN_BASE
        self._assets_before = _assets.BASE
        self.host = ""
        """`127.0.0.1:port`, for the allowed hosts."""
        self.expired: set[str] = set()
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        address = self._runner.addresses[0]
        self.host = f"127.0.0.1:{address[1]}"
        simcord.backend.cdn.CDN_BASE = _assets.BASE = f"http://{self.host}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        simcord.backend.cdn.CDN_BASE = self._base_before
        _assets.BASE = self._assets_before
        await self._runner.cleanup()

    def serve(self, env: Env) -> None:
        """Serve this simulated Discord's files."""
        self._env = env

    async def _file(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        url = f"http://{self.host}{request.path}"
        data = self._env.backend.cdn.get(url) if self._env is not None else None
        if (avatar := _AVATAR.fullmatch(request.path)) is not None:
            data = _avatar(avatar["hash"])
        if data is None or request.path in self.expired:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")


@functools.lru_cache(maxsize=64)
def _avatar(name: str) -> bytes:
    colour = name[:6] if len(name) >= 6 else _NO_AVATAR
    data = io.BytesIO()
    Image.new("RGB", (_AVATAR_PX, _AVATAR_PX), f"#{colour}").save(data, "PNG")
    return data.getvalue()

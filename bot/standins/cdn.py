"""Discord's CDN for a simulated Discord: its files over real HTTP, on the loopback.

SimCord keeps attachments in memory behind addresses that nobody serves. Easel fetches pictures
over HTTP, so here they are served, and SimCord is told to name this server in its addresses.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

import simcord.backend.cdn
from aiohttp import web

if TYPE_CHECKING:
    from simcord import Env


class CdnServer:
    """Serves one simulated Discord's files. `expired` holds paths that answer 404."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None)
        self._env: Env | None = None
        self._base_before = simcord.backend.cdn.CDN_BASE
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
        simcord.backend.cdn.CDN_BASE = f"http://{self.host}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        simcord.backend.cdn.CDN_BASE = self._base_before
        await self._runner.cleanup()

    def serve(self, env: Env) -> None:
        """Serve this simulated Discord's files."""
        self._env = env

    async def _file(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        url = f"http://{self.host}{request.path}"
        data = self._env.backend.cdn.get(url) if self._env is not None else None
        if data is None or request.path in self.expired:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")

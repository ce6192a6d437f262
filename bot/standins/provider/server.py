"""The stand-in 302.AI: a real HTTP server on the loopback."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Self

from aiohttp import web

from bot.standins.provider import control, filehost, pipeline, polls, support
from bot.standins.provider.asks import Shape
from bot.standins.provider.desk import Desk
from bot.standins.provider.endpoints import ENDPOINTS
from bot.standins.provider.errors import ApiError

LARGEST_BODY_BYTES = 100 * 1024 * 1024
SHUTDOWN_S = 0.5
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ProviderServer(Desk):
    """A server that is open inside `async with`.

    `seed` decides pictures and random faults, `delay_s` is how long a picture takes at least,
    `key` the one that is accepted (None: any), `port` 0 a free one, `picture_bytes` the size
    that every picture gets (None: as drawn), `remember` how many calls keep their pictures'
    bytes. `calls` and `said` hold what was asked and
    answered, `faults` what shall go wrong, `shape` how chat answers.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        delay_s: float = 0.0,
        key: str | None = None,
        shape: Shape = Shape.MARKDOWN_LINK,
        picture_bytes: int | None = None,
        remember: int = 1000,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(
            seed=seed,
            delay_s=delay_s,
            key=key,
            shape=shape,
            picture_bytes=picture_bytes,
            remember=remember,
        )
        self._host = host
        self._port = port
        self._runner = web.AppRunner(
            self._app(),
            access_log=None,
            handler_cancellation=True,  # a handler whose client hung up is of no use
            shutdown_timeout=SHUTDOWN_S,
        )

    @property
    def base(self) -> str:
        """The address to put before every path: `http://127.0.0.1:port`."""
        return self.files.base

    @property
    def google_base(self) -> str:
        """Google's own API: put before `/v1beta/models/…`."""
        return f"{self.base}/google.own"

    @property
    def openrouter_base(self) -> str:
        """OpenRouter: put before `/chat/completions`."""
        return f"{self.base}/api/v1"

    @property
    def file_host(self) -> str:
        """Where the links of the answers point to: `127.0.0.1:port`."""
        return self.base.removeprefix("http://")

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.files.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY_BYTES, middlewares=[_frame])
        app.on_response_prepare.append(_name)
        for endpoint in ENDPOINTS:
            app.router.add_post(endpoint.path, partial(pipeline.handle, self, endpoint))
        for path, plain in (
            ("/302/submit/gemini-2.5-flash-image-async", polls.by_request_id),
            ("/302/v2/image/fetch/{task_id}", polls.by_fetch),
            ("/async_result", polls.by_async_result),
            ("/v1/models", support.models),
            ("/dashboard/balance", support.balance),
            ("/dashboard/record/{id}", support.cost),
            ("/dashboard/prices", support.prices),
        ):
            app.router.add_get(path, partial(plain, self))
        app.router.add_post("/302/upload-file", partial(support.upload, self))
        app.router.add_get("/file/{name}", partial(filehost.file, self))
        app.router.add_get("/away/{where}/{name}", partial(filehost.away, self))
        app.router.add_get("/_calls", partial(control.calls, self))
        app.router.add_post("/_faults", partial(control.faults, self))
        app.router.add_post("/_settings", partial(control.settings, self))
        return app


@web.middleware
async def _frame(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every call its id, and every error the body that 302.AI would give it."""
    request[pipeline.REQUEST_ID] = uuid.uuid4().hex
    try:
        answer = await handler(request)
    except ApiError as error:
        answer = _json(error)
    except web.HTTPRequestEntityTooLarge:
        answer = _json(ApiError(413, -10003, "the request is too large"))
    except web.HTTPException as error:
        where = f"{request.method} {request.path}"
        answer = _json(ApiError(error.status, -10010, f"{where}: {error.reason}"))
    return answer


async def _name(request: web.Request, answer: web.StreamResponse) -> None:
    """Put the call's id before the answer, also of one that ends in the middle."""
    answer.headers["request-id"] = request[pipeline.REQUEST_ID]


def _json(error: ApiError) -> web.Response:
    return web.Response(
        status=error.status,
        text=error.text(),
        content_type="application/json",
        headers=error.headers,
    )

"""Small real servers on the loopback that answer as a test says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.providers.base import Drawn, HttpAnswer, Inline, Provider
from bot.providers.draw import Painter
from bot.providers.fetch import Fetcher
from bot.providers.lift import Lifter
from bot.providers.registry import Catalogue, load_catalogue
from bot.providers.transport import Transport

KEY = "sk-secret-0123456789"
MODEL = "gemini-2.5-flash-image"
PNG = b"\x89PNG\r\n\x1a\n" + hashlib.sha256(b"small").digest() * 4


def big_picture(size: int = 300_000) -> bytes:
    """Bytes that look random and begin like a PNG; long enough to be lifted."""
    return b"\x89PNG\r\n\x1a\n" + hashlib.shake_256(b"big").digest(size)


def inside(drawn: Drawn) -> list[tuple[str, bytes]]:
    """The types and bytes of the pictures that an answer has in it."""
    return [
        (one.media_type, one.picture.read()) for one in drawn.pictures if isinstance(one, Inline)
    ]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    port: int = 0
    calls: list[Call] = field(default_factory=list[Call])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Answer = Callable[[web.Request, int], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncGenerator[Server]:
    """A server; `answer` gets the request and the number of the call, from 0."""
    server = Server()

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        server.calls.append(
            Call(request.method, request.path, dict(request.query), dict(request.headers), body)
        )
        return await answer(request, len(server.calls) - 1)

    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


def always(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Answers the same to every call: JSON, or bytes as they are."""

    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        if isinstance(value, bytes):
            return web.Response(body=value, status=status, headers=headers)
        return web.json_response(value, status=status, headers=headers)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Answers the calls one after the other; the last answer stays."""

    async def answer(request: web.Request, number: int) -> web.StreamResponse:
        return await answers[min(number, len(answers) - 1)](request, number)

    return answer


async def cut(request: web.Request, number: int) -> web.StreamResponse:
    """Closes the connection when the request has come in."""
    assert request.transport is not None
    request.transport.abort()
    await asyncio.sleep(0.01)
    return web.Response()


async def cut_inside(request: web.Request, number: int) -> web.StreamResponse:
    """Closes the connection in the middle of the answer."""
    response = web.StreamResponse(headers={"request-id": "cut-1", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    assert request.transport is not None
    request.transport.abort()
    return response


async def hang(request: web.Request, number: int) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


def answered(value: object) -> HttpAnswer:
    """What the transport makes of a body: JSON of the value, or bytes as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    lifter = Lifter()
    for at in range(0, len(body), 10_000):
        lifter.feed(body[at : at + 10_000])
    return HttpAnswer(200, {}, *lifter.finish())


def completion(content: object, **message: object) -> dict[str, object]:
    return {
        "id": "c-1",
        "object": "chat.completion",
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 1290, "total_tokens": 1301},
    }


def catalogue(model: str = MODEL) -> Catalogue:
    return load_catalogue(model)


def provider(server: Server, key: str = KEY, name: str = "302ai") -> Provider:
    return catalogue().provider(name, key=key, address=server.url)


@asynccontextmanager
async def painting(server: Server, **settings: Any) -> AsyncGenerator[Painter]:
    """A painter whose every provider is this server."""
    async with (
        Transport(jitter=lambda: 0.0, **settings) as transport,
        Fetcher([f"127.0.0.1:{server.port}"], jitter=lambda: 0.0) as fetcher,
    ):
        providers = {name: provider(server, name=name) for name in catalogue().providers}
        yield Painter(transport, fetcher, providers, catalogue().routes, poll_s=0.02)

"""Answers that go wrong on the way: errors, silence, cut connections, pages and floods."""

from __future__ import annotations

import asyncio
import datetime as dt
from email.utils import format_datetime

from aiohttp import web

from bot.standins.provider.errors import FAMILIES, ApiError
from bot.standins.provider.faults import Fault, Kind

PIECE_BYTES = 256 * 1024
GATEWAY_PAGE = "<html><head><title>524: A timeout occurred</title></head><body>524</body></html>"
PAGE = "<!doctype html><html><head><title>302.AI</title></head><body>Welcome</body></html>"
OPENING = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"'
PADDING = b"QUFB"  # base64 of AAA
WITHOUT_DRAWING = frozenset({Kind.STATUS, Kind.CUT_BEFORE, Kind.HTML, Kind.HUGE})
"""Faults that show before anything is drawn (a STATUS with `billed` is drawn all the same)."""


class Silence:
    """Holds requests that are never answered, until the server closes."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    def end(self) -> None:
        """Let go of everything."""
        self._over.set()

    async def keep(self, request: web.Request) -> web.StreamResponse:
        """Never answer; cut the connection when the server closes."""
        await self._over.wait()
        return cut(request)


def cut(request: web.BaseRequest) -> web.StreamResponse:
    """End the connection. What is returned never arrives: aiohttp finds the transport closed."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def status(fault: Fault) -> web.Response:
    """An error of the gateway or of the API, with Retry-After where it was commanded."""
    headers: dict[str, str] = {}
    if fault.retry_after_s is not None:
        when = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=fault.retry_after_s)
        headers["Retry-After"] = (
            format_datetime(when, usegmt=True)
            if fault.retry_after_date
            else f"{fault.retry_after_s:g}"
        )
    if fault.status == 524:
        return web.Response(
            status=524, text=GATEWAY_PAGE, content_type="text/html", headers=headers
        )
    error = ApiError(fault.status, fault.err_code, fault.message)
    return web.Response(
        status=fault.status,
        text=error.text(FAMILIES[fault.family]),
        content_type="application/json",
        headers=headers,
    )


async def flood(
    request: web.Request, fault: Fault, media_type: str, opening: bytes = OPENING
) -> web.StreamResponse:
    """An answer of `size_bytes`, sent piece by piece; the reader may hang up."""
    answer = web.StreamResponse(headers={"Content-Type": media_type})
    if fault.declared:
        answer.content_length = fault.size_bytes
    await answer.prepare(request)
    piece = PADDING * (PIECE_BYTES // len(PADDING))
    await answer.write(opening[: fault.size_bytes])
    left = fault.size_bytes - len(opening)
    while left > 0:
        await answer.write(piece[:left])
        left -= len(piece)
    await answer.write_eof()
    return answer


async def half(
    request: web.Request, fault: Fault, body: bytes, media_type: str, silence: Silence
) -> web.StreamResponse:
    """The first half of an answer whose length was announced, then silence or a cut."""
    answer = web.StreamResponse(headers={"Content-Type": media_type})
    answer.content_length = len(body)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if fault.kind is Kind.HANG_IN_BODY:
        return await silence.keep(request)
    await asyncio.sleep(0.02)  # so that the half is on its way before the reset
    return cut(request)

"""The file host: what the links of the answers point to."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.standins.provider import misbehave
from bot.standins.provider.damage import PRIVATE
from bot.standins.provider.desk import Desk
from bot.standins.provider.faults import Kind
from bot.standins.provider.pipeline import record


async def file(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /file/{name}: a picture, or 404. Takes no key."""
    record(desk, request, "file")
    kept = desk.files.get(request.match_info["name"])
    fault = desk.faults.strike("file", drawing=False)
    if fault is not None:
        await asyncio.sleep(fault.delay_s)
        if fault.kind is Kind.STATUS:
            return misbehave.status(fault)
        if fault.kind is Kind.HTML:
            return web.Response(text=misbehave.PAGE, content_type="text/html")
        if fault.kind is Kind.HUGE:
            return await misbehave.flood(request, fault, "image/png", b"\x89PNG\r\n\x1a\n")
        if fault.kind is Kind.HANG:
            return await desk.silence.keep(request)
        if fault.kind is Kind.CUT_AFTER:
            return misbehave.cut(request)
    if kept is None:
        return web.Response(status=404, text="Not Found")
    if fault is not None and fault.kind in {Kind.HANG_IN_BODY, Kind.CUT_IN_BODY}:
        return await misbehave.half(request, fault, kept.data, kept.media_type, desk.silence)
    media_type = kept.media_type
    if fault is not None and fault.kind is Kind.CONTENT_TYPE:
        media_type = fault.media_type
    return web.Response(body=kept.data, content_type=media_type)


async def away(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /away/{where}/{name}: redirects that link faults lead to."""
    record(desk, request, "file")
    where = request.match_info["where"]
    name = request.match_info["name"]
    to = {"private": PRIVATE, "file": f"{desk.files.base}/file/{name}"}.get(where, request.path)
    return web.Response(status=302, headers={"Location": to})

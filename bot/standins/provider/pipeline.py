"""One call for a picture, from its first byte to its last, faults included."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import cast

from aiohttp import web

from bot.standins.provider import misbehave
from bot.standins.provider.asks import Ask, Incoming
from bot.standins.provider.calls import Call, headers_without_key
from bot.standins.provider.desk import Desk
from bot.standins.provider.endpoints import Endpoint
from bot.standins.provider.errors import USUAL, ApiError, Family, bad_request
from bot.standins.provider.faults import Fault, Kind
from bot.standins.provider.pictures import Received
from bot.standins.provider.tickets import issue, queued

REQUEST_ID = web.RequestKey("request_id", str)


def given_key(request: web.Request, auth: str) -> str:
    """The key that a request carries, or an empty text."""
    if auth == "goog":
        return request.headers.get("x-goog-api-key", "") or request.query.get("key", "")
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme == "Bearer" else ""


def check_key(
    desk: Desk, request: web.Request, auth: str = "bearer", family: Family = USUAL
) -> None:
    """Refuse a request without the right key. Raises ApiError: 401, at Google 403 or 400."""
    state = desk.key_is(given_key(request, auth))
    if state == "right":
        return
    if family.name == "google":
        unknown = "Method doesn't allow unregistered callers"
        raise (
            ApiError(403, 403, unknown) if state == "missing" else bad_request("API key not valid")
        )
    raise ApiError(401, -10001 if state == "missing" else -10002)


def record(
    desk: Desk,
    request: web.Request,
    route: str,
    *,
    auth: str = "bearer",
    body: object = None,
    pictures: tuple[Received, ...] = (),
) -> None:
    """Note a request in `calls`."""
    desk.note(
        Call(
            route=route,
            method=request.method,
            path=request.path,
            query={name: value for name, value in request.query.items() if name != "key"},
            headers=headers_without_key(request.headers),
            key=desk.key_is(given_key(request, auth)),
            body=body,
            pictures=pictures,
            request_id=request[REQUEST_ID],
            at_s=time.time(),
        )
    )


def json_object(request: web.Request, raw: bytes) -> Mapping[str, object]:
    """The body as a JSON object. Raises ApiError 400."""
    if request.content_type != "application/json":
        raise bad_request("Content-Type must be application/json")
    try:
        body: object = json.loads(raw)
    except ValueError as error:
        raise bad_request("the body is not JSON") from error
    if not isinstance(body, dict):
        raise bad_request("the body must be an object")
    return cast("dict[str, object]", body)


async def handle(desk: Desk, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
    """Answer a call for a picture or for words."""
    if desk.faults.strike_before_body(endpoint.family, drawing=True):
        record(desk, request, endpoint.family, auth=endpoint.auth)
        return misbehave.cut(request)
    raw = await request.read()
    try:
        ask = await understand(desk, endpoint, request, raw)
    except ApiError as error:
        return refused(error, endpoint.errors)
    names = (ask.route, endpoint.family)
    if queued(endpoint, request):
        names = (f"{ask.route}-async", *names)
    fault = desk.faults.strike(*names, drawing=True)
    if fault is not None:
        await asyncio.sleep(fault.delay_s)
        if fault.kind in misbehave.WITHOUT_DRAWING and not fault.billed:
            return await early(request, fault)
    if queued(endpoint, request):
        return await tell(
            desk, request, issue(desk, endpoint, ask, request[REQUEST_ID], fault), fault
        )
    # The work goes on when the client hangs up, and is billed: as at the real one.
    said = await asyncio.shield(desk.start(desk.draw(ask, request[REQUEST_ID], fault)))
    try:
        answer = endpoint.write(ask, said, desk.looks(fault))
    except ApiError as error:
        return refused(error, endpoint.errors)
    return await tell(desk, request, answer, fault)


async def understand(desk: Desk, endpoint: Endpoint, request: web.Request, raw: bytes) -> Ask:
    """Note a request and read it, off the loop for its pictures. Raises ApiError."""
    body: Mapping[str, object] | None = None
    ask: Ask | None = None
    try:
        check_key(desk, request, endpoint.auth, endpoint.errors)
        body = json_object(request, raw)
        model = request.match_info.get("model", "")
        incoming = Incoming(model, body, request.query, desk.files, desk.models)
        ask = await desk.studio.run(endpoint.read, incoming)
        return ask
    finally:
        route, pictures = (ask.route, ask.pictures) if ask else (endpoint.family, ())
        if request.query.get("async") == "true":
            route = f"{route}-async"
        record(desk, request, route, auth=endpoint.auth, body=body, pictures=pictures)


def refused(error: ApiError, family: Family = USUAL) -> web.Response:
    """An error in the words of the endpoint."""
    return web.Response(
        status=error.status,
        text=error.text(family),
        content_type="application/json",
        headers=error.headers,
    )


async def early(request: web.Request, fault: Fault) -> web.StreamResponse:
    """A fault that shows before anything is drawn."""
    if fault.kind is Kind.HTML:
        return web.Response(text=misbehave.PAGE, content_type="text/html")
    if fault.kind is Kind.HUGE:
        return await misbehave.flood(request, fault, "application/json")
    return misbehave.status(fault)


async def tell(
    desk: Desk, request: web.Request, answer: Mapping[str, object], fault: Fault | None
) -> web.StreamResponse:
    """Send an answer, unless a fault keeps it from arriving as it should."""
    body = json.dumps(answer).encode()
    media_type = "application/json"
    if fault is None:
        return web.Response(body=body, content_type=media_type)
    if fault.kind is Kind.STATUS:
        return misbehave.status(fault)
    if fault.kind is Kind.HANG:
        return await desk.silence.keep(request)
    if fault.kind is Kind.CUT_AFTER:
        return misbehave.cut(request)
    if fault.kind in {Kind.HANG_IN_BODY, Kind.CUT_IN_BODY}:
        return await misbehave.half(request, fault, body, media_type, desk.silence)
    if fault.kind is Kind.NOT_JSON:
        body = body[: len(body) * 2 // 3]
    if fault.kind is Kind.CONTENT_TYPE:
        media_type = fault.media_type
    return web.Response(body=body, content_type=media_type)


async def tell_plainly(
    desk: Desk, request: web.Request, route: str, answer: Mapping[str, object]
) -> web.StreamResponse:
    """Send an answer that nothing had to be drawn for; only rules that name it make it fail."""
    fault = desk.faults.strike(route, drawing=False)
    if fault is not None:
        await asyncio.sleep(fault.delay_s)
        if fault.kind in misbehave.WITHOUT_DRAWING:
            return await early(request, fault)
    return await tell(desk, request, answer, fault)

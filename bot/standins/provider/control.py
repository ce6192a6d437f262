"""Reading the calls and commanding faults from another process. No part of 302.AI."""

from __future__ import annotations

from aiohttp import web

from bot.standins.provider.asks import Shape
from bot.standins.provider.calls import as_json
from bot.standins.provider.desk import Desk
from bot.standins.provider.errors import ApiError, bad_request
from bot.standins.provider.faults import fault_from
from bot.standins.provider.pipeline import json_object
from bot.standins.provider.reading import an_object


async def calls(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /_calls: what was asked so far, the number of pictures drawn, and their cost."""
    del request
    return web.json_response(
        {
            "calls": [as_json(call) for call in desk.calls],
            "drawn": sum(len(said.pictures) for said in desk.said),
            "billed_usd_micros": desk.billed_usd_micros,
        }
    )


async def faults(desk: Desk, request: web.Request) -> web.StreamResponse:
    """POST /_faults: `{"fault": {…}, "route", "times" | "probability"}` or `{"clear": true}`.

    Without `times` and `probability` the fault strikes once; `"times": null` is always.
    """
    try:
        body = json_object(request, await request.read())
        if body.get("clear"):
            desk.faults.clear()
            return web.json_response({})
        fault = fault_from(an_object(body.get("fault"), "fault"))
        route = body.get("route")
        named = route if isinstance(route, str) else None
        times = body.get("times", 1)
        probability = body.get("probability")
        if isinstance(probability, int | float):
            desk.faults.sometimes(fault, probability, named)
        elif isinstance(times, int):
            desk.faults.once(fault, named, times)
        else:
            desk.faults.always(fault, named)
    except (ApiError, ValueError, TypeError) as error:
        return web.Response(status=400, text=str(error) or repr(error))
    return web.json_response({})


async def settings(desk: Desk, request: web.Request) -> web.StreamResponse:
    """POST /_settings: `{"shape", "delay_s"}`, each if it is to change."""
    try:
        body = json_object(request, await request.read())
        shape = body.get("shape", desk.shape.value)
        delay_s = body.get("delay_s", desk.delay_s)
        if not isinstance(delay_s, int | float):
            raise bad_request("delay_s must be a number")
        desk.shape = Shape(str(shape))
        desk.delay_s = delay_s
    except (ApiError, ValueError) as error:
        return web.Response(status=400, text=str(error) or repr(error))
    return web.json_response({})

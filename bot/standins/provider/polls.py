"""Polling: the second half of each asynchronous mechanism."""

from __future__ import annotations

import json
import time

from aiohttp import web

from bot.standins.provider.desk import Desk, Ticket
from bot.standins.provider.errors import ApiError
from bot.standins.provider.pipeline import check_key, record, tell_plainly


def _ticket(desk: Desk, name: str | None) -> Ticket:
    ticket = desk.tickets.get(name or "")
    if ticket is None:
        raise ApiError(404, -10010, "task not found")
    return ticket


async def by_async_result(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Mechanism A: `GET /async_result?task_id=…`."""
    record(desk, request, "task-result")
    check_key(desk, request)
    ticket = _ticket(desk, request.query.get("task_id"))
    answer: dict[str, object] = {"err": "result pending"}
    if ticket.poll():
        error = ticket.error
        data: object = json.loads(error.text()) if error else ticket.answer
        answer = {
            "status_code": error.status if error else 200,
            "err": "",
            "data": json.dumps(data) if desk.async_data == "text" else data,
        }
    return await tell_plainly(desk, request, "task-result", answer)


async def by_fetch(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Mechanism B: GET /302/v2/image/fetch/{task_id}."""
    record(desk, request, "unified-result")
    check_key(desk, request)
    name = request.match_info["task_id"]
    ticket = _ticket(desk, name)
    answer: dict[str, object] = {"task_id": name, "task_type": "image", "model": ticket.ask.model}
    if not ticket.poll():
        answer["status"] = "processing"
    elif ticket.error is not None:
        answer |= {"status": "failed", "error": {"message": ticket.error.message or "failed"}}
    else:
        answer = (ticket.answer or {}) | {"task_id": name}
    return await tell_plainly(desk, request, "unified-result", answer)


async def by_request_id(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Mechanism C, endpoint 11: `GET …-async?request_id=…`.

    302.AI does not say how a failure looks; here it is a `status` and a `detail`.
    """
    record(desk, request, "async-result")
    check_key(desk, request)
    name = request.query.get("request_id", "")
    ticket = _ticket(desk, name)
    if not ticket.poll():
        answer: dict[str, object] = {"request_id": name, "status": "IN_PROGRESS"}
        if desk.submit_shape != "images":
            answer = {"id": name, "status": "IN_PROGRESS", "output": ""}
    elif ticket.error is not None:
        answer = {"status": "FAILED", "detail": ticket.error.message or "failed"}
    else:
        answer = dict(ticket.answer or {})
        if "status" in answer:
            answer |= {"id": name, "status": "COMPLETED", "completed_at": int(time.time())}
    return await tell_plainly(desk, request, "async-result", answer)

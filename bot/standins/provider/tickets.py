"""The three asynchronous mechanisms: a ticket at once, the answer when it is polled for."""

from __future__ import annotations

import asyncio
import time
import uuid

from aiohttp import web

from bot.standins.provider.asks import Ask
from bot.standins.provider.desk import Desk, Ticket
from bot.standins.provider.endpoints import Endpoint, Queue
from bot.standins.provider.errors import ApiError
from bot.standins.provider.faults import Fault, Kind


def queued(endpoint: Endpoint, request: web.Request) -> bool:
    """Whether this call is answered with a ticket."""
    if endpoint.queue is Queue.ASYNC:
        return request.query.get("async") == "true"
    if endpoint.queue is Queue.RUN_ASYNC:
        return request.query.get("run_async") == "true"
    return endpoint.queue is Queue.REQUEST_ID


def issue(
    desk: Desk, endpoint: Endpoint, ask: Ask, request_id: str, fault: Fault | None
) -> dict[str, object]:
    """Start the work and return the ticket as the endpoint's mechanism writes it."""
    ticket = Ticket(ask, request_id, desk.pending_polls, time.time())
    name = uuid.uuid4().hex
    desk.tickets[name] = ticket
    desk.start(_work(desk, endpoint, ticket, fault))
    if endpoint.queue is Queue.REQUEST_ID:
        return {"request_id": name, "status": "IN_QUEUE"}
    if endpoint.queue is Queue.RUN_ASYNC:
        return {"task_id": name, "status": "pending", "created_at": _stamp(ticket)}
    return {"task_id": name}


async def _work(desk: Desk, endpoint: Endpoint, ticket: Ticket, fault: Fault | None) -> None:
    """Draw; what goes wrong here is commanded for the route «work»."""
    inner = desk.faults.strike("work", drawing=False)
    if inner is not None:
        await asyncio.sleep(inner.delay_s)
        if inner.kind is Kind.STATUS and not inner.billed:
            ticket.error = ApiError(inner.status, inner.err_code, inner.message)
            return
        if not inner.kind.breaks_call:
            fault = inner
    said = await desk.draw(ticket.ask, ticket.request_id, fault)
    if inner is not None and inner.kind is Kind.STATUS:
        ticket.error = ApiError(inner.status, inner.err_code, inner.message)
    elif inner is None or inner.kind is not Kind.HANG:
        try:
            ticket.answer = endpoint.write(ticket.ask, said, desk.looks(fault))
        except ApiError as error:
            ticket.error = error


def _stamp(ticket: Ticket) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ticket.created_at_s))

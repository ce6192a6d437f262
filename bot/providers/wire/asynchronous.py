"""302.AI's asynchronous form (endpoints 9 to 11): submit, then ask with the request's id."""

from __future__ import annotations

from bot.domain.routes import Route
from bot.providers.base import HttpAnswer, HttpRequest, Outcome, Pending
from bot.providers.errors import rejected
from bot.providers.lift import lift
from bot.providers.wire import percall
from bot.providers.wire.common import first_string, string

build = percall.build

_RUNNING = frozenset(
    {"in_queue", "in_progress", "queued", "pending", "processing", "starting", "running"}
)


def parse(answer: HttpAnswer, route: Route) -> Outcome:
    """The promise; or the picture, from an endpoint that answers at once."""
    lifted = lift(answer)
    if drawn := percall.read(lifted, route):
        return drawn
    value = lifted.mapping
    if request_id := first_string(value, "request_id", "id"):
        return Pending(request_id)
    # Without an id, `status` or `detail` is the text of an error.
    raise rejected(first_string(value, "detail", "status") or "no request_id", route.profile)


def poll(route: Route, request_id: str) -> HttpRequest:
    """The question for a result. `route` is the route of results, number 11."""
    return HttpRequest(route.method, route.path, {**dict(route.query), "request_id": request_id})


def parse_result(answer: HttpAnswer, route: Route, request_id: str) -> Outcome:
    """The picture, or Pending: an object that still has `request_id`, or a running status."""
    lifted = lift(answer)
    if drawn := percall.read(lifted, route):
        return drawn
    value = lifted.mapping
    if string(value.get("request_id")) or string(value.get("status")).lower() in _RUNNING:
        return Pending(request_id)
    raise rejected(first_string(value, "detail", "status") or "an empty result", route.profile)
